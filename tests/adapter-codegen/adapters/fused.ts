/**
 * A test bench for fused adapters. In: a function type and the options of both sides, as a hand-made plan. Out: the
 * adapter, instantiated between two guests whose memories, reallocs and functions the test supplies in JavaScript, over a
 * real context memory.
 */

import { type FlatType, funcAbi } from '@gangway/component/abi';
import type {
  AdapterModuleIndex,
  CanonicalOptions,
  ComponentInstanceIndex,
  ComponentPlan,
  CoreDef,
  FuncTypeIndex,
  OptionsIndex,
  PlanResource,
  PlanType,
  TypeIndex,
} from '@gangway/component/plan';
import { type TrapCode, trapCode, trapNumber } from '@gangway/component/traps';
import { FLAG_ENTERED, FLAG_MAY_LEAVE, VmctxOffsets } from '@gangway/offsets';
import { ContextMemory, type VMComponentContext } from '@gangway/vmctx';
import { handleTable } from '@gangway/vmctx/handle-table';
import { buildAdapters } from '../../../packages/adapter-codegen/src/adapters/index.ts';
import { loadMakeModule } from '../../../packages/adapter-codegen/src/create-module.ts';
import type { EmittedModule } from '../../../packages/adapter-codegen/src/emitted.ts';
import { AbiTrap } from '../../../packages/host/src/call/abi-trap.ts';
import { GuestMemory } from '../../../packages/host/src/call/guest-memory.ts';
import type { CoreFunction } from '../../../packages/host/src/call/guest-side.ts';
import { fallbackAdapter } from '../../../packages/host/src/fallback/adapter.ts';
import type { FallbackSide } from '../../../packages/host/src/fallback/crossing.ts';

/** The tests of adapters run twice: in wasm, and, where fallback.slow.test.ts sets this, in JavaScript. */
export const inJavaScript = process.env['GANGWAY_FALLBACK'] === '1';

/** A type table whose indices come back from `add`. */
export class Types {
  readonly list: PlanType[] = [];
  add(type: PlanType): TypeIndex {
    return (this.list.push(type) - 1) as TypeIndex;
  }
  record(...types: TypeIndex[]): TypeIndex {
    return this.add({ kind: 'record', fields: types.map((type, i) => ({ name: `f${i}`, type })) });
  }
  tuple(...types: TypeIndex[]): TypeIndex {
    return this.add({ kind: 'tuple', types });
  }
  list_(element: TypeIndex, length: number | null = null): TypeIndex {
    return this.add({ kind: 'list', element, length });
  }
  variant(...types: (TypeIndex | null)[]): TypeIndex {
    return this.add({ kind: 'variant', cases: types.map((type, i) => ({ name: `c${i}`, type })) });
  }
}

export interface SideSpec {
  readonly encoding?: CanonicalOptions['stringEncoding'];
  readonly address?: 'i32' | 'i64';
}

export interface FusedSpec {
  readonly types: Types;
  readonly params: readonly TypeIndex[];
  readonly result?: TypeIndex | null;
  readonly async?: boolean;
  readonly caller?: SideSpec;
  readonly callee?: SideSpec & { readonly postReturn?: boolean };
  readonly resources?: readonly PlanResource[];
  readonly mayThrow?: boolean;
  /** A guest has the built-ins of context slots. */
  readonly contextSlots?: boolean;
  /** Instances that the call enters; the callee (2) and nothing else by default. */
  readonly entering?: readonly number[] | null;
}

/** 0 is the root, 1 the caller, 2 the callee. */
export const CALLER = 1;
export const CALLEE = 2;

/** Core values as JavaScript sees them. */
export type CoreValue = number | bigint;
export type CoreFunc = (...args: CoreValue[]) => unknown;

const memoryDef = (instance: number): CoreDef => coreDef(instance, 'memory', 'memory');
function coreDef(instance: number, name: string, sort: 'func' | 'memory'): CoreDef {
  return { kind: 'export', instance: instance as never, name, sort };
}

