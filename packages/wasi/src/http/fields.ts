/** `fields` of `wasi:http/types`: names and values of a message's header or trailer. */
import { type Field, hopByHop } from './messages.ts';

/** `header-error`. */
const immutable = { tag: 'immutable' } as const;
const invalid = { tag: 'invalid-syntax' } as const;
const forbidden = { tag: 'forbidden' } as const;

/** RFC 9110, section 5.6.2. */
export const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** RFC 9110, section 5.5: no control characters, but tabs. */
function isValue(value: Uint8Array): boolean {
  return value.every((byte) => (byte >= 0x20 && byte !== 0x7f) || byte === 0x09);
}

export class Fields {
  #entries: Field[] = [];
  #immutable = false;

  /** Throws `header-error` for the first that cannot be. */
  static fromList(entries: readonly Field[]): Fields {
    const fields = new Fields();
    for (const [name, value] of entries) fields.append(name, value);
    return fields;
  }

  /** For what has been checked, or came over a connection. */
  static of(entries: readonly Field[]): Fields {
    const fields = new Fields();
    fields.#entries = [...entries];
    fields.#immutable = true;
    return fields;
  }

  get(name: string): Uint8Array[] {
    const lower = name.toLowerCase();
    return this.#entries.filter((entry) => entry[0].toLowerCase() === lower).map(([, value]) => value);
  }

  has(name: string): boolean {
    const lower = name.toLowerCase();
    return this.#entries.some((entry) => entry[0].toLowerCase() === lower);
  }

  set(name: string, values: readonly Uint8Array[]): void {
    this.#check(name);
    if (!values.every(isValue)) throw invalid;
    this.#remove(name);
    for (const value of values) this.#entries.push([name, value]);
  }

  delete(name: string): void {
    this.#check(name);
    this.#remove(name);
  }

  append(name: string, value: Uint8Array): void {
    this.#check(name);
    if (!isValue(value)) throw invalid;
    this.#entries.push([name, value]);
  }

  entries(): readonly Field[] {
    return this.#entries;
  }

  clone(): Fields {
    const fields = new Fields();
    fields.#entries = [...this.#entries];
    return fields;
  }

  #check(name: string): void {
    if (this.#immutable) throw immutable;
    if (!token.test(name)) throw invalid;
    if (hopByHop.has(name.toLowerCase())) throw forbidden;
  }

  #remove(name: string): void {
    const lower = name.toLowerCase();
    this.#entries = this.#entries.filter((entry) => entry[0].toLowerCase() !== lower);
  }
}

/** What the content-length says; undefined when there is none, or none that is a number. */
export function contentLength(fields: Fields): number | undefined {
  const [value] = fields.get('content-length');
  const text = value === undefined ? '' : new TextDecoder().decode(value);
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
