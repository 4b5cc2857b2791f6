/**
 * What each field of the tables is for, and who writes and reads it: for people. In: the names of a table and of a field. Out: texts.
 *
 * Apart from the tables, because what runs components needs the numbers only.
 */
import type { FieldLayout, Layout } from './layout.ts';

export interface Meaning {
  /** What it is for. */
  readonly text: string;
  readonly writer: string;
  readonly reader: string;
}

const meanings: Readonly<Record<string, Readonly<Record<string, Meaning>>>> = {
  vmctx: {
    magic: {
      text: 'the four bytes "comp"',
      writer: 'allocation; cleared when freed',
      reader: 'whoever is given a vmctx address',
    },
    builtins: {
      text: 'index + 1 of the built-ins among the host objects of the store',
      writer: 'instantiation',
      reader: 'imports of emitted modules',
    },
    vm_store_context: {
      text: 'address of the store context',
      writer: 'allocation',
      reader: 'emitted code: traps, spill stack, call frames',
    },
    flags: {
      text: 'one a component instance: bits (0 = may leave, 1 = entered); its handle table: address, capacity in slots, first free index',
      writer: 'allocation; lift and lower; handle tables',
      reader: 'trampolines and adapters',
    },
    task_may_block: {
      text: 'whether the current task may block',
      writer: 'adapters, resource.drop, tasks',
      reader: 'adapters, resource.drop, built-ins that may block',
    },
    trampoline_func_refs: {
      text: 'VMFuncRef: functions (spilled form, typed form), type, vmctx',
      writer: 'instantiation',
      reader: 'core imports of the guest; whoever takes a func ref from outside checks type_index',
    },
    intrinsic_func_refs: {
      text: 'VMFuncRef of an intrinsic',
      writer: 'instantiation',
      reader: 'core imports of the guest',
    },
    lowerings: {
      text: 'VMLowering: function index of the callee’s spilled form (0: it is not used), index of the host function',
      writer: 'instantiation',
      reader: 'trampolines',
    },
    memories: {
      text: 'index + 1 of a core memory in the store',
      writer: 'extract-memory',
      reader: 'lowering callees, lift and lower',
    },
    tables: {
      text: 'VMTableImport: index + 1 of a core table in the store, vmctx, table index',
      writer: 'extract-table',
      reader: 'thread built-ins',
    },
    reallocs: {
      text: 'function index',
      writer: 'extract-realloc',
      reader: 'lower',
    },
    callbacks: {
      text: 'function index',
      writer: 'extract-callback',
      reader: 'tasks',
    },
    post_returns: {
      text: 'function index',
      writer: 'extract-post-return',
      reader: 'lift',
    },
    resource_destructors: {
      text: 'function index; 0 = none',
      writer: 'resource initializer',
      reader: 'resource.drop, host handles',
    },
  },
  'store context': {
    trap_code: {
      text: 'number of the recorded trap; 0 = none',
      writer: 'who traps',
      reader: 'trampolines, host',
    },
    trap_detail: {
      text: 'two numbers that the text of the trap may name',
      writer: 'who traps',
      reader: 'host',
    },
    trap_vmctx: {
      text: 'vmctx in which it trapped',
      writer: 'who traps',
      reader: 'host',
    },
    trap_instance: {
      text: 'component instance in which it trapped',
      writer: 'who traps',
      reader: 'host',
    },
    spill_pointer: {
      text: 'first free byte of the spill stack; grows up, 16-byte aligned',
      writer: 'trampolines, adapters, host',
      reader: 'trampolines, adapters, host',
    },
    spill_limit: {
      text: 'end of the spill stack',
      writer: 'allocation',
      reader: 'trampolines, adapters',
    },
    locked: {
      text: '1 after a trap: nothing may be entered again',
      writer: 'host',
      reader: 'host',
    },
    current_task: {
      text: 'index + 1 of the current task',
      writer: 'tasks',
      reader: 'tasks',
    },
    frame: {
      text: 'innermost call frame record; 0 = none',
      writer: 'adapters, host',
      reader: 'host: the call stack',
    },
    context_slot: {
      text: 'thread-local storage of the current task (context.get, context.set)',
      writer: 'context.set, adapters',
      reader: 'context.get, adapters',
    },
  },
  'call frame': {
    link: {
      text: 'the frame outside this one; 0 = none',
      writer: 'adapters, host',
      reader: 'host: the call stack',
    },
    caller_vmctx: {
      text: 'vmctx of the caller; 0 = the host',
      writer: 'adapters, host',
      reader: 'host',
    },
    callee_vmctx: {
      text: 'vmctx of the callee',
      writer: 'adapters, host',
      reader: 'host',
    },
    caller_instance: {
      text: 'component instance of the caller',
      writer: 'adapters, host',
      reader: 'host',
    },
    callee_instance: {
      text: 'component instance of the callee',
      writer: 'adapters, host',
      reader: 'host',
    },
    borrows: {
      text: 'borrow handles of this call that are still in the callee’s table',
      writer: 'lower, resource.drop',
      reader: 'end of the call',
    },
    lenders: {
      text: 'list of the handles lent for this call',
      writer: 'lift',
      reader: 'end of the call',
    },
  },
  'spilled value': {
    value: {
      text: 'a core value, little-endian, in the first bytes; or a part of a call frame record or of a list of lent handles',
      writer: 'trampolines, adapters, host',
      reader: 'lowering callees in the spilled form, adapters, host',
    },
  },
  'handle slot': {
    rep: {
      text: 'representation, or index of a waitable; in a free slot: the next free index, 0 = none',
      writer: 'resource.new, lower',
      reader: 'resource.rep, lift',
    },
    type: {
      text: 'low 4 bits kind (0 free, 1 own, 2 borrow), upper 28 bits the store-wide resource type',
      writer: 'resource.new, lower',
      reader: 'every use of a handle',
    },
    lends: {
      text: 'how many times it is lent now',
      writer: 'lift, end of the call',
      reader: 'lift of an own, resource.drop',
    },
    scope: {
      text: 'of a borrow: address of the call frame it belongs to',
      writer: 'lower',
      reader: 'resource.drop',
    },
  },
};

/** RangeError for a table or a field that does not exist. */
export function meaningOf({ name: table }: Pick<Layout, 'name'>, { name: field }: Pick<FieldLayout, 'name'>): Meaning {
  const found = meanings[table]?.[field];
  if (found === undefined) throw new RangeError(`no field ${field} in ${table}`);
  return found;
}
