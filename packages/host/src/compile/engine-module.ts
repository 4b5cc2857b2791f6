/** A core module, compiled by the engine. In: its bytes. Out: a promise of the module. */

/** Bytes of a core module that the engine has compiled before it could have told another thread to. */
const SMALL_MODULE = 16 * 1024;

export async function engineModule(bytes: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Module> {
  return bytes.length <= SMALL_MODULE ? new WebAssembly.Module(bytes) : WebAssembly.compile(bytes);
}
