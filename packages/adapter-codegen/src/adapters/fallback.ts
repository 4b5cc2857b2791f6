/**
 * Adapters for engines whose modules have one memory. In: the same plan. Out: a module with the same exports, whose
 * functions pass their core values on to a JavaScript function of the host and trap when that has recorded a trap: a
 * JavaScript error must not go through a guest's frames, where `catch_all` would see it.
 */
import { funcAbi } from '@gangway/component/abi';
import { InternalError } from '@gangway/component/errors';
import type { AdapterIndex, AdapterModuleIndex, ComponentPlan } from '@gangway/component/plan';
import type { VmctxOffsets } from '@gangway/offsets';
import type { Func, ModuleBuilder } from '../builder.ts';
import { directModule, type MakeModule } from '../create-module.ts';
import type { EmittedModule } from '../emitted.ts';
import { contextMemory, importVmctx, storeContext, storeContextOffsets } from '../store-context.ts';

/** The adapters of one adapter module of a component, exported as `adapter[<index>]`, that run in JavaScript. */
export function emitFallbackAdapters(
  plan: ComponentPlan,
  module: AdapterModuleIndex,
  offsets: VmctxOffsets,
  make: MakeModule = directModule,
): EmittedModule {
  const builder = make({ name: `adapters-${module}`, memories: [contextMemory] });
  const indices = plan.adapterModules[module];
  if (indices === undefined) throw new InternalError(`the plan has no adapter module ${module}`);
  for (const index of indices) builder.exportFunc(shim(builder, plan, index, offsets), `adapter[${index}]`);
  return builder.emit();
}

function shim(m: ModuleBuilder, plan: ComponentPlan, index: AdapterIndex, offsets: VmctxOffsets): Func {
  const adapter = plan.adapters[index];
  const options = adapter && plan.options[adapter.lower.options];
  if (adapter === undefined || options === undefined) throw new InternalError(`the plan has no adapter ${index}`);
  const { flatParams, flatResults } = funcAbi(plan, adapter.lower.type, options, 'lower');
  const base = `adapter[${index}]`;
  const callee = m.importFunc(
    { name: `fallback<${index}>`, module: 'fallback', base, source: { kind: 'fallback', adapter: index } },
    { params: flatParams, results: flatResults },
  );
  const vmctx = importVmctx(m);
  const context = m.memory(contextMemory.name);
  const params = flatParams.map((type, i) => [`p${i}`, type] as const);
  return m.func(`adapter<${index}>.${adapter.name}`, params, flatResults, (f) => {
    const results = flatResults.map((type, i) => f.local(`result${i}`, type));
    const operands = f.params.map((param) => f.get(param));
    const store = storeContext(f, { context, vmctx, offsets });
    const trapCode = f.i32.load(context, store, storeContextOffsets(offsets).trapCode);
    return [
      f.call_into(results, callee, operands),
      f.if(trapCode, [f.unreachable()]),
      ...results.map((local) => f.get(local)),
    ];
  });
}
