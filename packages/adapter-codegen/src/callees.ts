/**
 * The callees module of a component. In: its plan. Out: a core module that imports the JavaScript lowering callees, a
 * spilled and a typed one for each lowering, and whose element segment puts them into the function table: lowering i at
 * table_base + 2i (spilled) and + 2i + 1 (typed).
 *
 * It exists because a JavaScript function cannot be put into a table from JavaScript; as an import of a module with an
 * element segment it can. It is instantiated once for each store and component: the callees find their instance from the
 * vmctx address.
 */
import { InternalError } from '@gangway/component/errors';
import type { ComponentPlan } from '@gangway/component/plan';
import type { Func, FuncType, ModuleSpec } from './builder.ts';
import { directModule, type MakeModule } from './create-module.ts';
import type { EmittedModule } from './emitted.ts';
import { spilledCallee, typedCallee } from './lower-import.ts';
import { functionTable, importTableBase } from './store-context.ts';
import { loweringOf } from './trampolines.ts';

/** The name of the module that callees are imported from. */
export const CALLEES_MODULE = 'callees';

/** Function-table slots that the callees of a plan fill. */
export function calleeSlots(plan: Pick<ComponentPlan, 'counts'>): number {
  return 2 * plan.counts.lowerings;
}

const calleesSpec: ModuleSpec = { name: 'callees', tables: [functionTable] };

/** The callees module; null when the plan has no lowerings. */
export function emitCallees(plan: ComponentPlan, make: MakeModule = directModule): EmittedModule | null {
  const count = plan.counts.lowerings;
  if (count === 0) return null;
  const module = make(calleesSpec);
  const types = new Map<number, FuncType>();
  for (const trampoline of plan.trampolines) {
    if (trampoline.kind === 'lower-import') {
      types.set(trampoline.lowering, typedCallee(loweringOf(plan, trampoline, '').abi));
    }
  }
  const base = importTableBase(module);
  const slots: Func[] = [];
  for (let lowering = 0; lowering < count; lowering++) {
    const type = types.get(lowering);
    if (type === undefined) throw new InternalError(`no trampoline uses lowering ${lowering}`);
    for (const form of ['spilled', 'typed'] as const) {
      const name = `${form}[${lowering}]`;
      const source = { kind: 'callee', lowering, form } as const;
      slots.push(
        module.importFunc(
          { name, module: CALLEES_MODULE, base: name, source },
          form === 'typed' ? type : spilledCallee,
        ),
      );
    }
  }
  module.elements(module.table(functionTable.name), base, slots);
  return module.emit();
}
