/** `@gangway/host`: compile, link, instantiate and call WebAssembly components. */
export { type Bytes, type CompileOptions, compile, compileStreaming, validate } from './compile.ts';
export { type InstantiateOptions, instantiate, instantiateStreaming } from './instantiate-component.ts';
export * from './runtime.ts';
