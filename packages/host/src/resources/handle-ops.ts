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
import type { BorrowScope, GuestSide, HandleOps, LentRepresentation } from '../call/guest-side.ts';
import type { InstanceSide } from '../instance/instance-side.ts';
import type { StoreState } from '../store/store.ts';
import { type HandleState, handleState, wrapHandle } from './resource-handle.ts';
import type { GuestResourceType, HostResourceType } from './resource-type.ts';
import { tableOf } from './table-of.ts';

/** Host → guest: what the embedder lends for one call. */
class ExportScope {
  /** Address of the call frame record; its `borrows` counts the guest's borrow handles. */
  readonly record: number;
  readonly lent: HandleState[] = [];
  readonly representations: { readonly type: HostResourceType; readonly rep: number }[] = [];
  constructor(record: number) {
    this.record = record;
  }
}

/** Guest → host: what the guest lends for one call. */
class ImportScope {
  readonly lent: { readonly resource: ResourceIndex; readonly index: number; readonly object: object }[] = [];
}

export class StoreHandles implements HandleOps {
  readonly #store: StoreState;
  readonly #memory: ContextMemory;
  readonly #frame: CallFrameOffsets;

  constructor(store: StoreState) {
    this.#store = store;
    this.#memory = store.memory;
    this.#frame = new CallFrameOffsets(store.memory.pointerSize);
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
      // Two parameters of one call may name the same object: the checks saw it alive both times.
      if (state.status !== 'own') trap('host-error');
      if (state.lends !== 0) trap('owned-is-lent');
      rep = state.rep;
      state.status = 'given away';
    }
    return insert(side, rep, (type.id << HANDLE_KIND_BITS) | HANDLE_OWN, 0);
  }

  lowerBorrow(side: GuestSide, resource: ResourceIndex, value: unknown, scope: BorrowScope): number {
    const type = typeOf(side, resource);
    const lending = scope as ExportScope;
    let rep: number;
    if (type.kind === 'host') {
      rep = type.add(value as object);
      lending.representations.push({ type, rep });
    } else {
      const state = handleState(value) as HandleState;
      if (!state.alive) trap('host-error');
      state.lends += 1;
      lending.lent.push(state);
      rep = state.rep;
      // An instance's own resource is passed as its representation.
      if (type.instance === (side as InstanceSide).owner && type.definedIn === side.instance) return rep;
    }
    const index = insert(side, rep, (type.id << HANDLE_KIND_BITS) | HANDLE_BORROW, lending.record);
    this.#memory.u32[(lending.record + this.#frame.borrows) >>> 2]! += 1;
    return index;
  }

  passesRepresentation(side: GuestSide, resource: ResourceIndex): boolean {
    const type = typeOf(side, resource);
    return type.kind === 'guest' && type.instance === (side as InstanceSide).owner && type.definedIn === side.instance;
  }

  resourceType(side: GuestSide, resource: ResourceIndex): object {
    return typeOf(side, resource);
  }

  representation(type: object, value: unknown): LentRepresentation | string {
    const state = handleState(value);
    if (state === null || state.type !== type) return `expected an instance of ${(type as GuestResourceType).name}`;
    return state.alive ? state : (state.problem as string);
  }

  liftOwn(side: GuestSide, resource: ResourceIndex, index: number): object {
    const type = typeOf(side, resource);
    const words = wordsOf(side);
    const slot = findSlot(words, side.flags, index, type.id);
    if (words[slot + LENDS] !== 0) trap('owned-is-lent');
    if ((words[slot + TYPE]! & HANDLE_KIND_MASK) !== HANDLE_OWN) trap('not-owned', index);
    const rep = words[slot + REP]! >>> 0;
    tableOf(side as InstanceSide).remove(index);
    return type.kind === 'host' ? type.remove(rep) : wrapHandle(type, rep, 'own', this.#store.finalizers);
  }

  liftBorrow(side: GuestSide, resource: ResourceIndex, index: number, scope: BorrowScope): object {
    const object = this.lendBorrow(side, resource, index);
    (scope as ImportScope).lent.push({ resource, index, object });
    return object;
  }

  lendBorrow(side: GuestSide, resource: ResourceIndex, index: number): object {
    const type = typeOf(side, resource);
    const words = wordsOf(side);
    const slot = findSlot(words, side.flags, index, type.id);
    words[slot + LENDS]! += 1;
    const rep = words[slot + REP]! >>> 0;
    return type.kind === 'host' ? type.get(rep) : wrapHandle(type, rep, 'borrow', this.#store.finalizers);
  }

  returnBorrow(side: GuestSide, resource: ResourceIndex, index: number, object: object): void {
    const words = wordsOf(side);
    // The guest cannot have dropped it: it is lent. But a disposed instance has no table.
    if (index < words[side.flags + CAPACITY]!) words[slotAt(words, side.flags, index) + LENDS]! -= 1;
    if (typeOf(side, resource).kind === 'host') return;
    const state = handleState(object);
    if (state?.status === 'borrow') state.status = 'returned';
  }

  openExport(side: GuestSide): BorrowScope {
    const { storeContext } = this.#memory;
    const record = storeContext.spillPointer;
    if (record + this.#frame.size > storeContext.spillLimit) trap('spill-stack-overflow');
    const words = this.#memory.u32;
    const memory = this.#memory;
    memory.writePointer(record + this.#frame.link, storeContext.frame);
    memory.writePointer(record + this.#frame.callerVmctx, 0);
    memory.writePointer(record + this.#frame.calleeVmctx, side.vmctx);
    words[(record + this.#frame.callerInstance) >>> 2] = 0;
    words[(record + this.#frame.calleeInstance) >>> 2] = side.instance;
    words[(record + this.#frame.borrows) >>> 2] = 0;
    memory.writePointer(record + this.#frame.lenders, 0);
    storeContext.frame = record;
    storeContext.spillPointer = record + this.#frame.size;
    return new ExportScope(record);
  }

  closeExport(_side: GuestSide, scope: BorrowScope): void {
    const { record, lent, representations } = scope as ExportScope;
    const { storeContext } = this.#memory;
    const words = this.#memory.u32;
    if (words[(record + this.#frame.borrows) >>> 2] !== 0) trap('borrow-remains');
    storeContext.frame = words[(record + this.#frame.link) >>> 2] as number;
    storeContext.spillPointer = record;
    for (const state of lent) state.lends -= 1;
    for (const { type, rep } of representations) type.remove(rep);
  }

  openImport(_side: GuestSide): BorrowScope {
    return new ImportScope();
  }

  closeImport(side: GuestSide, scope: BorrowScope): void {
    for (const { resource, index, object } of (scope as ImportScope).lent) {
      this.returnBorrow(side, resource, index, object);
    }
  }
}

/** Word offsets in a slot and in an instance's cell, whose first word is `side.flags`. */
const REP = handleSlot.rep >>> 2;
const TYPE = handleSlot.type >>> 2;
const LENDS = handleSlot.lends >>> 2;
const SLOT_WORDS = handleSlot.size >>> 2;
const TABLE = instanceCell.handles >>> 2;
const CAPACITY = instanceCell.capacity >>> 2;

/** The context memory as words. */
function wordsOf(side: GuestSide): Int32Array {
  const { context } = side;
  return context.i32.length === 0 ? context.refresh() : context.i32;
}

function slotAt(words: Int32Array, cell: number, index: number): number {
  return (words[cell + TABLE]! >>> 2) + index * SLOT_WORDS;
}

/** Word index of the slot of a resource handle of the type `id`; traps when `index` is none. */
function findSlot(words: Int32Array, cell: number, index: number, id: number): number {
  if (index >= words[cell + CAPACITY]!) trap('unknown-handle', index);
  const slot = slotAt(words, cell, index);
  const typeWord = words[slot + TYPE]!;
  const kind = typeWord & HANDLE_KIND_MASK;
  if (kind === HANDLE_FREE) trap('unknown-handle', index);
  if (kind > HANDLE_BORROW) trap('not-a-resource', index);
  if (typeWord >>> HANDLE_KIND_BITS !== id) trap('wrong-handle-type', index);
  return slot;
}

function typeOf(side: GuestSide, resource: ResourceIndex) {
  return (side as InstanceSide).owner.resourceType(resource);
}

function insert(side: GuestSide, rep: number, typeWord: number, scope: number): number {
  const index = tableOf(side as InstanceSide).add(rep, typeWord >>> 0, scope);
  if (index === 0) trap('handle-table-full');
  return index;
}
