/**
 * The handle tables of component instances, as emitted code: add, look up, remove, lend, and what lift and lower make of
 * own and borrow. In: where the instance is found and the operands; out: calls of helpers that are emitted once a module.
 * The helpers take (vmctx, instance), so that one of each serves all instances and both sides of a call.
 *
 * Slots move when a table grows: an address of a slot is dead after anything that may add a handle to the same table.
 * Only growing is a built-in.
 *
 * Rejected: lookups inlined at each use. Three loads and four branches a handle, in adapters with many handles.
 */
import type { TrapCode } from '@gangway/component/traps';
import {
  CallFrameOffsets,
  HANDLE_BORROW,
  HANDLE_KIND_BITS,
  HANDLE_KIND_MASK,
  HANDLE_OWN,
  handleSlot,
  instanceCell,
} from '@gangway/offsets';
import type { Expr, Func, FunctionBuilder, Global, Local } from './builder.ts';
import { importBuiltin } from './builtin-import.ts';
import { reserveSpill } from './spill-stack.ts';
import { getVariable, type InstanceRef, type Site, storeContext, storePointer } from './store-context.ts';
import { recordTrap, trapIf } from './trap.ts';

/** log2 of the bytes in an instance's cell of the vmctx, and in a slot of a handle table. */
const CELL_SHIFT = 4;
const SLOT_SHIFT = Math.log2(handleSlot.size);

const frameOffsets: { 4?: CallFrameOffsets; 8?: CallFrameOffsets } = {};

/** The layout of call frame records for the pointer size of a vmctx. */
export function callFrameOffsets(offsets: Pick<InstanceRef['offsets'], 'pointerSize'>): CallFrameOffsets {
  return (frameOffsets[offsets.pointerSize] ??= new CallFrameOffsets(offsets.pointerSize));
}

/**
 * A record of a lent handle, 16 bytes on the spill stack. They form a list that starts in the call frame's `lenders`:
 * u32 address of the next one (0 = none), u32 index in the handle table of the frame's caller.
 */
const lender = { next: 0, index: 4, size: 16 } as const;

/** `resource.new`, `lower_own`: puts an owned handle into the instance's table; its index. */
export function addOwn(f: FunctionBuilder, at: InstanceRef, type: Global, rep: Expr): Expr {
  return f.call(addHelper(f, at), [...where(f, at), rep, word(f, type, HANDLE_OWN), f.i32.const(0)]);
}

/**
 * CanonicalABI.md#lower_borrow, for an instance that does not define the resource: puts a borrowed handle into the
 * table and counts it in the call frame at `frame`. Its index.
 */
export function addBorrow(f: FunctionBuilder, at: InstanceRef, type: Global, rep: Expr, frame: Expr): Expr {
  return f.call(addBorrowHelper(f, at), [...where(f, at), rep, word(f, type, HANDLE_BORROW), frame]);
}

/** `resource.rep`, and `lift_borrow` of the host's side: the representation of a handle, own or borrow. */
export function representation(f: FunctionBuilder, at: InstanceRef, type: Global, index: Expr): Expr {
  const slot = f.call(slotHelper(f, at), [...where(f, at), index, f.global(type)]);
  return f.i32.load(at.context, slot, handleSlot.rep);
}

/** CanonicalABI.md#lift_own: takes an owned handle that is not lent out of the table; its representation. */
export function removeOwn(f: FunctionBuilder, at: InstanceRef, type: Global, index: Expr): Expr {
  return f.call(removeOwnHelper(f, at), [...where(f, at), index, f.global(type)]);
}

/**
 * CanonicalABI.md#lift_borrow: lends a handle, own or borrow, for the call whose frame is at `frame`; its representation.
 * `returnLent` ends it.
 */
export function lend(f: FunctionBuilder, at: InstanceRef, type: Global, index: Expr, frame: Expr): Expr {
  return f.call(lendHelper(f, at), [...where(f, at), index, f.global(type), frame]);
}

/**
 * The same for a call of the host, which has no frame: sets `slot` to the address of the handle's slot, and lends it.
 * `returnDirectly` ends it.
 */
export function lendDirectly(f: FunctionBuilder, at: InstanceRef, type: Global, index: Local, slot: Local): Expr[] {
  return [
    f.set(slot, f.call(slotHelper(f, at), [...where(f, at), f.get(index), f.global(type)])),
    addToLends(f, at, slot, 1),
  ];
}

/** Ends what `lendDirectly` began. The handle is still in its slot, because it was lent, but the table may have moved. */
export function returnDirectly(f: FunctionBuilder, at: InstanceRef, index: Local, slot: Local): Expr[] {
  const { i32 } = f;
  const table = i32.load(at.context, getVariable(f, at.vmctx), at.offsets.flags(at.instance) + instanceCell.handles);
  return [f.set(slot, i32.add(table, i32.shl(f.get(index), i32.const(SLOT_SHIFT)))), addToLends(f, at, slot, -1)];
}

