/**
 * The core modules of a component, compiled by the engine. In: the bytes of the component and where a module stands in them.
 * Out: the engine's module, each made once, or what the engine says of it with the module's place.
 */
import { engineModule } from './engine-module.ts';

/** The core modules of a binary, by their first byte; they are compiled once, whoever uses them. */
export type ModuleCache = Map<number, Promise<WebAssembly.Module>>;
const moduleCaches = new WeakMap<Uint8Array, ModuleCache>();

/** Core modules of a binary that are being compiled already. */
export function keepModules(bytes: Uint8Array, modules: ModuleCache): void {
  moduleCaches.set(bytes, modules);
}

/** The core module that the bytes have there, compiled once. */
export function moduleAt(bytes: Uint8Array, start: number, end: number): Promise<WebAssembly.Module> {
  let cache = moduleCaches.get(bytes);
  if (cache === undefined) {
    cache = new Map();
    moduleCaches.set(bytes, cache);
  }
  let module = cache.get(start);
  if (module === undefined) {
    module = compileModule(bytes.subarray(start, end) as Uint8Array<ArrayBuffer>, start);
    cache.set(start, module);
  }
  return module;
}

/** What the engine says of an embedded core module, with the module's place. */
export function coreModuleError(cause: unknown, start: number): WebAssembly.CompileError {
  const text = cause instanceof Error ? cause.message : String(cause);
  const error = new WebAssembly.CompileError(`0x${start.toString(16)}: invalid core module: ${text}`);
  error.cause = cause;
  return error;
}

/** Has the engine compile a core module that starts at the byte offset `start` of its component. */
export function compileModule(bytes: Uint8Array<ArrayBuffer>, start: number): Promise<WebAssembly.Module> {
  const compiling = engineModule(bytes).catch((cause: unknown) => {
    throw coreModuleError(cause, start);
  });
  // Validation may fail before anyone waits for this one.
  compiling.catch(() => undefined);
  return compiling;
}