export function planOf(spec: FusedSpec): ComponentPlan {
  const options = (side: SideSpec | undefined, instance: number): CanonicalOptions => ({
    instance: instance as ComponentInstanceIndex,
    stringEncoding: side?.encoding ?? 'utf8',
    memory: (instance - 1) as never,
    address: side?.address ?? 'i32',
    realloc: (instance - 1) as never,
    postReturn: instance === CALLEE && spec.callee?.postReturn ? (0 as never) : null,
    callback: null,
    async: false,
  });
  const entering = spec.entering === undefined ? [CALLEE] : spec.entering;
  return {
    version: 2,
    name: 'fused',
    types: spec.types.list,
    funcTypes: [
      {
        async: spec.async ?? false,
        params: spec.params.map((type, i) => ({ name: String.fromCharCode(97 + i), type })),
        result: spec.result ?? null,
      },
    ],
    resources: spec.resources ?? [],
    modules: [],
    linked: [],
    unlinked: [],
    componentInstances: [
      { parent: null, name: null },
      { parent: 0 as ComponentInstanceIndex, name: 'caller' },
      { parent: 0 as ComponentInstanceIndex, name: 'callee' },
    ],
    imports: [],
    runtimeImports: [],
    exports: [],
    options: [options(spec.caller, CALLER), options(spec.callee, CALLEE)],
    memories: [memoryDef(0), memoryDef(1)],
    tables: [],
    reallocs: [coreDef(0, 'realloc', 'func'), coreDef(1, 'realloc', 'func')],
    callbacks: [],
    postReturns: [coreDef(1, 'post-return', 'func')],
    trampolines: spec.contextSlots ? [{ kind: 'context.get', type: 'i32', slot: 0 }] : [],
    adapters: [
      {
        name: 'f',
        lower: { type: 0 as FuncTypeIndex, options: 0 as OptionsIndex },
        lift: { type: 0 as FuncTypeIndex, options: 1 as OptionsIndex, func: coreDef(1, 'f', 'func') },
        entering: entering as readonly ComponentInstanceIndex[] | null,
      },
    ],
    adapterModules: [[0 as never]],
    initializers: [],
    mayThrow: spec.mayThrow ?? false,
    counts: {
      componentInstances: 3,
      trampolines: 0,
      intrinsics: 0,
      lowerings: 0,
      memories: 2,
      tables: 0,
      reallocs: 2,
      callbacks: 0,
      postReturns: 1,
      resources: spec.resources?.length ?? 0,
    },
  };
}

/** One guest: a memory and an allocator over it. Addresses are numbers here, also of a 64-bit memory. */
export class Guest {
  readonly memory: WebAssembly.Memory;
  readonly address: 'i32' | 'i64';
  /** Every call of realloc: old pointer, old size, alignment, new size. */
  readonly reallocs: [number, number, number, number][] = [];
  /** Where the next allocation goes, before alignment. */
  next = 1024;
  /** Replaces what realloc returns. */
  onRealloc: ((old: number, oldSize: number, align: number, size: number) => number) | null = null;

  constructor(address: 'i32' | 'i64', pages = 1) {
    this.address = address;
    // The library types do not know 64-bit memories yet.
    const type = address === 'i64' ? { address: 'i64', initial: BigInt(pages) } : { initial: pages };
    this.memory = new WebAssembly.Memory(type as WebAssembly.MemoryDescriptor);
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.memory.buffer as ArrayBuffer);
  }
  get view(): DataView<ArrayBuffer> {
    return new DataView(this.memory.buffer as ArrayBuffer);
  }

  /** A bump allocator that moves what it grows and fills what it gives with 0xaa. */
  realloc(old: number, oldSize: number, align: number, size: number): number {
    this.reallocs.push([old, oldSize, align, size]);
    if (this.onRealloc !== null) return this.onRealloc(old, oldSize, align, size);
    if (old !== 0 && size <= oldSize) return old;
    const pointer = this.reserve(size, align);
    this.bytes.fill(0xaa, pointer, pointer + size);
    this.bytes.copyWithin(pointer, old, old + oldSize);
    return pointer;
  }

  reserve(size: number, align: number): number {
    const pointer = Math.ceil(this.next / align) * align;
    this.next = pointer + size;
    const missing = this.next - this.memory.buffer.byteLength;
    if (missing > 0) {
      const pages = Math.ceil(missing / 65_536);
      this.memory.grow((this.address === 'i64' ? BigInt(pages) : pages) as number);
    }
    return pointer;
  }

  /** Copies bytes into the memory; their address. */
  put(bytes: Uint8Array, align = 1, offset = 0): number {
    const pointer = this.reserve(bytes.length + offset, Math.max(align, 1)) + offset;
    this.bytes.set(bytes, pointer);
    return pointer;
  }

  /** An address or length as a core value. */
  core(value: number): CoreValue {
    return this.address === 'i64' ? BigInt(value) : value;
  }
  word(address: number): number {
    return this.address === 'i64' ? Number(this.view.getBigUint64(address, true)) : this.view.getUint32(address, true);
  }
  setWord(address: number, value: number): void {
    if (this.address === 'i64') this.view.setBigUint64(address, BigInt(value), true);
    else this.view.setUint32(address, value, true);
  }
  get wordSize(): number {
    return this.address === 'i64' ? 8 : 4;
  }

  imports(): { memory: WebAssembly.Memory; realloc: CoreFunc } {
    const realloc: CoreFunc = (...args) => {
      const [old = 0, oldSize = 0, align = 0, size = 0] = args.map((arg) =>
        typeof arg === 'bigint' ? Number(arg) : arg >>> 0,
      );
      return this.core(this.realloc(old, oldSize, align, size));
    };
    return { memory: this.memory, realloc };
  }
}