/** The representation in a slot. */
export function slotRepresentation(f: FunctionBuilder, at: InstanceRef, slot: Local): Expr {
  return f.i32.load(at.context, f.get(slot), handleSlot.rep);
}

function addToLends(f: FunctionBuilder, at: InstanceRef, slot: Local, by: number): Expr {
  const lends = f.i32.load(at.context, f.get(slot), handleSlot.lends);
  return f.i32.store(at.context, f.get(slot), f.i32.add(lends, f.i32.const(by)), handleSlot.lends);
}

/** Ends the lending of all handles that were lent for the call whose frame is at `frame`. */
export function returnLent(f: FunctionBuilder, at: InstanceRef, frame: Expr): Expr {
  return f.call(returnLentHelper(f, at), [...where(f, at), frame]);
}

/**
 * CanonicalABI.md#canon-resourcedrop, without the destructor: takes the handle out of the table. Sets `rep`; the value is
 * 1 when the handle was owned, so that its destructor has to run.
 */
export function removeAny(
  f: FunctionBuilder,
  at: InstanceRef,
  type: Global,
  index: Expr,
  owned: Local,
  rep: Local,
): Expr {
  return f.call_into([owned, rep], dropHelper(f, at), [...where(f, at), index, f.global(type)]);
}

function where(f: FunctionBuilder, at: InstanceRef): [Expr, Expr] {
  return [getVariable(f, at.vmctx), f.i32.const(at.instance)];
}

function word(f: FunctionBuilder, type: Global, kind: number): Expr {
  return f.i32.or(f.i32.shl(f.global(type), f.i32.const(HANDLE_KIND_BITS)), f.i32.const(kind));
}

// --- helpers ---------------------------------------------------------------------------------------------------------

/** Parameters of every helper, and what code in one needs. */
const vmctxAndInstance = [
  ['vmctx', 'i32'],
  ['instance', 'i32'],
] as const;

interface Helper extends Site {
  readonly vmctx: Local;
  readonly instance: Local;
}

/** The instance that a helper works for. */
function helper(f: FunctionBuilder, at: InstanceRef): Helper {
  return { context: at.context, offsets: at.offsets, vmctx: f.params[0]!, instance: f.params[1]! };
}

/** Address from which the fields of the instance's cell are `flags(0) + field` away. */
function cellBase(f: FunctionBuilder, h: Helper): Expr {
  return f.i32.add(f.get(h.vmctx), f.i32.shl(f.get(h.instance), f.i32.const(CELL_SHIFT)));
}

function cellOffset(h: Pick<Helper, 'offsets'>, field: keyof typeof instanceCell): number {
  return h.offsets.flags(0) + instanceCell[field];
}

/** Address of a slot, which must be below the capacity. */
function slotAddress(f: FunctionBuilder, h: Helper, cell: Local, index: Expr): Expr {
  const table = f.i32.load(h.context, f.get(cell), cellOffset(h, 'handles'));
  return f.i32.add(table, f.i32.shl(index, f.i32.const(SLOT_SHIFT)));
}

/** `(vmctx, instance, rep, type word, scope) -> index` */
function addHelper(f: FunctionBuilder, at: InstanceRef): Func {
  return f.module.helper(
    'handle.add',
    [...vmctxAndInstance, ['rep', 'i32'], ['type', 'i32'], ['scope', 'i32']],
    ['i32'],
    (g) => addBody(g, at),
  );
}

function addBody(f: FunctionBuilder, at: InstanceRef): readonly Expr[] {
  const { i32 } = f;
  const h = helper(f, at);
  const [, , rep, type, scope] = f.params;
  const [cell, index, slot] = ['cell', 'index', 'slot'].map((name) => f.local(name, 'i32'));
  const free = cellOffset(h, 'free');
  const set = (field: 'rep' | 'type' | 'lends' | 'scope', value: Expr): Expr =>
    i32.store(h.context, f.get(slot!), value, handleSlot[field]);
  const grow = f.call(importBuiltin(f.module, 'grow-handle-table'), [f.get(h.vmctx), f.get(h.instance)]);
  return [
    f.set(cell!, cellBase(f, h)),
    f.set(index!, i32.load(h.context, f.get(cell!), free)),
    f.if(i32.eqz(f.get(index!)), [
      f.if(i32.eqz(grow), [f.unreachable()]),
      f.set(index!, i32.load(h.context, f.get(cell!), free)),
    ]),
    f.set(slot!, slotAddress(f, h, cell!, f.get(index!))),
    i32.store(h.context, f.get(cell!), i32.load(h.context, f.get(slot!), handleSlot.nextFree), free),
    set('rep', f.get(rep!)),
    set('type', f.get(type!)),
    set('lends', i32.const(0)),
    set('scope', f.get(scope!)),
    f.get(index!),
  ];
}

