/**
 * `@gangway/host/compile`: what `@gangway/host` exports, but for `validate`, which answers at once and so needs decoder and
 * validator from the start. Here they are loaded, with the code generator, when something is compiled that no cache has.
 */
export { storageCache } from './cache/storage-cache.ts';
export { type Bytes, type CompileOptions, compile, compileStreaming } from './compile/compile.ts';
export {
  type InstanceContext,
  type InstanceLink,
  instanceContext,
  instanceLinks,
} from './instance/inspection.ts';
export { type InstantiateOptions, instantiate, instantiateStreaming } from './instance/instantiate-component.ts';
export { Linker, LinkerInstance } from './link/linker.ts';
export { findCompatible } from './link/semver.ts';
export { ResourceHandle } from './resources/resource-handle.ts';
export * from './runtime.ts';
