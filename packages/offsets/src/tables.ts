/**
 * The tables of fields: the only place that states what a vmctx, a store context, a call frame and a handle slot look
 * like. Accessors, total sizes, poison, dumps, maps and emitted code derive from them.
 *
 * The vmctx has the fields of wasmtime 44's `VMComponentContext`, in the same order; what native code keeps as a
 * pointer is an index here (a function: into the function table; a memory, a table, a host object: into an array of the
 * store).
 */
import type { FieldSpec, LayoutTable, PartSpec } from './layout.ts';

/** The counts of a component that the size of its vmctx depends on. */
export interface VmctxCounts {
  /** Component instances that exist at run time, the root included. */
  readonly componentInstances: number;
  readonly trampolines: number;
  /** Highest intrinsic in use + 1. */
  readonly intrinsics: number;
  readonly lowerings: number;
  readonly memories: number;
  readonly tables: number;
  readonly reallocs: number;
  readonly callbacks: number;
  readonly postReturns: number;
  readonly resources: number;
}

const pointer = (name: string): PartSpec => ({ name, size: 'P', kind: 'pointer' });
const u32 = (name: string): PartSpec => ({ name, size: 4, kind: 'value' });
const spare = (size: number): PartSpec => ({ name: 'spare', size, kind: 'spare' });

const funcRef = [pointer('array_call'), pointer('wasm_call'), u32('type_index'), pointer('vmctx')];

function slots<C extends string>(
  name: string,
  count: C | number,
  parts: readonly PartSpec[],
  text: string,
  writer: string,
  reader: string,
): FieldSpec<C> {
  const align = parts.some((part) => part.size === 'P') ? 'P' : 4;
  return { name, count, parts, align, text, writer, reader };
}

/** A field whose count is the same in every block. */
function fixed(
  name: string,
  count: number,
  parts: readonly PartSpec[],
  text: string,
  writer: string,
  reader: string,
): FieldSpec<never> {
  return slots<never>(name, count, parts, text, writer, reader);
}

/** The four bytes `comp`, read as a little-endian u32. */
export const VMCTX_MAGIC = 0x706d_6f63;

export const vmctxTable: LayoutTable<keyof VmctxCounts> = {
  name: 'vmctx',
  fields: [
    {
      name: 'magic',
      count: 1,
      parts: [u32('magic')],
      align: 4,
      text: 'the four bytes "comp"',
      writer: 'allocation; cleared when freed',
      reader: 'whoever is given a vmctx address',
    },
    fixed(
      'builtins',
      1,
      [pointer('builtins')],
      'index + 1 of the built-ins among the host objects of the store',
      'instantiation',
      'imports of emitted modules',
    ),
    fixed(
      'vm_store_context',
      1,
      [pointer('vm_store_context')],
      'address of the store context',
      'allocation',
      'emitted code: traps, spill stack, call frames',
    ),
    {
      name: 'flags',
      count: 'componentInstances',
      parts: [u32('bits'), u32('handles'), u32('capacity'), u32('free')],
      align: 16,
      text: 'one a component instance: bits (0 = may leave, 1 = entered); its handle table: address, capacity in slots, first free index',
      writer: 'allocation; lift and lower; handle tables',
      reader: 'trampolines and adapters',
    },
    {
      name: 'task_may_block',
      count: 1,
      parts: [u32('value'), spare(12)],
      align: 16,
      text: 'whether the current task may block',
      writer: 'adapters, resource.drop, tasks',
      reader: 'adapters, resource.drop, built-ins that may block',
    },
    slots(
      'trampoline_func_refs',
      'trampolines',
      funcRef,
      'VMFuncRef: functions (spilled form, typed form), type, vmctx',
      'instantiation',
      'core imports of the guest; whoever takes a func ref from outside checks type_index',
    ),
    slots(
      'intrinsic_func_refs',
      'intrinsics',
      funcRef,
      'VMFuncRef of an intrinsic',
      'instantiation',
      'core imports of the guest',
    ),
    slots(
      'lowerings',
      'lowerings',
      [pointer('callee'), pointer('data')],
      'VMLowering: function index of the spilled form (the typed one follows it), index of the host function',
      'instantiation',
      'trampolines',
    ),
    slots(
      'memories',
      'memories',
      [pointer('memory')],
      'index + 1 of a core memory in the store',
      'extract-memory',
      'lowering callees, lift and lower',
    ),
    slots(
      'tables',
      'tables',
      [pointer('from'), pointer('vmctx'), u32('index')],
      'VMTableImport: index + 1 of a core table in the store, vmctx, table index',
      'extract-table',
      'thread built-ins',
    ),
    slots('reallocs', 'reallocs', [pointer('func')], 'function index', 'extract-realloc', 'lower'),
    slots('callbacks', 'callbacks', [pointer('func')], 'function index', 'extract-callback', 'tasks'),
    slots('post_returns', 'postReturns', [pointer('func')], 'function index', 'extract-post-return', 'lift'),
    slots(
      'resource_destructors',
      'resources',
      [pointer('func')],
      'function index; 0 = none',
      'resource initializer',
      'resource.drop, host handles',
    ),
  ],
};

