/**
 * The code generator behind run-time linking. In: a lowered import and a lifted function. Out: the adapter module.
 * `compile` hands it to the components that it makes; `host/runtime` does not load it.
 */
import { emitLinkAdapter, emitLinkAdapterNow, type LinkCall } from '@gangway/adapter-codegen';
import { selfAndAncestors } from '@gangway/component/may-enter';
import type { Engine } from '../engine.ts';
import type { LinkEmitter, LinkRequest } from './links.ts';

export function linkEmitter(engine: Engine): LinkEmitter {
  const { codegen } = engine.options;
  return {
    emit: (request) => emitLinkAdapter(linkCall(request), codegen),
    emitNow: codegen === 'binaryen' ? null : (request) => emitLinkAdapterNow(linkCall(request)),
  };
}

function linkCall({ caller, callee }: LinkRequest): LinkCall {
  const { plan, offsets } = callee.component;
  const { exported } = callee;
  const { trampoline } = caller;
  const callerPlan = caller.component.plan;
  const { instance } = plan.options[exported.options]!;
  return {
    name: `adapter.${callerPlan.runtimeImports[trampoline.import]!.path.join('#')}`,
    caller: {
      plan: callerPlan,
      offsets: caller.component.offsets,
      type: trampoline.type,
      options: trampoline.options,
    },
    callee: { plan, offsets, type: exported.type, options: exported.options, func: exported.func },
    // Nothing is around both of them: the call enters all instances around the callee, up to its root.
    entering: selfAndAncestors(plan.componentInstances, instance).reverse(),
  };
}
