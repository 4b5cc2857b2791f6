/**
 * The code generator behind run-time linking. In: a lowered import and a lifted function. Out: the adapter module.
 * `compile` hands it to the components that it makes; `host/runtime` does not have it.
 *
 * What writes adapters is loaded when there is something to link: with the second component that an engine compiles.
 */

import type { MakeModule } from '@gangway/adapter-codegen/emit';
import type { LinkCall } from '@gangway/adapter-codegen/rare';
import { selfAndAncestors } from '@gangway/component/may-enter';
import { usesTryTable } from '../compile/try-table.ts';
import type { Engine } from '../engine.ts';
import { part, registerPart } from '../forms/parts.ts';
import { Reflection } from '../reflect/reflection.ts';
import { expectedText } from './expected-text.ts';
import type { LinkEmitter, LinkRequest } from './links.ts';

export type Adapters = typeof import('../parts/link-adapters.ts');

let loaded: Adapters | undefined;

async function loadAdapters(): Promise<Adapters> {
  return (loaded ??= await import('../parts/link-adapters.ts'));
}

/** With `adapters`, they are there already. */
export function linkEmitter(engine: Engine, adapters?: Adapters): LinkEmitter {
  const { codegen } = engine.options;
  const emit = ({ emitLinkAdapter, withLegacyExceptions }: Adapters, request: LinkRequest, make: MakeModule) =>
    emitLinkAdapter(linkCall(request), usesTryTable(engine) ? make : withLegacyExceptions(make));
  loaded ??= adapters;
  // What has been compiled can be linked at once, and then says what is wrong.
  registerPart('reflection', Reflection);
  registerPart('texts', expectedText);
  return {
    emit: async (request) => {
      const code = await loadAdapters();
      return emit(code, request, await code.loadMakeModule(codegen));
    },
    emitNow: (request) =>
      codegen === 'binaryen' || loaded === undefined ? null : emit(loaded, request, loaded.directModule),
  };
}

const enginesInUse = new WeakSet<Engine>();

/** To be awaited before a component is made: afterwards it can be linked with the others of its engine at once. */
export async function prepareLinking(engine: Engine): Promise<void> {
  if (enginesInUse.has(engine)) await Promise.all([loadAdapters(), part('links')]);
  else enginesInUse.add(engine);
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
