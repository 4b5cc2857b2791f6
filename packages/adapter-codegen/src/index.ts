/** Emits the core wasm trampolines and adapters of a component. */
export { type CallSide, emitAdapters, emitLinkAdapter, type LinkCall } from './adapters/index.ts';
export {
  BUILTINS_MODULE,
  type BuiltinImplementations,
  type BuiltinName,
  builtins,
  describeBuiltins,
} from './builtins.ts';
export { calleeSlots, emitCallees } from './callees.ts';
export { type Codegen, createModule, loadMakeModule, type MakeModule } from './create-module.ts';
export { type EmitAllOptions, type EmittedComponent, emitAll } from './emit-all.ts';
export type { EmittedImport, EmittedModule, ImportSource, Side } from './emitted.ts';
export { CALLEES_MODULE } from './lower-import.ts';
export { checkEmitted, type ReadModule, type ReadType, readBack } from './read-back.ts';
export { VALUE_SLOT } from './spilled-form.ts';
export { emitTrampolines, trampolineName, trampolineSlots } from './trampolines.ts';
export { toWat, validateByWabt } from './wat.ts';