/** What becomes of a JavaScript value on its way into or out of wasm. */
function asCore(value: unknown, type: FlatType | undefined): CoreValue | undefined {
  if (type === undefined) return undefined;
  if (type === 'i64') return BigInt.asIntN(64, value as bigint);
  return type === 'i32' ? (value as number) | 0 : type === 'f32' ? Math.fround(value as number) : (value as number);
}

/** What a trap recorded in the store context. */
export interface Recorded {
  readonly code: TrapCode | undefined;
  readonly instance: number;
  readonly detail: number;
}

export class TrapError extends Error {
  readonly recorded: Recorded;
  constructor(recorded: Recorded, cause: unknown) {
    super(`trap: ${recorded.code}`, { cause });
    this.recorded = recorded;
  }
}

export class Fused {
  readonly emitted: EmittedModule;
  readonly module: WebAssembly.Module;
  readonly spec: FusedSpec;
  readonly plan: ComponentPlan;
  readonly offsets: VmctxOffsets;

  static async make(spec: FusedSpec, codegen: 'binaryen' | 'direct' = 'direct'): Promise<Fused> {
    const plan = planOf(spec);
    const offsets = new VmctxOffsets(4, plan.counts);
    const module = buildAdapters(plan, 0 as AdapterModuleIndex, offsets, await loadMakeModule(codegen));
    if (codegen === 'binaryen' && !module.validate()) throw new Error('binaryen finds the module invalid');
    const emitted = module.emit();
    return new Fused(spec, plan, offsets, emitted, await WebAssembly.compile(emitted.bytes));
  }

  private constructor(
    spec: FusedSpec,
    plan: ComponentPlan,
    offsets: VmctxOffsets,
    emitted: EmittedModule,
    module: WebAssembly.Module,
  ) {
    this.spec = spec;
    this.plan = plan;
    this.offsets = offsets;
    this.emitted = emitted;
    this.module = module;
  }

  /** The core function types of both sides. */
  abis(): { lower: ReturnType<typeof funcAbi>; lift: ReturnType<typeof funcAbi> } {
    const type = 0 as FuncTypeIndex;
    return {
      lower: funcAbi(this.plan, type, this.plan.options[0]!, 'lower'),
      lift: funcAbi(this.plan, type, this.plan.options[1]!, 'lift'),
    };
  }

  /** New guests, a new store, and the adapter between them. `f` and `postReturn` are the callee's core functions. */
  link(f: CoreFunc, postReturn: CoreFunc = () => {}): Linked {
    return new Linked(this, f, postReturn);
  }
}

export class Linked {
  readonly caller: Guest;
  readonly callee: Guest;
  readonly context: ContextMemory;
  readonly vmctx: VMComponentContext;
  readonly #adapter: CoreFunc;

  constructor(fused: Fused, f: CoreFunc, postReturn: CoreFunc) {
    this.caller = new Guest(fused.spec.caller?.address ?? 'i32');
    this.callee = new Guest(fused.spec.callee?.address ?? 'i32');
    this.context = ContextMemory.create();
    this.vmctx = this.context.allocate(fused.offsets);
    this.flags(CALLER).bits |= FLAG_ENTERED;
    this.#adapter = inJavaScript ? this.#fallback(fused, f, postReturn) : this.#instantiate(fused, f, postReturn);
  }

