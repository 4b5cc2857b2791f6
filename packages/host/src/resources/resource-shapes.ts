/** What of a component's exports belongs to its resources. In: a plan. Out: for each exported resource its class and members. */
import type { ComponentPlan, PlanExport, ResourceIndex } from '@gangway/component/plan';

/** A function of a resource: constructor, method or static. */
export interface ResourceMember {
  readonly kind: 'constructor' | 'method' | 'static';
  /** The name in the class; empty for the constructor. */
  readonly label: string;
  readonly exported: PlanExport;
  /** Names from the root's export down. */
  readonly path: readonly string[];
}

/** What of a component's exports belongs to a resource. */
export interface ResourceShape {
  /** PascalCase. */
  readonly className: string;
  readonly members: readonly ResourceMember[];
}

const shapes = new WeakMap<ComponentPlan, Map<ResourceIndex, ResourceShape>>();

/** The class of every exported resource; found once a component. */
export function resourceShapes(plan: ComponentPlan): ReadonlyMap<ResourceIndex, ResourceShape> {
  let found = shapes.get(plan);
  if (found === undefined) {
    found = new Map();
    collectShapes(plan.exports, [], found);
    shapes.set(plan, found);
  }
  return found;
}

function collectShapes(
  exports: readonly PlanExport[],
  path: readonly string[],
  found: Map<ResourceIndex, ResourceShape>,
): void {
  const byName = new Map<string, ResourceMember[]>();
  for (const exported of exports) {
    if (exported.kind === 'instance') collectShapes(exported.exports, [...path, exported.name], found);
    if (exported.kind !== 'resource') continue;
    // A resource that is exported again keeps the class, and gets the functions that stand beside either name.
    const members = (found.get(exported.resource)?.members ?? []) as ResourceMember[];
    if (!found.has(exported.resource)) {
      found.set(exported.resource, { className: exported.property as string, members });
    }
    byName.set(exported.name, members);
  }
  for (const exported of exports) {
    if (exported.member === undefined) continue;
    const { kind, resource, property } = exported.member;
    byName.get(resource)?.push({ kind, label: property, exported, path: [...path, exported.name] });
  }
}
