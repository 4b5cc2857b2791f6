/** What the trampolines of a component with resources are emitted by, in one piece that is loaded for those. */
export { lendParams } from './lending.ts';
export { emitResourceBuiltin } from './resource-builtins.ts';
