/** `@gangway/host`: compile, link, instantiate and call WebAssembly components. */

export * from './api.ts';
export { validate } from './compile/build.ts';
