/**
 * `GuestSide`: everything that lift and lower need to know of one side of a call: one monomorphic object for each
 * (component instance, canonical options). Beside it the interfaces of what the store supplies: {@link HostRuntime} and
 * {@link HandleOps}. This file is the seam: `abi/` and `call/` know the store only through it, so that they are tested
 * with a memory and a runtime made of a few lines of JavaScript.
 *
 * Rejected: passing memory, realloc and options one by one (megamorphic call sites and long argument lists), and looking
 * them up in the vmctx on each call (they are set once; the vmctx slots are read when a side is made).
 */
import type { AddressType } from '@gangway/component/abi';
import type { ComponentInstanceIndex, OptionsIndex, ResourceIndex } from '@gangway/component/plan';
import { FLAG_ENTERED, FLAG_MAY_LEAVE } from '@gangway/offsets';
import { trap } from './abi-trap.ts';
import type { GuestMemory } from './guest-memory.ts';

/** Bits of an instance's flags word. */
const MAY_LEAVE = FLAG_MAY_LEAVE;
export const ENTERED = FLAG_ENTERED;

export type StringEncoding = 'utf8' | 'utf16' | 'latin1+utf16';

/** `(old address, old size, alignment, new size) → address`: numbers for a 32-bit memory, bigints for a 64-bit one. */
export type CoreFunction = (...args: (number | bigint)[]) => number | bigint | undefined;

/** The context memory as it is now; the same array for all who ask, until the memory grows. */
export interface ContextViews {
  readonly i32: Int32Array<ArrayBuffer>;
}

/** Where the words are that a call needs. */
export interface ContextWordIndices {
  readonly rootFlags: number;
  readonly locked: number;
  readonly trapCode: number;
}

/** Shared: most instances are the root, and nothing is between. */
const noFlags: readonly number[] = [];

/** What {@link ContextWords.gate} says. */
export const OPEN = 0;
export const INSIDE = 1;
const ASK_WORDS = 2;

/**
 * The context memory as 32-bit words, and whether a call of the host is inside the instance: one object an instance. `i32` is
 * stale when its length is 0 (see GuestMemory). All the numbers are indices into `i32`, that is byte address / 4.
 *
 * The entered bit of the root's flags word is the truth only while something else than the host looks at it: the
 * adapter of a link from another component, a locked store. Otherwise `gate` is. (A call inside the component never enters
 * the root: the root is around the caller as well.) Two accesses to a property are a fifth of
 * what four to a typed array cost, each of which checks whether its buffer has been detached: `add(u32, u32)` took 2.3
 * times the hand-written call with the words, and takes 1.4 times with the gate.
 */
