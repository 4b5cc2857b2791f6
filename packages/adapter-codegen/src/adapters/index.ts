/**
 * Adapter modules. In: a plan and one of its adapter modules, or two plans whose functions are linked at run time. Out:
 * the bytes of a core module that exports `adapter[<index>]` functions, and where its imports come from: the callees'
 * core functions, memories, reallocs and post-returns, the context memory, the vmctx addresses.
 */
import { type FuncAbi, funcAbi } from '@gangway/component/abi';
import { InternalError } from '@gangway/component/errors';
import type {
  AdapterModuleIndex,
  CanonicalOptions,
  ComponentInstanceIndex,
  ComponentPlan,
  CoreDef,
  FuncTypeIndex,
  MemoryIndex,
  OptionsIndex,
  PlanFuncType,
} from '@gangway/component/plan';
import type { VmctxOffsets } from '@gangway/offsets';
import type { Func, FuncType, ImportDecl, ModuleBuilder, ModuleSpec } from '../builder.ts';
import { directModule, type MakeModule } from '../create-module.ts';
import type { EmittedModule, Side } from '../emitted.ts';
import { importResourceType } from '../resource-type.ts';
import { contextMemory, importVmctx } from '../store-context.ts';
import { type AdapterSpec, emitAdapter } from './adapter.ts';
import { StaticFrames } from './frames.ts';
import { type AdapterSide, instanceOf } from './side.ts';

export { emitFallbackAdapters } from './fallback.ts';

/** One side of one call. */
export interface CallSide {
  readonly plan: ComponentPlan;
  readonly offsets: VmctxOffsets;
  readonly type: FuncTypeIndex;
  readonly options: OptionsIndex;
}

/** A call between two components. */
export interface FusedCall {
  /**
   * Whether the two are linked at run time: each has its own vmctx, and may even be an instance of the same component.
   * Otherwise they are parts of one component, with one vmctx.
   */
  readonly linked: boolean;
  /** For people. */
  readonly name: string;
  readonly exportName: string;
  readonly caller: CallSide;
  readonly callee: CallSide & { readonly func: CoreDef };
  /** As `Adapter.entering`; instances of the callee's component. */
  readonly entering: readonly ComponentInstanceIndex[] | null;
}

/** The adapters of one adapter module of a component, exported as `adapter[<index>]`. */
export function emitAdapters(
  plan: ComponentPlan,
  module: AdapterModuleIndex,
  offsets: VmctxOffsets,
  make?: MakeModule,
): EmittedModule {
  return buildAdapters(plan, module, offsets, make).emit();
}

/** As {@link emitAdapters}, before bytes are written. */
export function buildAdapters(
  plan: ComponentPlan,
  module: AdapterModuleIndex,
  offsets: VmctxOffsets,
  make?: MakeModule,
): ModuleBuilder {
  return buildFused(`adapters-${module}`, adapterCalls(plan, module, offsets), make);
}

function adapterCalls(plan: ComponentPlan, module: AdapterModuleIndex, offsets: VmctxOffsets): FusedCall[] {
  const indices = plan.adapterModules[module];
  if (indices === undefined) throw new InternalError(`the plan has no adapter module ${module}`);
  return indices.map((index): FusedCall => {
    const adapter = plan.adapters[index];
    if (adapter === undefined) throw new InternalError(`the plan has no adapter ${index}`);
    const { name, lower, lift, entering } = adapter;
    return {
      linked: false,
      name: `adapter<${index}>${name === '' ? '' : `.${name}`}`,
      exportName: `adapter[${index}]`,
      caller: { plan, offsets, ...lower },
      callee: { plan, offsets, ...lift },
      entering,
    };
  });
}

/** A call between two components that are linked at run time. */
export type LinkCall = Omit<FusedCall, 'exportName' | 'linked'>;

/** The adapter of a call between two components that are linked at run time, exported as `adapter`. */
export function emitLinkAdapter(call: LinkCall, make?: MakeModule): EmittedModule {
  return buildFused('link-adapter', [{ ...call, linked: true, exportName: 'adapter' }], make).emit();
}

function fusedSpec(name: string, calls: readonly FusedCall[]): ModuleSpec {
  const memories = new Memories();
  for (const call of calls) {
    memories.add('caller', call.caller);
    memories.add(calleeRole(call), call.callee);
  }
  return { name, memories: [contextMemory, ...memories.imports] };
}

/** One module with the adapters of the calls. All calls must have the same two vmctxs. */
function buildFused(name: string, calls: readonly FusedCall[], make: MakeModule = directModule): ModuleBuilder {
  const [first] = calls;
  if (first === undefined) throw new InternalError('an adapter module has no adapter');
  const module = make(fusedSpec(name, calls));
  const frames = new StaticFrames(module, first.caller.offsets, calls.length);
  for (const call of calls) {
    module.exportFunc(emitAdapter(new Sides(module, call).spec(frames)), call.exportName);
  }
  frames.emitStart();
  return module;
}

/** Inside one component there is one vmctx, and everything that is imported belongs to the same component. */
function calleeRole({ linked }: FusedCall): Side {
  return linked ? 'callee' : 'caller';
}

/** The guest memories of a module, each imported once. */
class Memories {
  readonly imports: NonNullable<ModuleSpec['memories']>[number][] = [];
  readonly #known = new Set<string>();

