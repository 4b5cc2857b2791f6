/** The function types of a module, each once. In: types. Out: their indices, and the type section. */
import type { FuncType } from '../builder.ts';
import { typeName } from '../names.ts';
import type { ByteWriter } from './byte-writer.ts';
import { FUNC_TYPE, valTypes } from './format.ts';

export class TypeSection {
  /** By name, in the order of their indices. */
  readonly #types = new Map<string, { readonly index: number; readonly type: FuncType }>();

  get size(): number {
    return this.#types.size;
  }
  get names(): string[] {
    return [...this.#types.keys()];
  }

  index(type: FuncType): number {
    const name = typeName(type);
    let known = this.#types.get(name);
    if (known === undefined) {
      known = { index: this.#types.size, type };
      this.#types.set(name, known);
    }
    return known.index;
  }

  write(out: ByteWriter): void {
    out.unsigned(this.#types.size);
    for (const { type } of this.#types.values()) {
      out.byte(FUNC_TYPE);
      for (const list of [type.params, type.results]) {
        out.unsigned(list.length);
        for (const valType of list) out.byte(valTypes[valType]);
      }
    }
  }
}
