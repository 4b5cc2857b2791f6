/**
 * A guest made of JavaScript: a memory, a bump allocator for realloc, handle tables in arrays, and a runtime that keeps
 * what is recorded. With it, lift and lower are tested without any WebAssembly code.
 */
import { type AddressType, abiPlans, type FlatType, type FuncAbi, funcAbi } from '@gangway/component/abi';
import type {
  ComponentInstanceIndex,
  FuncTypeIndex,
  OptionsIndex,
  PlanType,
  ResourceIndex,
  TypeIndex,
} from '@gangway/component/plan';
import type { CoreValue } from '../../../packages/host/src/abi/joins.ts';
import { stringAccess } from '../../../packages/host/src/abi/string-access.ts';
import { AbiTrap } from '../../../packages/host/src/call/abi-trap.ts';
import { GuestMemory } from '../../../packages/host/src/call/guest-memory.ts';
import {
  type BorrowScope,
  ContextWords,
  type CoreFunction,
  GuestSide,
  type HandleOps,
  type HostRuntime,
  type Origin,
  type StringEncoding,
  type StringsOption,
} from '../../../packages/host/src/call/guest-side.ts';
import type { JsFunction } from '../../../packages/host/src/call/requests.ts';
import { calleeCall, type Evaluate, exportCall } from './specialise.ts';

export const PAGE = 65536;
/** Indices into the fake context memory, in words. */
export const LOCKED = 4;
export const TRAP_CODE = 5;
export const ROOT_FLAGS = 8;
export const VMCTX = 64;

/** What the fake runtime makes of a trap. */
export class FakeTrap extends Error {
  readonly code: string;
  constructor(code: string, cause?: unknown) {
    super(code, { cause });
    this.code = code;
  }
}

/** An object of a resource. `rep` stands for it in the guest's table. */
export class FakeResource {
  readonly rep: number;
  alive = true;
  lends = 0;
  constructor(rep: number) {
    this.rep = rep;
  }
}

interface FakeScope extends BorrowScope {
  borrows: number;
  readonly lifted: FakeResource[];
}

export class FakeHandles implements HandleOps {
  /** By handle index. */
  readonly table: ({ own: boolean; object: FakeResource } | undefined)[] = [undefined];
  readonly log: string[] = [];
  checkOwn(_side: GuestSide, _resource: ResourceIndex, value: unknown): string | null {
    if (!(value instanceof FakeResource)) return 'expected an instance of FakeResource';
    return value.alive ? null : 'this FakeResource has been given away';
  }
  checkBorrow(side: GuestSide, resource: ResourceIndex, value: unknown): string | null {
    return this.checkOwn(side, resource, value);
  }
  readonly hasEnded = (value: unknown): boolean => value instanceof FakeResource && !value.alive;
  lowerOwn(_side: GuestSide, _resource: ResourceIndex, value: unknown): number {
    (value as FakeResource).alive = false;
    return this.table.push({ own: true, object: value as FakeResource }) - 1;
  }
  lowerBorrow(_side: GuestSide, _resource: ResourceIndex, value: unknown, scope: BorrowScope): number {
    (scope as FakeScope).borrows++;
    return this.table.push({ own: false, object: value as FakeResource }) - 1;
  }
  liftOwn(_side: GuestSide, _resource: ResourceIndex, index: number): object {
    const entry = this.table[index];
    if (!entry) throw new AbiTrap('unknown-handle', index);
    if (!entry.own) throw new AbiTrap('not-owned', index);
    this.table[index] = undefined;
    entry.object.alive = true;
    return entry.object;
  }
  takeOwn(side: GuestSide, _type: object, index: number): number {
    this.#taken.push(this.liftOwn(side, 0 as ResourceIndex, index));
    return this.#taken.length - 1;
  }
  wrapOwn(_type: object, taken: number): object {
    return this.#taken[taken] as object;
  }
  readonly #taken: object[] = [];
  liftBorrow(_side: GuestSide, _resource: ResourceIndex, index: number, scope: BorrowScope): object {
    const entry = this.table[index];
    if (!entry) throw new AbiTrap('unknown-handle', index);
    const lifted = new FakeResource(entry.object.rep);
    (scope as FakeScope).lifted.push(lifted);
    return lifted;
  }
  /** Whether the instance defines the resource. */
  own = false;
  passesRepresentation(): boolean {
    return this.own;
  }
  resourceType(): object {
    return FakeResource;
  }
  representation(_type: object, value: unknown): FakeResource | null {
    return value instanceof FakeResource && value.alive ? value : null;
  }
  refusal(path: string, _type: object, value: unknown): TypeError {
    const known = value instanceof FakeResource ? 'this FakeResource has been given away' : null;
    return new TypeError(`${path}: ${known ?? 'expected an instance of FakeResource'}`);
  }
  /** By representation: of a resource that the host implements; null: it is a guest's. */
  objects: FakeResource[] | null = null;
  hostObjects(): readonly unknown[] | null {
    return this.objects;
  }
  lentObject(_side: GuestSide, _resource: ResourceIndex, rep: number): object {
    this.log.push('lent');
    return this.objects?.[rep] ?? new FakeResource(rep);
  }
  endLent(_side: GuestSide, _resource: ResourceIndex, object: object): void {
    if (this.objects !== null) return;
    this.log.push('end lent');
    (object as FakeResource).alive = false;
  }
  openExport(): BorrowScope {
    this.log.push('open export');
    return { borrows: 0, lifted: [] } as FakeScope;
  }
  closeExport(_side: GuestSide, scope: BorrowScope): void {
    this.log.push('close export');
    if ((scope as FakeScope).borrows > 0) throw new AbiTrap('borrow-remains');
  }
  openImport(): BorrowScope {
    this.log.push('open import');
    return { borrows: 0, lifted: [] } as FakeScope;
  }
  closeImport(_side: GuestSide, scope: BorrowScope): void {
    this.log.push('close import');
    for (const object of (scope as FakeScope).lifted) object.alive = false;
  }
}