  add(owner: Side, side: CallSide): void {
    const { memory, address } = optionsOf(side);
    if (memory === null) return;
    const name = memoryName(owner, memory);
    if (this.#known.has(name)) return;
    this.#known.add(name);
    const def = side.plan.memories[memory];
    if (def === undefined) throw new InternalError(`the plan has no memory ${memory}`);
    this.imports.push({ ...coreDefImport(owner, name, def), address });
  }
}

function memoryName(owner: Side, memory: MemoryIndex): string {
  return owner === 'caller' ? `memory[${memory}]` : `callee_memory[${memory}]`;
}

/** The module name of an import says whose it is; its base, what it is: unique for a `CoreDef`. */
function coreDefImport(owner: Side, name: string, def: CoreDef): ImportDecl {
  return { name, module: owner, base: coreDefName(def), source: { kind: 'core-def', def, side: owner } };
}

function coreDefName(def: CoreDef): string {
  switch (def.kind) {
    case 'export':
      return `instance[${def.instance}] ${def.sort} ${def.name}`;
    case 'trampoline':
      return `trampoline[${def.trampoline}]`;
    case 'adapter':
      return `adapter[${def.adapter}]`;
    case 'intrinsic':
      return `intrinsic[${def.intrinsic}]`;
    default:
      return def satisfies never;
  }
}

function optionsOf(side: CallSide): CanonicalOptions {
  const options = side.plan.options[side.options];
  if (options === undefined) throw new InternalError(`the plan has no options ${side.options}`);
  return options;
}

function typeOf(side: CallSide): PlanFuncType {
  const type = side.plan.funcTypes[side.type];
  if (type === undefined) throw new InternalError(`the plan has no function type ${side.type}`);
  return type;
}

/** A call with all that it needs imported. */
class Sides {
  readonly #module: ModuleBuilder;
  readonly #call: FusedCall;

  constructor(module: ModuleBuilder, call: FusedCall) {
    this.#module = module;
    this.#call = call;
  }

  spec(frames: StaticFrames): AdapterSpec {
    const { caller, callee, entering, name } = this.#call;
    const owner = calleeRole(this.#call);
    const lower = funcAbi(caller.plan, caller.type, optionsOf(caller), 'lower');
    const lift = funcAbi(callee.plan, callee.type, optionsOf(callee), 'lift');
    const plans = [caller.plan, callee.plan];
    const { async } = typeOf(callee);
    const common = {
      module: this.#module,
      context: this.#module.memory(contextMemory.name),
      mayThrow: plans.some((plan) => plan.mayThrow),
      contextSlots: plans.some(seesContextSlots),
    };
    const from = this.#side('caller', 'caller', caller);
    const to = this.#side('callee', owner, callee);
    return {
      name,
      params: { ...common, from, to },
      results: { ...common, from: to, to: from },
      lower,
      lift,
      callee: this.#importFunc(owner, callee.func, coreTypeOf(lift)),
      postReturn: this.#postReturn(owner, callee, lift),
      entering,
      async,
      frame: async || entering === null ? null : frames.add(instanceOf(common, from), instanceOf(common, to)),
      mayBlock: plans.some(canBlock),
    };
  }

  #importFunc(owner: Side, def: CoreDef, type: FuncType): Func {
    return this.#module.importFunc(coreDefImport(owner, coreDefName(def), def), type);
  }

  #postReturn(owner: Side, callee: CallSide, lift: FuncAbi): Func | null {
    const { postReturn } = optionsOf(callee);
    if (postReturn === null) return null;
    const def = callee.plan.postReturns[postReturn];
    if (def === undefined) throw new InternalError(`the plan has no post-return ${postReturn}`);
    return this.#importFunc(owner, def, { params: lift.flatResults, results: [] });
  }

  #side(role: Side, owner: Side, side: CallSide): AdapterSide {
    const module = this.#module;
    const options = optionsOf(side);
    if (options.async) throw new InternalError('fused adapters are for synchronous calls');
    return {
      role,
      plan: side.plan,
      options,
      offsets: side.offsets,
      vmctx: importVmctx(module, owner),
      memory: options.memory === null ? null : module.memory(memoryName(owner, options.memory)),
      realloc: this.#realloc(owner, side, options),
      key: `${owner} ${side.options}`,
      resourceType: (resource) => importResourceType(module, resource, owner),
    };
  }

  #realloc(owner: Side, side: CallSide, options: CanonicalOptions): Func | null {
    if (options.realloc === null) return null;
    const def = side.plan.reallocs[options.realloc];
    if (def === undefined) throw new InternalError(`the plan has no realloc ${options.realloc}`);
    const { address } = options;
    return this.#importFunc(owner, def, { params: [address, address, address, address], results: [address] });
  }
}

function coreTypeOf(abi: FuncAbi): FuncType {
  return { params: abi.flatParams, results: abi.flatResults };
}

/** Whether a core module of the component has the built-ins of context slots. */
function seesContextSlots(plan: ComponentPlan): boolean {
  return plan.trampolines.some(({ kind }) => kind.startsWith('context.'));
}

/** Whether anything in the component can block or asks whether it may: it has async functions or built-ins. */
function canBlock(plan: ComponentPlan): boolean {
  return plan.funcTypes.some((type) => type.async) || plan.trampolines.some(({ kind }) => kind === 'unsupported');
}
