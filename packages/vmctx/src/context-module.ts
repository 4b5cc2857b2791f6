/**
 * The context module: a core module that owns the memory in which contexts lie. In: how large it is at first. Out: its
 * bytes, or the memory. The bytes are written here by hand, so that a page needs no assembler and no code generator for it.
 *
 * Rejected: always `new WebAssembly.Memory` from JS. It would do (and does, where nothing may be compiled at run time), but
 * an instance gives the memory to an engine's tools under a name.
 */

/** Pages of 64 KiB that fit into one LEB128 byte. Larger memories, of which no two are alike, are made from JS. */
const MOST_PAGES = 127;

/** The bytes of the context module for a memory of `pages`, 1 to 127. */
export function contextModuleBytes(pages: number): Uint8Array<ArrayBuffer> {
  // A character a byte. Sections: id, length of the contents in bytes, contents.
  return new TextEncoder().encode(
    '\0asm\x01\0\0\0' + // magic; version 1, layer 0: a core module
      `\x05\x03\x01\0${String.fromCharCode(pages)}` + // one memory: 32-bit, a minimum and no maximum
      '\x07\x0a\x01\x06memory\x02\0' + // one export: memory 0
      '\0\x17\x04name\0\x10\x0fgangway context', // custom section: the module's name
  );
}

/** By pages: there are few sizes. */
const compiled = new Map<number, WebAssembly.Module>();

/** The memory of a new instance of the context module. The module is tiny: engines compile it synchronously anywhere. */
export function instantiateContextModule(pages: number): WebAssembly.Memory {
  if (pages > MOST_PAGES) return new WebAssembly.Memory({ initial: pages });
  let module = compiled.get(pages);
  if (module === undefined) {
    try {
      module = new WebAssembly.Module(contextModuleBytes(pages));
    } catch (error) {
      // Edge workers compile nothing at run time.
      if (!(error instanceof WebAssembly.CompileError)) throw error;
      return new WebAssembly.Memory({ initial: pages });
    }
    compiled.set(pages, module);
  }
  return new WebAssembly.Instance(module).exports['memory'] as WebAssembly.Memory;
}
