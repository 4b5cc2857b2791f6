/** Everything that is emitted for a component. In: its plan and the pointer size. Out: all modules, and the layout. */
import type { AdapterModuleIndex, ComponentPlan } from '@gangway/component/plan';
import { type PointerSize, VmctxOffsets } from '@gangway/offsets';
import { type Codegen, directModule, loadMakeModule, type MakeModule, withLegacyExceptions } from './create-module.ts';
import type { EmittedModule } from './emitted.ts';
import { emitTrampolines, type TrampolineExtras } from './trampolines.ts';

export { directModule, loadMakeModule, type MakeModule, withLegacyExceptions } from './create-module.ts';

export interface EmitAllOptions {
  /** Bytes of a pointer slot in the vmctx. Default: 4. */
  readonly pointerSize?: PointerSize;
  /** Whether adapters between components may have several memories; otherwise they call JavaScript. Default: true. */
  readonly adapters?: boolean;
  /** Which back end writes the modules. Default: `auto`. */
  readonly codegen?: Codegen;
  /** Which form of lowerings guests may be given: with `spilled` both are emitted, and the callees module. Default: `typed`. */
  readonly lowering?: 'typed' | 'spilled';
  /** Whether exceptions of guests are caught by `try_table`, or in the form that came before it. Default: true. */
  readonly tryTable?: boolean;
}

export interface EmittedComponent {
  readonly offsets: VmctxOffsets;
  /** Null: the component needs none. */
  readonly trampolines: EmittedModule | null;
  /** Null without lowerings, and where no form is spilled. */
  readonly callees: EmittedModule | null;
  /** By adapter module index. */
  readonly adapters: readonly EmittedModule[];
}

/** What emits calls between components, intrinsics and what resources need: not loaded for components without. */
export type RareEmitters = Omit<typeof import('./rare.ts'), 'emitLinkAdapter'>;
export type ResourceEmitters = NonNullable<TrampolineExtras['resources']>;

export async function emitAll(plan: ComponentPlan, options: EmitAllOptions = {}): Promise<EmittedComponent> {
  const make = options.codegen === 'binaryen' ? await loadMakeModule(options.codegen) : directModule;
  const emitters = isPlain(plan, options) ? null : await import('./rare.ts');
  const resources = plan.resources.length === 0 ? undefined : await import('./resources.ts');
  return emitParts(plan, options, emitters, resources, make);
}

/** Whether nothing of rare.ts is needed: all trampolines are lowerings in the typed form, or of resources. */
function isPlain({ adapterModules, intrinsics, trampolines }: ComponentPlan, { lowering }: EmitAllOptions): boolean {
  return (
    adapterModules.length === 0 &&
    intrinsics === undefined &&
    lowering !== 'spilled' &&
    trampolines.every(({ kind }) => kind === 'lower-import' || kind.startsWith('resource.'))
  );
}

/** As {@link emitAll}, by the direct writer, without waiting: for a component that is made by a constructor. */
export function emitAllNow(
  plan: ComponentPlan,
  options: Omit<EmitAllOptions, 'codegen'>,
  emitters: RareEmitters & ResourceEmitters,
): EmittedComponent {
  return emitParts(plan, options, emitters, emitters, directModule);
}

function emitParts(
  plan: ComponentPlan,
  { pointerSize, adapters, lowering, tryTable }: EmitAllOptions,
  emitters: RareEmitters | null,
  resources: ResourceEmitters | undefined,
  backEnd: MakeModule,
): EmittedComponent {
  const make = tryTable === false ? withLegacyExceptions(backEnd) : backEnd;
  const offsets = new VmctxOffsets(pointerSize ?? 4, plan.counts);
  const spilling = lowering === 'spilled' ? emitters : null;
  const emit = adapters === false ? emitters?.emitFallbackAdapters : emitters?.emitAdapters;
  return {
    offsets,
    trampolines: emitTrampolines(plan, offsets, make, {
      rare: emitters && { ...emitters, emitSpilledForm: spilling?.emitSpilledForm },
      resources,
    }),
    callees: spilling?.emitCallees(plan, make) ?? null,
    adapters: plan.adapterModules.map((_, index) => emit!(plan, index as AdapterModuleIndex, offsets, make)),
  };
}
