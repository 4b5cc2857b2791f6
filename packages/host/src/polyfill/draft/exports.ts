/**
 * The exports object as the draft of the JS API has it (JS-Reference.md, "Create the exports object"). In: an instance of
 * `@gangway/host`. Out: a frozen object without prototype; resources are classes, interfaces are such objects again.
 *
 * NON-SPEC: for an imported resource type that is exported again the draft throws, "but may be relaxed in the future"; here
 * it is the constructor that the embedder gave. Every interface that uses a type of WASI has such an export.
 */
import { parseExternName } from '@gangway/component/names';
import type { ComponentPlan, PlanExport, ResourceIndex } from '@gangway/component/plan';
import type { JsFunction } from '../../call/requests.ts';
import { InternalError } from '../../errors.ts';
import type { Instance } from '../../instance/instance.ts';
import type { ResourceHandle } from '../../resources/resource-handle.ts';
import { type ResourceMember, resourceShapes } from '../../resources/resource-shapes.ts';
import { exportedFunction, invoker } from './functions.ts';
import { draftCamelCase, jsName, jsTypeName, reservedMembers } from './names.ts';
import { define, type GuestClass, guestClass, type HostResource } from './resources.ts';
import type { Conversions } from './values.ts';

/** What the exports are made from. */
export interface ExportMaker {
  readonly plan: ComponentPlan;
  readonly instance: Instance;
  readonly conversions: Conversions;
  readonly hostResources: ReadonlyMap<ResourceIndex, HostResource>;
  /** By defined resource. */
  readonly guestClasses: ReadonlyMap<ResourceIndex, GuestClass>;
}

type FunctionExport = Extract<PlanExport, { readonly kind: 'lifted-func' | 'imported-func' }>;

/** JS-Reference.md, "create guest resource classes": their objects are needed to convert values, their functions later. */
export function makeClasses(
  plan: ComponentPlan,
  conversions: Conversions,
  instance: () => Instance,
): Map<ResourceIndex, GuestClass> {
  const classes = new Map<ResourceIndex, GuestClass>();
  for (const [resource, { className, members }] of resourceShapes(plan)) {
    if (plan.resources[resource]?.kind === 'imported') continue;
    const maker = members.find((member) => member.kind === 'constructor');
    const exported = maker?.exported as FunctionExport | undefined;
    let construct: ((args: readonly unknown[]) => unknown) | undefined;
    const made = guestClass(
      className,
      exported === undefined ? 0 : plan.funcTypes[exported.type]!.params.length,
      maker === undefined || exported === undefined
        ? null
        : (args) => {
            construct ??= invoker(plan, exported.type, conversions, functionAt(instance(), maker.path));
            return construct(args) as ResourceHandle;
          },
    );
    classes.set(resource, made);
  }
  return classes;
}

/** The methods and statics of the classes. */
export function fillClasses(maker: ExportMaker): void {
  const shapes = resourceShapes(maker.plan);
  for (const [resource, made] of maker.guestClasses) {
    for (const member of shapes.get(resource)?.members ?? []) {
      const name = memberName(member);
      if (name === null || reservedMembers.has(name)) continue;
      const self = member.kind === 'method';
      define(self ? made.prototype : made, name, functionOf(maker, member.exported, member.path, name, self));
    }
  }
}

function memberName({ kind, exported }: ResourceMember): string | null {
  const parts = parseExternName(exported.name);
  return kind === 'constructor' || !('label' in parts) ? null : draftCamelCase(parts.label);
}

export function makeExports(maker: ExportMaker): object {
  return exportsOf(maker, maker.plan.exports, [], maker.instance.exports);
}

function exportsOf(
  maker: ExportMaker,
  exports: readonly PlanExport[],
  path: readonly string[],
  ours: Readonly<Record<string, unknown>>,
): object {
  const made = Object.create(null) as Record<string, unknown>;
  for (const exported of exports) {
    const { name, kind } = exported;
    const own = [...path, name];
    const parts = parseExternName(name);
    const key = kind === 'resource' ? jsTypeName(name) : jsName(name);
    if (parts.kind === 'constructor') continue;
    if ((parts.kind === 'method' || parts.kind === 'static') && !reservedMembers.has(key)) continue;
    switch (kind) {
      case 'lifted-func':
      case 'imported-func':
        made[key] = functionOf(maker, exported, own, key, false);
        break;
      case 'instance':
        made[key] = exportsOf(
          maker,
          exported.exports,
          own,
          ours[exported.property as string] as Record<string, unknown>,
        );
        break;
      case 'resource':
        made[key] =
          maker.guestClasses.get(exported.resource) ?? maker.hostResources.get(exported.resource)?.constructor;
        break;
      case 'core-module':
      case 'component':
        made[key] = ours[exported.property as string];
        break;
      case 'type':
        break;
      default:
        exported satisfies never;
    }
  }
  return Object.freeze(made);
}

function functionOf(maker: ExportMaker, exported: PlanExport, path: readonly string[], name: string, self: boolean) {
  const { plan, conversions, instance } = maker;
  const { type } = exported as FunctionExport;
  return exportedFunction(plan, type, conversions, functionAt(instance, path), name, self);
}

function functionAt(instance: Instance, path: readonly string[]): JsFunction {
  const found = instance.getFunc(...path);
  if (found === undefined) throw new InternalError(`there is no function ${path.join('#')}`);
  return found;
}
