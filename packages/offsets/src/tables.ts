/**
 * The tables of fields: the only place that states what a vmctx, a store context, a call frame and a handle slot look
 * like. Accessors, total sizes, poison, dumps, maps and emitted code derive from them; what each field is for stands in
 * `meanings.ts`.
 *
 * The vmctx has the fields of wasmtime 44's `VMComponentContext`, in the same order; what native code keeps as a
 * pointer is an index here (a function: into the function table; a memory, a table, a host object: into an array of the
 * store).
 */
import type { FieldSpec, LayoutTable, PartSpec, Size } from './layout.ts';

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

const part = (name: string, size: Size, kind: PartSpec['kind']): PartSpec => ({ name, size, kind });
const pointer = (name: string): PartSpec => part(name, 'P', 'pointer');
const u32 = (name: string): PartSpec => part(name, 4, 'value');

/** A field. `count`: by name, or the same in every block. */
function field<C extends keyof VmctxCounts | number>(
  name: string,
  count: C,
  parts: readonly PartSpec[],
  align: Size = parts.some(({ size }) => size === 'P') ? 'P' : 4,
): FieldSpec<Exclude<C, number>> {
  return { name, count: count as Exclude<C, number>, parts, align };
}
/** One pointer. */
const onePointer = (name: string): FieldSpec<never> => field(name, 1, [pointer(name)]);
/** One u32. */
const oneWord = (name: string): FieldSpec<never> => field(name, 1, [u32(name)]);

/** `VMFuncRef` */
const funcRef = [pointer('array_call'), pointer('wasm_call'), u32('type_index'), pointer('vmctx')];
const func = [pointer('func')];

export const vmctxTable: LayoutTable<keyof VmctxCounts> = {
  name: 'vmctx',
  fields: [
    oneWord('magic'),
    onePointer('builtins'),
    onePointer('vm_store_context'),
    field('flags', 'componentInstances', [u32('bits'), u32('handles'), u32('capacity'), u32('free')], 16),
    field('task_may_block', 1, [u32('value'), part('spare', 12, 'spare')], 16),
    field('trampoline_func_refs', 'trampolines', funcRef),
    field('intrinsic_func_refs', 'intrinsics', funcRef),
    field('lowerings', 'lowerings', [pointer('callee'), pointer('data')]),
    field('memories', 'memories', [pointer('memory')]),
    field('tables', 'tables', [pointer('from'), pointer('vmctx'), u32('index')]),
    field('reallocs', 'reallocs', func),
    field('callbacks', 'callbacks', func),
    field('post_returns', 'postReturns', func),
    field('resource_destructors', 'resources', func),
  ],
};

/** What emitted code and the host of one store share. One block a store; the vmctx's `vm_store_context` points to it. */
export const storeContextTable: LayoutTable<never> = {
  name: 'store context',
  fields: [
    oneWord('trap_code'),
    field('trap_detail', 2, [u32('trap_detail')]),
    onePointer('trap_vmctx'),
    oneWord('trap_instance'),
    onePointer('spill_pointer'),
    onePointer('spill_limit'),
    oneWord('locked'),
    onePointer('current_task'),
    onePointer('frame'),
    field('context_slot', 2, [part('context_slot', 8, 'value')], 8),
  ],
};

/** A record of the component call chain; they lie on the spill stack. */
export const callFrameTable: LayoutTable<never> = {
  name: 'call frame',
  fields: [
    onePointer('link'),
    onePointer('caller_vmctx'),
    onePointer('callee_vmctx'),
    oneWord('caller_instance'),
    oneWord('callee_instance'),
    oneWord('borrows'),
    onePointer('lenders'),
  ],
};

/** A value that is passed on the spill stack: wasmtime's `ValRaw`. */
export const spilledValueTable: LayoutTable<never> = {
  name: 'spilled value',
  fields: [field('value', 1, [part('value', 8, 'value'), part('rest', 8, 'value')], 16)],
};

/** A slot of a handle table. The same words serve a free slot: the kind is 0 and `rep` holds the next free index. */
export const handleSlotTable: LayoutTable<never> = {
  name: 'handle slot',
  fields: [oneWord('rep'), oneWord('type'), oneWord('lends'), oneWord('scope')],
};
