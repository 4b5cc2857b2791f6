/**
 * What few components need of the code generator, in one piece that is loaded for those: adapters between components,
 * intrinsics, built-ins of tasks, and the spilled form of lowerings.
 */
export { emitAdapters, emitFallbackAdapters, emitLinkAdapter, type LinkCall } from './adapters/index.ts';
export { emitCallees } from './callees.ts';
export { emitContextBuiltin } from './context-builtins.ts';
export { emitIntrinsic } from './intrinsics.ts';
export { emitSpilledForm } from './spilled-form.ts';
export { emitUnsupported } from './unsupported-builtin.ts';
