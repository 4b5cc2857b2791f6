/**
 * Handles at the boundary between JavaScript and a guest. In: an object and a resource of the plan, or a handle index.
 * Out: a slot in the instance's handle table, or an object (CanonicalABI.md#flat-lifting, #flat-lowering). The tables are
 * the same bytes that the emitted `resource.*` trampolines work on.
 *
 * Rejected: throwing `Trap` from here. Whether a failure is the guest's or the host's is known one frame further out.
 */
import type { ResourceIndex } from '@gangway/component/plan';
import {
  CallFrameOffsets,
  HANDLE_BORROW,
  HANDLE_FREE,
  HANDLE_KIND_BITS,
  HANDLE_KIND_MASK,
  HANDLE_OWN,
  handleSlot,
  instanceCell,
} from '@gangway/offsets';
import type { ContextMemory } from '@gangway/vmctx';
import { trap } from '../call/abi-trap.ts';
import type { BorrowScope, GuestSide, HandleOps } from '../call/guest-side.ts';
import type { InstanceSide } from '../instance/instance-side.ts';
import { type HandleState, handleState, liveHandle, ResourceHandle, wrapHandle, wrapOwn } from './resource-handle.ts';
import type { GuestResourceType, HostResourceType, ResourceType } from './resource-type.ts';
import { tableOf } from './table-of.ts';

/** Host → guest: what the embedder lends for one call. */
class ExportScope {
  /** Address of the call frame record; its `borrows` counts the guest's borrow handles. */
  readonly record: number;
  /** Null: none yet. Most calls lend one object. */
  lent: HandleState[] | null = null;
  representations: { readonly type: HostResourceType; readonly rep: number }[] | null = null;
  constructor(record: number) {
    this.record = record;
  }
}

/** Guest → host: what the guest lends for one call. */
class ImportScope {
  readonly lent: { readonly resource: ResourceIndex; readonly index: number; readonly object: object }[] = [];
}

/**
 * Where a call frame record, and what of the store context it takes to push one, stand: word indices. The views of
 * `ContextMemory` would do, but a call with a borrow writes a dozen words, and each of them would ask whether the memory
 * has grown: such a call took 430 ns with them.
 */
class FrameWords {
  readonly head: number;
  readonly spillPointer: number;
  readonly spillLimit: number;
  readonly link: number;
  readonly callerVmctx: number;
  readonly calleeVmctx: number;
  readonly callerInstance: number;
  readonly calleeInstance: number;
  readonly borrows: number;
  readonly lenders: number;
  /** Bytes of a record. */
  readonly size: number;
  /** Whether pointers have a second word, which is 0. */
  readonly wide: boolean;

  constructor({ storeContext, pointerSize }: ContextMemory) {
    const { address, offsets } = storeContext;
    const record = new CallFrameOffsets(pointerSize);
    this.head = (address + offsets.frame) >>> 2;
    this.spillPointer = (address + offsets.spillPointer) >>> 2;
    this.spillLimit = (address + offsets.spillLimit) >>> 2;
    this.link = record.link >>> 2;
    this.callerVmctx = record.callerVmctx >>> 2;
    this.calleeVmctx = record.calleeVmctx >>> 2;
    this.callerInstance = record.callerInstance >>> 2;
    this.calleeInstance = record.calleeInstance >>> 2;
    this.borrows = record.borrows >>> 2;
    this.lenders = record.lenders >>> 2;
    this.size = record.size;
    this.wide = pointerSize === 8;
  }
}

export class StoreHandles implements HandleOps {
  readonly #memory: ContextMemory;
  /** Made by the first call with a borrow, when its scope is opened. */
  #frame: FrameWords | null = null;
  // Fields: a function of another module would be looked for and compared in each call.
  readonly representation = liveHandle;
  readonly wrapOwn = wrapOwn;
  readonly hasEnded = (value: unknown): boolean => handleState(value)?.alive === false;

  constructor(memory: ContextMemory) {
    this.#memory = memory;
  }

  checkOwn(side: GuestSide, resource: ResourceIndex, value: unknown): string | null {
    const problem = this.checkBorrow(side, resource, value);
    if (problem !== null) return problem;
    const state = handleState(value);
    if (state === null || typeOf(side, resource).kind === 'host') return null;
    if (state.status === 'borrow') return `this ${state.type.name} is borrowed and cannot be given away`;
    return state.lends === 0 ? null : `this ${state.type.name} is lent to a call and cannot be given away`;
  }

