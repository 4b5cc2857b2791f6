/** `@gangway/host`: compile, link, instantiate and call WebAssembly components. */
export { storageCache } from './cache/storage-cache.ts';
export { type Bytes, type CompileOptions, compile, compileStreaming, validate } from './compile/compile.ts';
export { type InstantiateOptions, instantiate, instantiateStreaming } from './instance/instantiate-component.ts';
export { Linker, LinkerInstance } from './link/linker.ts';
export { ResourceHandle } from './resources/resource-handle.ts';
export * from './runtime.ts';