/** `(vmctx, instance, rep, type word, frame) -> index`; counts the borrow in the frame. */
function addBorrowHelper(f: FunctionBuilder, at: InstanceRef): Func {
  const add = addHelper(f, at);
  return f.module.helper(
    'handle.add_borrow',
    [...vmctxAndInstance, ['rep', 'i32'], ['type', 'i32'], ['frame', 'i32']],
    ['i32'],
    (g) => [
      countBorrow(g, at, g.params[4]!, 1),
      g.call(
        add,
        g.params.map((param) => g.get(param)),
      ),
    ],
  );
}

/** Adds to the number of borrows that the call with this frame has to drop. */
function countBorrow(f: FunctionBuilder, at: InstanceRef, frame: Local, by: number): Expr {
  const { borrows } = callFrameOffsets(at.offsets);
  const count = f.i32.load(at.context, f.get(frame), borrows);
  return f.i32.store(at.context, f.get(frame), f.i32.add(count, f.i32.const(by)), borrows);
}

/** `(vmctx, instance, index, resource type) -> slot address`, a handle of that type; traps when it is anything else. */
function slotHelper(f: FunctionBuilder, at: InstanceRef): Func {
  return f.module.helper('handle.slot', [...vmctxAndInstance, ['index', 'i32'], ['type', 'i32']], ['i32'], (g) =>
    slotBody(g, at),
  );
}

function slotBody(f: FunctionBuilder, at: InstanceRef): readonly Expr[] {
  const { i32 } = f;
  const h = helper(f, at);
  const [, , index, type] = f.params;
  const [cell, slot, kind] = ['cell', 'slot', 'kind'].map((name) => f.local(name, 'i32'));
  const trap = (code: TrapCode): Expr => recordTrap(f, { ...h, code, detail: f.get(index!) });
  const capacity = i32.load(h.context, f.get(cell!), cellOffset(h, 'capacity'));
  const typeWord = (): Expr => i32.load(h.context, f.get(slot!), handleSlot.type);
  const isKind = (value: Expr): Expr => i32.lt_u(i32.sub(value, i32.const(HANDLE_OWN)), i32.const(HANDLE_BORROW));
  return [
    f.set(cell!, cellBase(f, h)),
    f.if(i32.ge_u(f.get(index!), capacity), [trap('unknown-handle')]),
    f.set(slot!, slotAddress(f, h, cell!, f.get(index!))),
    // The type's bits cancel out when it is the right one, which leaves own or borrow.
    f.if(isKind(i32.xor(typeWord(), i32.shl(f.get(type!), i32.const(HANDLE_KIND_BITS)))), [f.return(f.get(slot!))]),
    f.set(kind!, i32.and(typeWord(), i32.const(HANDLE_KIND_MASK))),
    f.if(i32.eqz(f.get(kind!)), [trap('unknown-handle')]),
    f.if(isKind(f.get(kind!)), [trap('wrong-handle-type')]),
    trap('not-a-resource'),
  ];
}

/** Makes the slot of `index` the first free one. */
function unlink(f: FunctionBuilder, h: Helper, slot: Local, index: Local): Expr[] {
  const { i32 } = f;
  const cell = f.local('cell', 'i32');
  const free = cellOffset(h, 'free');
  const clear = (['type', 'lends', 'scope'] as const).map((field) =>
    i32.store(h.context, f.get(slot), i32.const(0), handleSlot[field]),
  );
  return [
    f.set(cell, cellBase(f, h)),
    ...clear,
    i32.store(h.context, f.get(slot), i32.load(h.context, f.get(cell), free), handleSlot.nextFree),
    i32.store(h.context, f.get(cell), f.get(index), free),
  ];
}

function kindOf(f: FunctionBuilder, h: Helper, slot: Local): Expr {
  return f.i32.and(f.i32.load(h.context, f.get(slot), handleSlot.type), f.i32.const(HANDLE_KIND_MASK));
}

function trapIfLent(f: FunctionBuilder, h: Helper, slot: Local, index: Local): Expr {
  return trapIf(f, f.i32.load(h.context, f.get(slot), handleSlot.lends), {
    ...h,
    code: 'owned-is-lent',
    detail: f.get(index),
  });
}

