/**
 * A typed view of a `VMComponentContext` in a `WebAssembly.Memory`. What few components need stands apart:
 * `@gangway/vmctx/handle-table`, `/instance-flags`, `/context-slots`.
 */
export { ArenaPool, ContextArena } from './context-arena.ts';
export { ContextMemory, type ContextMemoryOptions } from './context-memory.ts';
export { contextModuleBytes } from './context-module.ts';
export { dumpBlock, dumpContext } from './dump.ts';
export { VmctxError } from './errors.ts';
export { MAX_HANDLES } from './limits.ts';
export { type Range, RangeAllocator } from './range-allocator.ts';
export { StoreContext } from './store-context.ts';
export { type FuncRef, POISON_HIGH, POISON_LOW, VMComponentContext } from './vm-component-context.ts';
