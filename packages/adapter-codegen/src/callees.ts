/**
 * The callees module of a component, for engines with `lowering: 'spilled'`. In: its plan. Out: a core module that imports the spilled form of the JavaScript
 * lowering callees, and whose element segment puts them into the function table: lowering i at table_base + i.
 *
 * It exists because a JavaScript function cannot be put into a table from JavaScript; as an import of a module with an
 * element segment it can. It is instantiated once for each store and component: the callees find their instance from the
 * vmctx address. The typed form needs no table: it belongs to an instance, and its trampolines import it.
 */
import type { ComponentPlan } from '@gangway/component/plan';
import type { ModuleSpec } from './builder.ts';
import { directModule, type MakeModule } from './create-module.ts';
import type { EmittedModule } from './emitted.ts';
import { importCallee } from './lower-import.ts';
import { spilledCallee } from './spilled-form.ts';
import { functionTable, importTableBase } from './store-context.ts';

/** Function-table slots that the callees of a plan fill. */
export function calleeSlots(plan: Pick<ComponentPlan, 'counts'>): number {
  return plan.counts.lowerings;
}

const calleesSpec: ModuleSpec = { name: 'callees', tables: [functionTable] };

/** The callees module; null when the plan has no lowerings. */
export function emitCallees(plan: ComponentPlan, make: MakeModule = directModule): EmittedModule | null {
  const count = plan.counts.lowerings;
  if (count === 0) return null;
  const module = make(calleesSpec);
  const base = importTableBase(module);
  const slots = Array.from({ length: count }, (_, lowering) =>
    importCallee(module, lowering, 'spilled', spilledCallee),
  );
  module.elements(module.table(functionTable.name), base, slots);
  return module.emit();
}
