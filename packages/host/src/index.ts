/** `@gangway/host`: compile, link, instantiate and call WebAssembly components. */
export { type Bytes, type CompileOptions, compile, compileStreaming, validate } from './compile/compile.ts';
export { type InstantiateOptions, instantiate, instantiateStreaming } from './instance/instantiate-component.ts';
export * from './runtime.ts';
