/**
 * Short strings by the engine's js-string builtins: the strings module (adapter-codegen/src/strings.ts) over a guest's
 * memory and realloc. In: those two. Out: its functions; null where the engine has no builtins (or no WasmGC), or may not
 * make modules at run time, and for memories that are shared or have 64-bit addresses. There the loops of strings.ts do.
 *
 * The engine is asked with the module itself: an engine that knows the builtins leaves no import of them over.
 */
import type { CoreFunction, StringAccess } from '../call/guest-side.ts';
import { STRINGS_MODULE } from './strings-module.ts';

let compiled: WebAssembly.Module | null | undefined;

/** The module, compiled once a process. */
function stringsModule(): WebAssembly.Module | null {
  if (compiled !== undefined) return compiled;
  compiled = null;
  try {
    const bytes = Uint8Array.from(atob(STRINGS_MODULE), (character) => character.charCodeAt(0));
    // The second parameter is not in the DOM's declarations yet.
    const Module = WebAssembly.Module as new (bytes: Uint8Array<ArrayBuffer>, options: object) => WebAssembly.Module;
    const module = new Module(bytes, { builtins: ['js-string'] });
    if (WebAssembly.Module.imports(module).every((item) => item.module === 'guest')) compiled = module;
  } catch {
    // No builtins here.
  }
  return compiled;
}

interface Made {
  readonly realloc: CoreFunction | null;
  readonly access: StringAccess | null;
}

/** What has been made, by memory: an instance serves all canonical options with the same memory and realloc. */
const made = new WeakMap<object, Made[]>();

export function stringAccess(memory: object, realloc: CoreFunction | null): StringAccess | null {
  let all = made.get(memory);
  if (all === undefined) made.set(memory, (all = []));
  let one = all.find((item) => item.realloc === realloc);
  if (one === undefined) all.push((one = { realloc, access: instantiate(memory, realloc) }));
  return one.access;
}

/** Options without a realloc load strings only. */
const noRealloc = (): number => 0;

function instantiate(memory: object, realloc: CoreFunction | null): StringAccess | null {
  const module = stringsModule();
  if (module === null) return null;
  try {
    const guest = { memory: memory as WebAssembly.Memory, realloc: realloc ?? noRealloc };
    return new WebAssembly.Instance(module, { guest }).exports as unknown as StringAccess;
  } catch {
    return null;
  }
}