/** What emitted code and the host of one store share. One block a store; the vmctx's `vm_store_context` points to it. */
export const storeContextTable: LayoutTable<never> = {
  name: 'store context',
  fields: [
    fixed(
      'trap_code',
      1,
      [u32('trap_code')],
      'number of the recorded trap; 0 = none',
      'who traps',
      'trampolines, host',
    ),
    fixed(
      'trap_detail',
      2,
      [u32('trap_detail')],
      'two numbers that the text of the trap may name',
      'who traps',
      'host',
    ),
    fixed('trap_vmctx', 1, [pointer('trap_vmctx')], 'vmctx in which it trapped', 'who traps', 'host'),
    fixed('trap_instance', 1, [u32('trap_instance')], 'component instance in which it trapped', 'who traps', 'host'),
    fixed(
      'spill_pointer',
      1,
      [pointer('spill_pointer')],
      'first free byte of the spill stack; grows up, 16-byte aligned',
      'trampolines, adapters, host',
      'trampolines, adapters, host',
    ),
    fixed('spill_limit', 1, [pointer('spill_limit')], 'end of the spill stack', 'allocation', 'trampolines, adapters'),
    fixed('locked', 1, [u32('locked')], '1 after a trap: nothing may be entered again', 'host', 'host'),
    fixed('current_task', 1, [pointer('current_task')], 'index + 1 of the current task', 'tasks', 'tasks'),
    fixed(
      'frame',
      1,
      [pointer('frame')],
      'innermost call frame record; 0 = none',
      'adapters, host',
      'host: the call stack',
    ),
    {
      name: 'context_slot',
      count: 2,
      parts: [{ name: 'context_slot', size: 8, kind: 'value' }],
      align: 8,
      text: 'thread-local storage of the current task (context.get, context.set)',
      writer: 'context.set, adapters',
      reader: 'context.get, adapters',
    },
  ],
};

/** A record of the component call chain; they lie on the spill stack. */
export const callFrameTable: LayoutTable<never> = {
  name: 'call frame',
  fields: [
    fixed(
      'link',
      1,
      [pointer('link')],
      'the frame outside this one; 0 = none',
      'adapters, host',
      'host: the call stack',
    ),
    fixed('caller_vmctx', 1, [pointer('caller_vmctx')], 'vmctx of the caller; 0 = the host', 'adapters, host', 'host'),
    fixed('callee_vmctx', 1, [pointer('callee_vmctx')], 'vmctx of the callee', 'adapters, host', 'host'),
    fixed('caller_instance', 1, [u32('caller_instance')], 'component instance of the caller', 'adapters, host', 'host'),
    fixed('callee_instance', 1, [u32('callee_instance')], 'component instance of the callee', 'adapters, host', 'host'),
    fixed(
      'borrows',
      1,
      [u32('borrows')],
      'borrow handles of this call that are still in the callee’s table',
      'lower, resource.drop',
      'end of the call',
    ),
    fixed('lenders', 1, [pointer('lenders')], 'list of the handles lent for this call', 'lift', 'end of the call'),
  ],
};

/** A slot of a handle table. The same words serve a free slot: the kind is 0 and `rep` holds the next free index. */
export const handleSlotTable: LayoutTable<never> = {
  name: 'handle slot',
  fields: [
    fixed(
      'rep',
      1,
      [u32('rep')],
      'representation, or index of a waitable; in a free slot: the next free index, 0 = none',
      'resource.new, lower',
      'resource.rep, lift',
    ),
    fixed(
      'type',
      1,
      [u32('type')],
      'low 4 bits kind (0 free, 1 own, 2 borrow), upper 28 bits the store-wide resource type',
      'resource.new, lower',
      'every use of a handle',
    ),
    fixed(
      'lends',
      1,
      [u32('lends')],
      'how many times it is lent now',
      'lift, end of the call',
      'lift of an own, resource.drop',
    ),
    fixed('scope', 1, [u32('scope')], 'of a borrow: address of the call frame it belongs to', 'lower', 'resource.drop'),
  ],
};
