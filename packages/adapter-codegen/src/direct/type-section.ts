/**
 * The types of a module, each once. In: function types, and whether there are arrays. Out: their indices, and the type
 * section. The array type is the first, so that its index is known before the function types are.
 */
import type { FuncType } from '../builder.ts';
import { typeName } from '../names.ts';
import type { ByteWriter } from './byte-writer.ts';
import { ARRAY_TYPE, FUNC_TYPE, valTypes } from './format.ts';

export class TypeSection {
  /** By name, in the order of their indices. */
  readonly #types = new Map<string, { readonly index: number; readonly type: FuncType }>();

  /** Types before the function types: the array type, or none. */
  readonly #first: 0 | 1;

  constructor(arrays: boolean) {
    this.#first = arrays ? 1 : 0;
  }

  get names(): string[] {
    return [...(this.#first === 1 ? ['units'] : []), ...this.#types.keys()];
  }

  index(type: FuncType): number {
    const name = typeName(type);
    let known = this.#types.get(name);
    if (known === undefined) {
      known = { index: this.#first + this.#types.size, type };
      this.#types.set(name, known);
    }
    return known.index;
  }

  write(out: ByteWriter): void {
    out.unsigned(this.#first + this.#types.size);
    if (this.#first === 1) out.bytes(ARRAY_TYPE);
    for (const { type } of this.#types.values()) {
      out.byte(FUNC_TYPE);
      for (const list of [type.params, type.results]) {
        out.unsigned(list.length);
        for (const valType of list) out.bytes(valTypes[valType]);
      }
    }
  }
}
