/** Everything that is emitted for a component. In: its plan and the pointer size. Out: all modules, and the layout. */
import type { AdapterModuleIndex, ComponentPlan } from '@gangway/component/plan';
import { type PointerSize, VmctxOffsets } from '@gangway/offsets';
import { emitFallbackAdapters, emitFallbackAdaptersNow } from './adapters/fallback.ts';
import { emitAdapters, emitAdaptersNow } from './adapters/index.ts';
import { emitCallees, emitCalleesNow } from './callees.ts';
import type { Codegen } from './create-module.ts';
import type { EmittedModule } from './emitted.ts';
import { emitTrampolines, emitTrampolinesNow } from './trampolines.ts';

export interface EmitAllOptions {
  /** Bytes of a pointer slot in the vmctx. Default: 4. */
  readonly pointerSize?: PointerSize;
  /** Whether adapters between components may have several memories; otherwise they call JavaScript. Default: true. */
  readonly adapters?: boolean;
  /** Which back end writes the modules. Default: `auto`. */
  readonly codegen?: Codegen;
}

export interface EmittedComponent {
  readonly offsets: VmctxOffsets;
  /** Null: the component needs none. */
  readonly trampolines: EmittedModule | null;
  readonly callees: EmittedModule | null;
  /** By adapter module index. */
  readonly adapters: readonly EmittedModule[];
}

export async function emitAll(plan: ComponentPlan, options: EmitAllOptions = {}): Promise<EmittedComponent> {
  const offsets = new VmctxOffsets(options.pointerSize ?? 4, plan.counts);
  const { codegen } = options;
  const emit = options.adapters === false ? emitFallbackAdapters : emitAdapters;
  const [trampolines, callees, ...adapters] = await Promise.all([
    emitTrampolines(plan, offsets, codegen),
    emitCallees(plan, codegen),
    ...plan.adapterModules.map((_, index) => emit(plan, index as AdapterModuleIndex, offsets, codegen)),
  ]);
  return { offsets, trampolines, callees, adapters };
}

/** As {@link emitAll}, by the direct writer, without waiting: for a component that is made by a constructor. */
export function emitAllNow(plan: ComponentPlan, options: Omit<EmitAllOptions, 'codegen'> = {}): EmittedComponent {
  const offsets = new VmctxOffsets(options.pointerSize ?? 4, plan.counts);
  const emit = options.adapters === false ? emitFallbackAdaptersNow : emitAdaptersNow;
  return {
    offsets,
    trampolines: emitTrampolinesNow(plan, offsets),
    callees: emitCalleesNow(plan),
    adapters: plan.adapterModules.map((_, index) => emit(plan, index as AdapterModuleIndex, offsets)),
  };
}
