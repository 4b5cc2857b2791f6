/**
 * Which of the modules that were loaded a compiled component must not need: decoder, validator, translator, generators of
 * adapters and of lift and lower, closures.
 */

const forbidden =
  /component\/src\/(binary|validate|translate)\/|binaryen|wabt|wasm-parser|adapter-codegen\/src\/(?!emitted|builtins)|host\/src\/(forms\/(generator|closures)|abi\/(generate|lift|lower)\b)/;

/** Those of `urls`. Throws when the runtime is not among them: then nothing was seen. */
export function notForRuntime(urls: readonly string[]): string[] {
  if (!urls.some((url) => url.endsWith('host/src/instance/instantiate.ts')))
    throw new Error('the runtime was not loaded');
  return urls.filter((url) => forbidden.test(url));
}