  #instantiate(fused: Fused, f: CoreFunc, postReturn: CoreFunc): CoreFunc {
    const guests = [this.caller, this.callee];
    const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
    for (const { module, name, source } of fused.emitted.imports) {
      const supply = (): WebAssembly.ImportValue => {
        switch (source.kind) {
          case 'context-memory':
            return this.context.memory;
          case 'block':
            return this.context.allocateBytes(source.bytes);
          case 'vmctx':
            return this.vmctx.address;
          case 'resource-type':
            return RESOURCE_ID + source.resource;
          case 'builtin':
            return (_vmctx: number, instance: number) => (handleTable(this.vmctx, instance).grow() ? 1 : 0);
          case 'core-def': {
            if (source.def.kind !== 'export') throw new Error('an adapter of the bench imports exports only');
            if (source.def.name === 'f') return f;
            if (source.def.name === 'post-return') return postReturn;
            const guest = guests[source.def.instance]!.imports();
            return source.def.sort === 'memory' ? guest.memory : guest.realloc;
          }
          default:
            throw new Error(`an adapter imports no ${source.kind}`);
        }
      };
      (imports[module] ??= {})[name] = supply();
    }
    const { exports } = new WebAssembly.Instance(fused.module, imports);
    return exports['adapter[0]'] as CoreFunc;
  }

  /** The JavaScript form of the adapter, with what the shim and the guests' own wasm do around it. */
  #fallback(fused: Fused, f: CoreFunc, postReturn: CoreFunc): CoreFunc {
    const { lower, lift } = fused.abis();
    const { storeContext } = this.context;
    const side = (guest: Guest, spec: SideSpec | undefined, instance: number): FallbackSide => ({
      vmctx: this.vmctx,
      instance,
      memory: new GuestMemory(guest.memory),
      address: guest.address,
      encoding: spec?.encoding ?? 'utf8',
      realloc: guest.imports().realloc as CoreFunction,
      table: handleTable(this.vmctx, instance),
      resourceId: (resource) => RESOURCE_ID + resource,
      definesResource: (resource) => {
        const defined = fused.plan.resources[resource];
        return defined?.kind === 'defined' && defined.instance === instance;
      },
    });
    const guestFunction =
      (func: CoreFunc, params: readonly FlatType[], results: readonly FlatType[]): CoreFunction =>
      (...args) =>
        asCore(func(...params.map((type, i) => asCore(args[i], type) as CoreValue)), results[0]);
    const adapter = fallbackAdapter({
      context: this.context,
      caller: side(this.caller, fused.spec.caller, CALLER),
      callee: side(this.callee, fused.spec.callee, CALLEE),
      lower,
      lift,
      func: guestFunction(f, lift.flatParams, lift.flatResults),
      postReturn: fused.spec.callee?.postReturn ? guestFunction(postReturn, lift.flatResults, []) : null,
      entering: fused.plan.adapters[0]!.entering,
      async: fused.spec.async ?? false,
      contextSlots: fused.spec.contextSlots ?? false,
      record: (blamed, error) => {
        if (storeContext.trapCode !== 0) return;
        const code = error instanceof AbiTrap ? error.code : 'guest-exception';
        storeContext.trapCode = trapNumber(code);
        storeContext.trapDetail0 = error instanceof AbiTrap ? error.a : 0;
        storeContext.trapInstance = blamed.instance;
      },
    });
    return (...args) => {
      const result = adapter(...lower.flatParams.map((type, i) => asCore(args[i], type) as CoreValue));
      if (storeContext.trapCode !== 0) throw new WebAssembly.RuntimeError('unreachable');
      return asCore(result, lower.flatResults[0]);
    };
  }

  /** Calls the adapter as the caller would. TrapError with what was recorded when it traps. */
  call(...args: CoreValue[]): unknown {
    try {
      return this.#adapter(...args);
    } catch (error) {
      const { storeContext } = this.context;
      if (!(error instanceof WebAssembly.RuntimeError) || storeContext.trapCode === 0) throw error;
      throw new TrapError(
        {
          code: trapCode(storeContext.trapCode),
          instance: storeContext.trapInstance,
          detail: storeContext.trapDetail0,
        },
        error,
      );
    }
  }

  /** The trap that a call ends in; `undefined` when it returns. */
  trap(...args: CoreValue[]): Recorded | undefined {
    try {
      this.call(...args);
    } catch (error) {
      if (error instanceof TrapError) return error.recorded;
      throw error;
    }
    return undefined;
  }

  /** The flag bits of an instance. */
  flags(instance: number): { bits: number } {
    const index = (this.vmctx.address + this.vmctx.offsets.flags(instance)) >>> 2;
    const { context } = this;
    return {
      get bits() {
        return context.u32[index] ?? 0;
      },
      set bits(value) {
        context.u32[index] = value;
      },
    };
  }

  /** Whether the bookkeeping of the call is undone: nothing entered, everything may leave, stacks empty. */
  atRest(): boolean {
    const { storeContext } = this.context;
    return (
      storeContext.frame === 0 &&
      this.flags(CALLER).bits === (FLAG_MAY_LEAVE | FLAG_ENTERED) &&
      this.flags(CALLEE).bits === FLAG_MAY_LEAVE
    );
  }
}

/** Store-wide id of resource 0. */
export const RESOURCE_ID = 7;
