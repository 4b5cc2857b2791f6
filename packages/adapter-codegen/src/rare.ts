/**
 * What few components need of the code generator, in one piece that is loaded for those: adapters between components, and
 * intrinsics.
 */
export { emitAdapters, emitFallbackAdapters, emitLinkAdapter, type LinkCall } from './adapters/index.ts';
export { emitIntrinsic } from './intrinsics.ts';