  checkBorrow(side: GuestSide, resource: ResourceIndex, value: unknown): string | null {
    const type = typeOf(side, resource);
    if (type.kind === 'host') {
      // `instanceof` asks the class what it means, and what is no handle takes long to be found to be none: 100 ns.
      if (isOrdinary(type) && isObject(value) && Object.getPrototypeOf(value) === type.class.prototype) return null;
      if (!(value instanceof type.class)) return `expected an instance of ${type.name}`;
      return handleState(value)?.problem ?? null;
    }
    const state = handleState(value);
    if (state === null || state.type !== type) return `expected an instance of ${type.name}`;
    return state.problem;
  }

  lowerOwn(side: GuestSide, resource: ResourceIndex, value: unknown): number {
    const type = typeOf(side, resource);
    let rep: number;
    if (type.kind === 'host') {
      rep = type.add(value as object);
    } else {
      const state = handleState(value) as HandleState;
      rep = state.rep;
      state.end('given away');
    }
    return insert(side, rep, (type.id << HANDLE_KIND_BITS) | HANDLE_OWN, 0);
  }

  lowerBorrow(side: GuestSide, resource: ResourceIndex, value: unknown, scope: BorrowScope): number {
    const type = typeOf(side, resource);
    const lending = scope as ExportScope;
    let rep: number;
    if (type.kind === 'host') {
      rep = type.add(value as object);
      (lending.representations ??= []).push({ type, rep });
    } else {
      const state = handleState(value) as HandleState;
      state.lends += 1;
      (lending.lent ??= []).push(state);
      rep = state.rep;
      // An instance's own resource is passed as its representation.
      if (type.instance === (side as InstanceSide).owner && type.definedIn === side.instance) return rep;
    }
    const index = insert(side, rep, (type.id << HANDLE_KIND_BITS) | HANDLE_BORROW, lending.record);
    wordsOf(side)[(lending.record >>> 2) + this.#frame!.borrows]! += 1;
    return index;
  }

  passesRepresentation(side: GuestSide, resource: ResourceIndex): boolean {
    const type = typeOf(side, resource);
    return type.kind === 'guest' && type.instance === (side as InstanceSide).owner && type.definedIn === side.instance;
  }

  resourceType(side: GuestSide, resource: ResourceIndex): object {
    return typeOf(side, resource);
  }

  refusal(path: string, type: object, value: unknown): TypeError {
    const state = handleState(value);
    const known = state !== null && state.type === type ? state.problem : null;
    return new TypeError(`${path}: ${known ?? `expected an instance of ${(type as GuestResourceType).name}`}`);
  }

  liftOwn(side: GuestSide, resource: ResourceIndex, index: number): object {
    const type = typeOf(side, resource);
    return wrapOwn(type, this.takeOwn(side, type, index));
  }

  takeOwn(side: GuestSide, type: ResourceType, index: number): number {
    const words = wordsOf(side);
    const { flags: cell } = side;
    if (index < words[cell + CAPACITY]! >>> 0) {
      const slot = slotAt(words, cell, index);
      if (words[slot + TYPE] === type.ownWord && words[slot + LENDS] === 0) {
        const rep = words[slot + REP] as number;
        words[slot + TYPE] = 0;
        words[slot + NEXT_FREE] = words[cell + FREE]!;
        words[cell + FREE] = index;
        return rep;
      }
    }
    return refuseOwn(words, cell, type, index);
  }

  liftBorrow(side: GuestSide, resource: ResourceIndex, index: number, scope: BorrowScope): object {
    const words = wordsOf(side);
    const slot = findSlot(words, side.flags, index, typeOf(side, resource).id);
    words[slot + LENDS]! += 1;
    const object = this.lentObject(side, resource, words[slot + REP]! >>> 0);
    (scope as ImportScope).lent.push({ resource, index, object });
    return object;
  }

  hostObjects(side: GuestSide, resource: ResourceIndex): readonly unknown[] | null {
    const type = typeOf(side, resource);
    return type.kind === 'host' ? type.objects : null;
  }

  lentObject(side: GuestSide, resource: ResourceIndex, rep: number): object {
    const type = typeOf(side, resource);
    return type.kind === 'host' ? type.get(rep) : wrapHandle(type, rep, 'borrow');
  }

  endLent(side: GuestSide, resource: ResourceIndex, object: object): void {
    // A host's class may be a resource class of another store: its objects are not ours to end.
    if (typeOf(side, resource).kind === 'host') return;
    const state = handleState(object);
    if (state?.status === 'borrow') state.end('returned');
  }

  openExport(side: GuestSide): BorrowScope {
    const words = wordsOf(side);
    const frame = (this.#frame ??= new FrameWords(this.#memory));
    const record = words[frame.spillPointer]! >>> 0;
    if (record + frame.size > words[frame.spillLimit]! >>> 0) trap('spill-stack-overflow');
    const at = record >>> 2;
    if (frame.wide) for (let i = 0; i < frame.size >>> 2; i++) words[at + i] = 0;
    words[at + frame.link] = words[frame.head]!;
    words[at + frame.callerVmctx] = 0;
    words[at + frame.calleeVmctx] = side.vmctx;
    words[at + frame.callerInstance] = 0;
    words[at + frame.calleeInstance] = side.instance;
    words[at + frame.borrows] = 0;
    words[at + frame.lenders] = 0;
    words[frame.head] = record;
    words[frame.spillPointer] = record + frame.size;
    return new ExportScope(record);
  }

  closeExport(side: GuestSide, scope: BorrowScope): void {
    const { record, lent, representations } = scope as ExportScope;
    const words = wordsOf(side);
    const frame = this.#frame!;
    const at = record >>> 2;
    if (words[at + frame.borrows] !== 0) trap('borrow-remains');
    words[frame.head] = words[at + frame.link]!;
    words[frame.spillPointer] = record;
    if (lent !== null) for (const state of lent) state.lends -= 1;
    if (representations !== null) for (const { type, rep } of representations) type.remove(rep);
  }

  openImport(_side: GuestSide): BorrowScope {
    return new ImportScope();
  }

  closeImport(side: GuestSide, scope: BorrowScope): void {
    const words = wordsOf(side);
    for (const { resource, index, object } of (scope as ImportScope).lent) {
      // The guest cannot have dropped it: it is lent. But a disposed instance has no table.
      if (index < words[side.flags + CAPACITY]!) words[slotAt(words, side.flags, index) + LENDS]! -= 1;
      this.endLent(side, resource, object);
    }
  }
}

/** Word offsets in a slot and in an instance's cell, whose first word is `side.flags`. */
const REP = handleSlot.rep >>> 2;
const TYPE = handleSlot.type >>> 2;
const LENDS = handleSlot.lends >>> 2;
const SCOPE = handleSlot.scope >>> 2;
const NEXT_FREE = handleSlot.nextFree >>> 2;
const SLOT_SHIFT = Math.log2(handleSlot.size >>> 2);
const TABLE = instanceCell.handles >>> 2;
const CAPACITY = instanceCell.capacity >>> 2;
const FREE = instanceCell.free >>> 2;

/** The context memory as words. */
function wordsOf(side: GuestSide): Int32Array {
  const { context } = side;
  return context.i32.length === 0 ? context.refresh() : context.i32;
}

/** All of it integers of 32 bits: the sum of an address and a product would be a float. */
function slotAt(words: Int32Array, cell: number, index: number): number {
  return ((words[cell + TABLE]! >>> 2) + (index << SLOT_SHIFT)) | 0;
}

/** For what is no own handle of the type that could be taken. */
function refuseOwn(words: Int32Array, cell: number, type: ResourceType, index: number): never {
  const slot = findSlot(words, cell, index, type.id);
  trap(words[slot + LENDS] !== 0 ? 'owned-is-lent' : 'not-owned', index);
}

/** Word index of the slot of a resource handle of the type `id`; traps when `index` is none. */
function findSlot(words: Int32Array, cell: number, index: number, id: number): number {
  if (index >= words[cell + CAPACITY]! >>> 0) trap('unknown-handle', index);
  const slot = slotAt(words, cell, index);
  const typeWord = words[slot + TYPE]!;
  const kind = typeWord & HANDLE_KIND_MASK;
  if (kind === HANDLE_FREE) trap('unknown-handle', index);
  if (kind > HANDLE_BORROW) trap('not-a-resource', index);
  if (typeWord >>> HANDLE_KIND_BITS !== id) trap('wrong-handle-type', index);
  return slot;
}

function isOrdinary(type: HostResourceType): boolean {
  type.ordinary ??=
    type.class[Symbol.hasInstance] === Function.prototype[Symbol.hasInstance] &&
    !(type.class.prototype instanceof ResourceHandle);
  return type.ordinary;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function typeOf(side: GuestSide, resource: ResourceIndex) {
  return (side as InstanceSide).owner.resourceType(resource);
}

/** Puts a handle into the table; what `HandleTable.add` does, when there is room. */
function insert(side: GuestSide, rep: number, typeWord: number, scope: number): number {
  const words = wordsOf(side);
  const free = words[side.flags + FREE]! >>> 0;
  if (free === 0) {
    const index = tableOf(side as InstanceSide).add(rep, typeWord >>> 0, scope);
    if (index === 0) trap('handle-table-full');
    return index;
  }
  const slot = slotAt(words, side.flags, free);
  words[side.flags + FREE] = words[slot + NEXT_FREE]!;
  words[slot + REP] = rep;
  words[slot + TYPE] = typeWord;
  words[slot + LENDS] = 0;
  words[slot + SCOPE] = scope;
  return free;
}
