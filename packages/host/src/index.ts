/** `@gangway/host`: compile, link, instantiate and call WebAssembly components. */

export { validate } from './compile/build.ts';
export * from './compile.ts';