export interface FakeOptions {
  readonly address?: AddressType;
  readonly encoding?: StringEncoding;
  /** Whether short strings go through the strings module, from the first on. Default: they go by loops. */
  readonly strings?: boolean;
  /** The same in detail. */
  readonly stringsOption?: StringsOption;
  /** Replaces the bump allocator: numbers in, a number out, for both address types. */
  readonly realloc?: (old: number, oldSize: number, align: number, size: number) => number;
}

export class FakeGuest implements HostRuntime {
  readonly handles = new FakeHandles();
  readonly hostObjects: unknown[] = [];
  readonly memory = new WebAssembly.Memory({ initial: 2 });
  readonly contextMemory = new WebAssembly.Memory({ initial: 1 });
  readonly side_: GuestSide;
  /** What was recorded: code and cause. */
  readonly recorded: { error: unknown; origin: Origin }[] = [];
  /** Arguments of every call of realloc. */
  readonly reallocs: number[][] = [];
  /** Bytes from here up are free. */
  top = 1024;

  constructor(options: FakeOptions = {}) {
    const address = options.address ?? 'i32';
    const realloc = options.realloc ?? ((...args): number => this.#bump(...args));
    const call = (old: number, oldSize: number, align: number, size: number): number => {
      this.reallocs.push([old, oldSize, align, size]);
      return realloc(old, oldSize, align, size);
    };
    const core: CoreFunction =
      address === 'i32'
        ? (...args) => call(...(args as [number, number, number, number])) | 0
        : (...args) => BigInt(call(...(args.map(Number) as [number, number, number, number])));
    const { contextMemory } = this;
    const views = {
      get i32() {
        return new Int32Array(contextMemory.buffer as ArrayBuffer);
      },
    };
    const context = new ContextWords(
      views,
      { rootFlags: ROOT_FLAGS, locked: LOCKED, trapCode: TRAP_CODE },
      new GuestMemory(contextMemory),
    );
    context.i32[ROOT_FLAGS] = 1;
    this.side_ = new GuestSide({
      runtime: this,
      context,
      vmctx: VMCTX,
      options: 0 as OptionsIndex,
      instance: 0 as ComponentInstanceIndex,
      flags: [ROOT_FLAGS],
      memory: new GuestMemory(this.memory),
      address,
      encoding: options.encoding ?? 'utf8',
      realloc: core,
      stringsOption: options.stringsOption ?? (options.strings ? { after: 0, find: stringAccess } : undefined),
    });
  }

  /** Grows the memory by a page when it must, so that views go stale as they do with real guests. */
  #bump(old: number, oldSize: number, align: number, size: number): number {
    const start = Math.ceil(this.top / align) * align;
    this.top = start + size;
    const missing = Math.ceil((this.top - this.memory.buffer.byteLength) / PAGE);
    if (missing > 0) this.memory.grow(missing);
    if (oldSize > 0) new Uint8Array(this.memory.buffer).copyWithin(start, old, old + Math.min(oldSize, size));
    return start;
  }

