/** Whether emitted modules may have a `try_table`. In: an engine. Out: what its option says, or this JavaScript engine. */
import type { Engine } from '../engine.ts';

let known: boolean | undefined;

export function usesTryTable(engine: Engine): boolean {
  if (engine.options.tryTable === 'never') return false;
  known ??= WebAssembly.validate(
    // Magic and version; a type (1) without parameters and results; a function (3) of it; its code (10):
    // block try_table (catch_all 0) end end end.
    new Uint8Array([
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0],
      ...[10, 13, 1, 11, 0, 2, 0x40, 0x1f, 0x40, 1, 2, 0, 0x0b, 0x0b, 0x0b],
    ]),
  );
  return known;
}
