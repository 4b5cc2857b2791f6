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

/** The module, a character a byte. Sections: id, length of the contents in bytes, contents. */
const text = [
  '\0asm\x01\0\0\0', // magic; version 1, layer 0: a core module
  `\x04\x04\x01\x70\0${String.fromCharCode(INITIAL_FUNCTIONS)}`, // one table: funcref, a minimum and no maximum
  `\x05\x03\x01\0${String.fromCharCode(INITIAL_PAGES)}`, // one memory: 32-bit, a minimum and no maximum
  '\x07\x16\x02', // two exports:
  '\x06memory\x02\0', // memory 0
  '\x09functions\x01\0', // table 0
  '\0\x17\x04name\0\x10\x0fgangway context', // custom section: the module's name
].join('');
const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0));

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