export class ContextWords {
  i32: Int32Array<ArrayBuffer>;
  /** `OPEN`, `INSIDE`, or `ASK_WORDS`: the root's flags word says it. */
  gate: number = OPEN;
  /** Whether the gate is `ASK_WORDS` from now on. Nearly never set, so that engines take it for a constant. */
  shared = false;
  /** The root's flags word. */
  readonly rootFlags: number;
  /** The store context's `locked` word. Nonzero: nothing in the store can be entered (trapped or disposed). */
  readonly locked: number;
  /** The store context's trap word. */
  readonly trapCode: number;
  /** All views of the same memory, for the spill stack's slots; one a store. */
  readonly slots: GuestMemory;
  readonly #views: ContextViews;
  constructor(views: ContextViews, words: ContextWordIndices, slots: GuestMemory) {
    const { rootFlags, locked, trapCode } = words;
    this.#views = views;
    this.i32 = views.i32;
    this.rootFlags = rootFlags;
    this.locked = locked;
    this.trapCode = trapCode;
    this.slots = slots;
  }
  refresh(): Int32Array<ArrayBuffer> {
    return (this.i32 = this.#views.i32);
  }

  /** From now on the root's flags word says whether a call is inside. */
  share(): void {
    if (this.shared) return;
    if (this.gate === INSIDE) this.refresh()[this.rootFlags]! |= ENTERED;
    this.gate = ASK_WORDS;
    this.shared = true;
  }

  /** Closes a gate that is not open, if it may be closed: sets the root's entered bit. */
  enterWords(): boolean {
    const words = this.i32.length === 0 ? this.refresh() : this.i32;
    const flags = words[this.rootFlags];
    if (this.gate === INSIDE || words[this.locked] !== 0 || flags === undefined || (flags & ENTERED) !== 0)
      return false;
    words[this.rootFlags] = flags | ENTERED;
    return true;
  }

  /** Clears that bit. */
  leaveWords(): void {
    const words = this.i32.length === 0 ? this.refresh() : this.i32;
    // The store was locked during the call, by a trap that a host function caught: entered for good.
    if (words[this.locked] === 0) words[this.rootFlags]! &= ~ENTERED;
  }

  /** Whether a call is inside the root, or nothing may be again. */
  get entered(): boolean {
    return this.shared ? (this.refresh()[this.rootFlags]! & ENTERED) !== 0 : this.gate === INSIDE;
  }
}

/** Short strings through the engine's js-string builtins: at most 256 code units or bytes; see abi/string-access.ts. */
export interface StringAccess {
  /** Allocates and encodes: address + 2^32 × bytes; -1 when what the guest's realloc returned is out of bounds. */
  store(text: string): number;
  /** The text; null when the range is out of bounds or not UTF-8. */
  load(address: number, bytes: number): string | null;
}

export interface StringsOption {
  /** Strings that a side lifts and lowers by loops before it asks for more: an instance costs what some hundred save. */
  readonly after: number;
  /** Called at a side's first string: what must be loaded before `find` can answer is loaded while the loops go on. */
  readonly prepare?: () => void;
  /** Null: not here; undefined: not yet. */
  find(memory: object, realloc: CoreFunction | null): StringAccess | null | undefined;
}

export interface GuestSideInit {
  readonly runtime: HostRuntime;
  readonly context: ContextWords;
  /** Byte address of the vmctx. */
  readonly vmctx: number;
  readonly options: OptionsIndex;
  readonly instance: ComponentInstanceIndex;
  /**
   * Indices into `ContextWords.i32` of the flags words of the root instance, …, the instance itself (the instance and its
   * ancestors, root first). For an instance that is the root: one index.
   */
  readonly flags: readonly number[];
  /** The views of the memory that the options name; one `GuestMemory` for a core memory; of null when they name none. */
  readonly memory: GuestMemory;
  readonly address: AddressType;
  readonly encoding: StringEncoding;
  readonly realloc: CoreFunction | null;
  /** None: loops only. */
  readonly stringsOption?: StringsOption | undefined;
}

export class GuestSide {
  readonly runtime: HostRuntime;
  readonly handles: HandleOps;
  readonly context: ContextWords;
  /** Byte address of the vmctx; the store sets it to 0 when the instance is disposed, so that cached sides miss. */
  vmctx: number;
  readonly options: OptionsIndex;
  readonly instance: ComponentInstanceIndex;
  /** Index into `context.i32`: the flags word of the instance itself. */
  readonly flags: number;
  /** Those of the ancestors between, and of the instance itself, when it is not the root. Else empty. */
  readonly innerFlags: readonly number[];
  readonly memory: GuestMemory;
  readonly address: AddressType;
  readonly encoding: StringEncoding;
  /** The core function itself, unguarded. Use {@link reallocate}. */
  readonly realloc: CoreFunction | null;
  /** What the last stored string or list reports beside its address: code units or elements. */
  length = 0;
  /** Whether that length carries the tag of latin1+utf16. */
  tagged = false;
  /** How short strings are lifted and lowered; null: by loops. */
  strings: StringAccess | null = null;
  /** Strings until {@link adoptsStrings} asks for it. */
  #untilStrings = Infinity;
  readonly #strings: StringsOption | undefined;

  constructor(init: GuestSideInit) {
    this.runtime = init.runtime;
    this.handles = init.runtime.handles;
    this.context = init.context;
    this.vmctx = init.vmctx;
    this.options = init.options;
    this.instance = init.instance;
    this.flags = init.flags.at(-1) as number;
    this.innerFlags = init.flags.length === 1 ? noFlags : init.flags.slice(1);
    this.memory = init.memory;
    this.address = init.address;
    this.encoding = init.encoding;
    this.realloc = init.realloc;
    this.#strings = init.stringsOption;
    if (init.address === 'i32' && init.encoding === 'utf8') this.#untilStrings = init.stringsOption?.after ?? Infinity;
  }

