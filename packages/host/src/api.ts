/** What `@gangway/host` and `@gangway/host/compile` both export: everything but `validate`. */
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
