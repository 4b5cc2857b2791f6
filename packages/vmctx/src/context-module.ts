/**
 * The store's context module: a core module that owns the memory in which contexts lie and the table of functions that
 * they name. Its bytes are written here by hand, so that a page needs no assembler and no code generator for it.
 *
 * Rejected: always `new WebAssembly.Memory` and `new WebAssembly.Table` from JS. They would do (and do, where nothing may be
 * compiled at run time), but an instance gives both to an engine's tools under one name.
 */

/** Pages of 64 KiB that a new context memory has. It grows on demand. */
const INITIAL_PAGES = 2;
/** Slots that a new function table has; slot 0 stays null. */
const INITIAL_FUNCTIONS = 64;

/** The name of the export, preceded by its length in bytes: both are below 128, one LEB128 byte. */
const name = (text: string): number[] => [text.length, ...new TextEncoder().encode(text)];

/** A section: id, length of its contents in bytes, contents. */
const section = (id: number, contents: readonly number[]): number[] => [id, contents.length, ...contents];

const bytes = Uint8Array.from([
  ...[0x00, 0x61, 0x73, 0x6d], // magic: \0asm
  ...[0x01, 0x00, 0x00, 0x00], // version 1, layer 0: a core module
  ...section(4, [
    1, // one table
    ...[0x70, 0x00, INITIAL_FUNCTIONS], // funcref, a minimum and no maximum
  ]),
  ...section(5, [
    1, // one memory
    ...[0x00, INITIAL_PAGES], // 32-bit, a minimum and no maximum
  ]),
  ...section(7, [
    2, // two exports
    ...[...name('memory'), 0x02, 0], // memory 0
    ...[...name('functions'), 0x01, 0], // table 0
  ]),
  ...section(0, [...name('name'), 0, 16, ...name('gangway context')]), // custom section: the module's name
]);

/** The bytes of the context module. */
export function contextModuleBytes(): Uint8Array<ArrayBuffer> {
  return bytes.slice();
}

let compiled: WebAssembly.Module | undefined;

/** A new instance of the context module; it is compiled once. The module is tiny: engines compile it synchronously anywhere. */
export function instantiateContextModule(): { memory: WebAssembly.Memory; functions: WebAssembly.Table } {
  try {
    compiled ??= new WebAssembly.Module(bytes);
  } catch (error) {
    // Edge workers compile nothing at run time.
    if (!(error instanceof WebAssembly.CompileError)) throw error;
    return {
      memory: new WebAssembly.Memory({ initial: INITIAL_PAGES }),
      functions: new WebAssembly.Table({ element: 'anyfunc', initial: INITIAL_FUNCTIONS }),
    };
  }
  const { memory, functions } = new WebAssembly.Instance(compiled).exports;
  return { memory: memory as WebAssembly.Memory, functions: functions as WebAssembly.Table };
}
