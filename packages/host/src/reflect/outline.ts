/**
 * What can be said of imports and exports without the part of the host that knows types: names and kinds. In: a plan. Out:
 * as {@link Reflection}, but that asking for a type throws `TypeError`.
 */
import type { ComponentPlan } from '@gangway/component/plan';
import type { ExternInfo, Reflection } from './reflection.ts';

export function outline(plan: ComponentPlan): Pick<Reflection, 'imports' | 'exports'> {
  return {
    imports: plan.imports.map(({ name, type }) => extern(name, type.kind)),
    exports: plan.exports.map(({ name, kind }) => extern(name, kind.endsWith('-func') ? 'func' : kind)),
  };
}

function extern(name: string, kind: string): ExternInfo {
  const info = { name, kind };
  for (const property of ['type', 'resource', 'imports', 'exports']) {
    Object.defineProperty(info, property, {
      get() {
        throw new TypeError("types have not been loaded: import '@gangway/host/parts'");
      },
    });
  }
  return info as ExternInfo;
}