  /** Counts a string that is about to go by loops; whether it need not, from now on. */
  adoptsStrings(): boolean {
    if (this.#untilStrings-- > 0) {
      if (this.#untilStrings + 1 === this.#strings?.after) this.#strings.prepare?.();
      return false;
    }
    const { after, find } = this.#strings as StringsOption;
    const { memory } = this.memory;
    const found = memory === null ? null : find(memory, this.realloc);
    this.#untilStrings = found === undefined ? after : Infinity;
    this.strings = found ?? null;
    return this.strings !== null;
  }

  /**
   * Calls the guest's realloc with may-leave cleared, checks alignment, then bounds of what it returned, and refreshes the
   * views. Sizes and addresses are bytes. What the guest throws passes through.
   *
   * CanonicalABI.md#canonical-definitions (`reallocate` of LiftLowerContext)
   */
  reallocate(old: number, oldSize: number, align: number, size: number): number {
    const realloc = this.realloc as CoreFunction;
    let address: number;
    const words = this.forbidLeave();
    if (this.address === 'i32') {
      address = (realloc(old, oldSize, align, size) as number) >>> 0;
    } else {
      address = Number(
        BigInt.asUintN(64, realloc(BigInt(old), BigInt(oldSize), BigInt(align), BigInt(size)) as bigint),
      );
    }
    this.allowLeave(words);
    return this.checkAllocation(address, align, size);
  }

  /** Refreshes the views after an allocation and checks its result. Returns the address. */
  checkAllocation(address: number, align: number, size: number): number {
    const { memory } = this;
    if (memory.u8.length === 0) memory.refresh();
    // An address beyond 2^53 has lost low bits, and fails the second check.
    if (address % align !== 0) trap('realloc-unaligned');
    if (address + size > memory.u8.length) trap('realloc-out-of-bounds');
    return address;
  }

  /** Clears the may-leave bit of the instance; returns what {@link allowLeave} takes. */
  forbidLeave(): Int32Array {
    const { context } = this;
    const words = context.i32.length === 0 ? context.refresh() : context.i32;
    words[this.flags]! &= ~MAY_LEAVE;
    return words;
  }

  /** Sets it again: `before` are the words as {@link forbidLeave} saw them. */
  allowLeave(before: Int32Array = this.context.i32): void {
    const words = before.length === 0 ? this.context.refresh() : before;
    words[this.flags]! |= MAY_LEAVE;
  }
}

/** Who failed: code of a guest (a core function that the host called), or the host's own (an imported function). */
export type Origin = 'guest' | 'host';

/** What the store does for calls. One object a store. */
export interface HostRuntime {
  readonly handles: HandleOps;
  /**
   * The store's array of host objects: `hostObjects[data]` is the host function of a lowering: a plain JS
   * function that takes the component function's parameters (a method's `self` first) and returns its result.
   */
  readonly hostObjects: readonly unknown[];

  /**
   * The side of the instance whose vmctx is at `vmctx`, for the canonical options `options` of its plan; made on first
   * use, the same object after that. Checks the magic.
   */
  side(vmctx: number, options: OptionsIndex): GuestSide;

  /**
   * For a host function called by a guest that must not return normally: writes code, details, vmctx and instance into
   * the store context (the first record wins) and keeps `error` on the JS side as the cause.
   * - an {@link AbiTrap}: its code; no cause;
   * - origin `host` (anything else that an imported function threw): `host-error` with `error` as the cause;
   * - origin `guest` (a realloc or destructor failed): as {@link translate} would name it.
   * Never throws.
   */
  record(side: GuestSide, error: unknown, origin: Origin): void;

  /**
   * For the outermost host frame: what the embedder gets for `error`, which came out of a call of the guest, out of
   * lifting its result or lowering its arguments. Takes the recorded trap if there is one, adds the frame of this
   * boundary (`name`: the export's), locks the store (sets its `locked` word and the entered bit in the root flags of every
   * instance), resets its spill stack, and returns the error to throw.
   */
  translate(side: GuestSide, error: unknown, name: string): unknown;