/** `(vmctx, instance, index, resource type) -> rep` */
function removeOwnHelper(f: FunctionBuilder, at: InstanceRef): Func {
  const find = slotHelper(f, at);
  return f.module.helper(
    'handle.remove_own',
    [...vmctxAndInstance, ['index', 'i32'], ['type', 'i32']],
    ['i32'],
    (g) => {
      const h = helper(g, at);
      const index = g.params[2]!;
      const [slot, rep] = [g.local('slot', 'i32'), g.local('rep', 'i32')];
      return [
        g.set(
          slot,
          g.call(
            find,
            g.params.map((param) => g.get(param)),
          ),
        ),
        trapIfLent(g, h, slot, index),
        trapIf(g, g.i32.ne(kindOf(g, h, slot), g.i32.const(HANDLE_OWN)), {
          ...h,
          code: 'not-owned',
          detail: g.get(index),
        }),
        g.set(rep, g.i32.load(h.context, g.get(slot), handleSlot.rep)),
        ...unlink(g, h, slot, index),
        g.get(rep),
      ];
    },
  );
}

/** `(vmctx, instance, index, resource type) -> (owned, rep)` */
function dropHelper(f: FunctionBuilder, at: InstanceRef): Func {
  const find = slotHelper(f, at);
  return f.module.helper(
    'handle.drop',
    [...vmctxAndInstance, ['index', 'i32'], ['type', 'i32']],
    ['i32', 'i32'],
    (g) => {
      const h = helper(g, at);
      const index = g.params[2]!;
      const [slot, owned, rep, scope] = ['slot', 'owned', 'rep', 'scope'].map((name) => g.local(name, 'i32'));
      return [
        g.set(
          slot!,
          g.call(
            find,
            g.params.map((param) => g.get(param)),
          ),
        ),
        trapIfLent(g, h, slot!, index),
        g.set(owned!, g.i32.eq(kindOf(g, h, slot!), g.i32.const(HANDLE_OWN))),
        g.set(rep!, g.i32.load(h.context, g.get(slot!), handleSlot.rep)),
        g.set(scope!, g.i32.load(h.context, g.get(slot!), handleSlot.scope)),
        ...unlink(g, h, slot!, index),
        g.if(g.i32.eqz(g.get(owned!)), [countBorrow(g, at, scope!, -1)]),
        g.values([g.get(owned!), g.get(rep!)]),
      ];
    },
  );
}

/** `(vmctx, instance, index, resource type, frame) -> rep` */
function lendHelper(f: FunctionBuilder, at: InstanceRef): Func {
  const find = slotHelper(f, at);
  return f.module.helper(
    'handle.lend',
    [...vmctxAndInstance, ['index', 'i32'], ['type', 'i32'], ['frame', 'i32']],
    ['i32'],
    (g) => {
      const { i32 } = g;
      const h = helper(g, at);
      const [, , index, type, frame] = g.params;
      const [slot, store, record] = ['slot', 'store', 'record'].map((name) => g.local(name, 'i32'));
      const { lenders } = callFrameOffsets(at.offsets);
      const lends = i32.load(h.context, g.get(slot!), handleSlot.lends);
      return [
        g.set(slot!, g.call(find, [g.get(h.vmctx), g.get(h.instance), g.get(index!), g.get(type!)])),
        i32.store(h.context, g.get(slot!), i32.add(lends, i32.const(1)), handleSlot.lends),
        g.set(store!, storeContext(g, h)),
        ...reserveSpill(g, h, store!, record!, lender.size),
        i32.store(h.context, g.get(record!), i32.load(h.context, g.get(frame!), lenders), lender.next),
        i32.store(h.context, g.get(record!), g.get(index!), lender.index),
        storePointer(g, h, g.get(frame!), g.get(record!), lenders),
        i32.load(h.context, g.get(slot!), handleSlot.rep),
      ];
    },
  );
}

/** `(vmctx, instance, frame)` */
function returnLentHelper(f: FunctionBuilder, at: InstanceRef): Func {
  return f.module.helper('handle.return_lent', [...vmctxAndInstance, ['frame', 'i32']], [], (g) => {
    const { i32 } = g;
    const h = helper(g, at);
    const frame = g.params[2]!;
    const [cell, record, slot] = ['cell', 'record', 'slot'].map((name) => g.local(name, 'i32'));
    const lends = i32.load(h.context, g.get(slot!), handleSlot.lends);
    return [
      g.set(cell!, cellBase(g, h)),
      g.set(record!, i32.load(h.context, g.get(frame), callFrameOffsets(at.offsets).lenders)),
      g.block('done', (done) => [
        g.loop('next', (next) => [
          g.br_if(done, i32.eqz(g.get(record!))),
          // A lent handle cannot be dropped, so its slot is still its own.
          g.set(slot!, slotAddress(g, h, cell!, i32.load(h.context, g.get(record!), lender.index))),
          i32.store(h.context, g.get(slot!), i32.sub(lends, i32.const(1)), handleSlot.lends),
          g.set(record!, i32.load(h.context, g.get(record!), lender.next)),
          g.br(next),
        ]),
      ]),
    ];
  });
}