  get words(): Int32Array {
    return new Int32Array(this.contextMemory.buffer);
  }
  get bytes(): Uint8Array {
    return new Uint8Array(this.memory.buffer);
  }
  get view(): DataView {
    return new DataView(this.memory.buffer);
  }

  side(vmctx: number): GuestSide {
    if (vmctx !== VMCTX) throw new Error(`no vmctx at ${vmctx}`);
    return this.side_;
  }
  record(_side: GuestSide, error: unknown, origin: Origin): void {
    this.recorded.push({ error, origin });
    this.words[TRAP_CODE] = 1;
  }
  lock(): void {
    this.side_.context.share();
    this.words[LOCKED] = 1;
    this.words[ROOT_FLAGS]! |= 2;
  }
  translate(_side: GuestSide, error: unknown): unknown {
    this.lock();
    if (error instanceof AbiTrap) return new FakeTrap(error.code);
    return error;
  }
  cannotEnter(): unknown {
    return new FakeTrap('cannot-enter');
  }
}

/** Core values as WebAssembly would hand them over. */
export function coerce(values: readonly CoreValue[], types: readonly FlatType[]): CoreValue[] {
  if (values.length !== types.length) throw new Error(`${values.length} core values for ${types.length} types`);
  return values.map((value, i) => {
    switch (types[i]) {
      case 'i32':
        if (typeof value !== 'number') throw new Error(`i32 given as ${typeof value}`);
        return value | 0;
      case 'i64':
        if (typeof value !== 'bigint') throw new Error(`i64 given as ${typeof value}`);
        return BigInt.asIntN(64, value);
      case 'f32':
        return Math.fround(value as number);
      default:
        if (typeof value !== 'number') throw new Error(`float given as ${typeof value}`);
        return value;
    }
  });
}

/** The two ABIs of a function type over a type table. */
export function abis(
  types: readonly PlanType[],
  params: readonly (readonly [name: string, type: number])[],
  result: number | null,
  address: AddressType = 'i32',
): { lift: FuncAbi; lower: FuncAbi } {
  const plan = {
    types,
    funcTypes: [
      {
        async: false,
        params: params.map(([name, type]) => ({ name, type: type as TypeIndex })),
        result: result as TypeIndex | null,
      },
    ],
  };
  const make = (direction: 'lift' | 'lower'): FuncAbi => funcAbi(plan, 0 as FuncTypeIndex, { address }, direction);
  return { lift: make('lift'), lower: make('lower') };
}

export { abiPlans };

/** An export whose core function is `core`. */
export function makeExport(
  guest: FakeGuest,
  abi: FuncAbi,
  core: (...values: CoreValue[]) => CoreValue | undefined,
  evaluate: Evaluate,
  postReturn: CoreFunction | null = null,
): JsFunction {
  return exportCall({ name: 'f', abi, evaluate })(
    guest.side_,
    (...values) => {
      const result = core(...coerce(values, abi.flatParams));
      return result === undefined ? undefined : coerce([result], abi.flatResults)[0];
    },
    postReturn,
  );
}

/** The typed callee for `host`, as a trampoline calls it. */
export function makeCallee(
  guest: FakeGuest,
  abi: FuncAbi,
  host: JsFunction,
  evaluate: Evaluate,
): { typed: (...values: CoreValue[]) => CoreValue | undefined; spilled: CoreFunction } {
  guest.hostObjects.push(host);
  const maker = calleeCall({ name: 'g', abi, options: 0 as OptionsIndex, evaluate });
  const typed = maker.typed(guest, VMCTX, host);
  return {
    typed: (...values) => {
      const result = typed(...coerce(values, abi.flatParams));
      return abi.flatResults.length === 0 ? undefined : coerce([result as CoreValue], abi.flatResults)[0];
    },
    spilled: maker.spilled(guest),
  };
}