  /** What the embedder gets when he calls into a locked, disposed or already entered component. Returns the error. */
  cannotEnter(side: GuestSide, name: string): unknown;
}

/**
 * What a call lends. Made only for functions with borrows; its contents are the runtime's: the call frame record that
 * counts the guest's borrows (host → guest), or the lenders and the lifted objects of a call (guest → host).
 */
export type BorrowScope = object;

/** A representation in JavaScript's hands. */
export interface LentRepresentation {
  /** i32. */
  readonly rep: number;
  /** Calls under way that have it on loan; negative: it has ended. */
  lends: number;
}

/**
 * Handles. `resource` is the plan's index, in the component of `side`. "Object" is an instance of the resource's class.
 * All of them may throw {@link AbiTrap}, and nothing else, unless they say otherwise.
 */
export interface HandleOps {
  /**
   * Whether `value` could be given away as an own (lent as a borrow) now: null, or what is wrong with it, to stand behind
   * the path in a TypeError: `expected an instance of Blob`, `this Blob has been given away`. No effects, no throw.
   */
  checkOwn(side: GuestSide, resource: ResourceIndex, value: unknown): string | null;
  checkBorrow(side: GuestSide, resource: ResourceIndex, value: unknown): string | null;

  /** Whether `value` is a handle that has been dropped or given away. Runs no code of the embedder. */
  readonly hasEnded: (value: unknown) => boolean;

  /** Moves a checked object into the instance's handle table; returns the handle index. CanonicalABI.md#flat-lowering */
  lowerOwn(side: GuestSide, resource: ResourceIndex, value: unknown): number;
  /** A handle index, or the representation when the instance defines the resource. Lends the object until the scope ends. */
  lowerBorrow(side: GuestSide, resource: ResourceIndex, value: unknown, scope: BorrowScope): number;

  /** Removes the own handle (u32) from the table. CanonicalABI.md#flat-lifting */
  liftOwn(side: GuestSide, resource: ResourceIndex, index: number): object;
  /** The same in two steps: the representation, then its object. `type` as {@link resourceType} gives it. */
  takeOwn(side: GuestSide, type: object, index: number): number;
  wrapOwn(type: object, rep: number): object;
  /** Lends the guest's handle until the scope ends; the object is dead after that. */
  liftBorrow(side: GuestSide, resource: ResourceIndex, index: number, scope: BorrowScope): object;

  /** Whether a borrow of the resource is passed as its representation: the instance of `side` defines it. */
  passesRepresentation(side: GuestSide, resource: ResourceIndex): boolean;
  /** The type of a resource, as {@link representation} takes it. */
  resourceType(side: GuestSide, resource: ResourceIndex): object;
  /**
   * For such a borrow that is a parameter itself: what is passed and counts the calls that have it on loan. Null when `value`
   * is no object of that type, or one that has ended: {@link refusal} says which. No effects.
   */
  representation(type: object, value: unknown): LentRepresentation | null;
  /** What to throw then. `path`: of the parameter. */
  refusal(path: string, type: object, value: unknown): TypeError;

  /**
   * The objects of a resource that the embedder implements, by representation: always the same array. Null for a resource of
   * a guest.
   */
  hostObjects(side: GuestSide, resource: ResourceIndex): readonly unknown[] | null;
  /** The object for what a trampoline has lent (`lentParams`): a representation (u32). */
  lentObject(side: GuestSide, resource: ResourceIndex, rep: number): object;
  /** The end of that, whether the call failed or not. Must not throw. */
  endLent(side: GuestSide, resource: ResourceIndex, object: object): void;

  /** Before the parameters of an export with borrows are lowered: pushes a call frame record. */
  openExport(side: GuestSide): BorrowScope;
  /** After the result was lifted: traps with `borrow-remains`, else pops the record and ends the lending. */
  closeExport(side: GuestSide, scope: BorrowScope): void;
  /** Before the parameters of an import with borrows are lifted. */
  openImport(side: GuestSide): BorrowScope;
  /** After the host function, whether it failed or not: lend counts go down, lifted borrows die. Must not throw. */
  closeImport(side: GuestSide, scope: BorrowScope): void;
}
