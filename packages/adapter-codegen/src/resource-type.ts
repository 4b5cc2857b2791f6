/** The import of a resource type into an emitted module. In: its index in the plan. Out: a global, its store-wide id. */
import type { ResourceIndex } from '@gangway/component/plan';
import type { Global, ModuleBuilder } from './builder.ts';
import type { Side } from './emitted.ts';

export function importResourceType(module: ModuleBuilder, resource: ResourceIndex, side: Side = 'caller'): Global {
  const base = side === 'caller' ? `${resource}` : `callee ${resource}`;
  const source = { kind: 'resource-type', resource, side } as const;
  return module.importGlobal({ name: `resource[${base}]`, module: 'resource', base, source }, 'i32');
}
