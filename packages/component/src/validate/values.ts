/**
 * Value definitions and start functions (Explainer.md#-value-definitions, #-start-definitions). In: a definition and the
 * scope. Out: new values. The bytes of a value are read only to see that they encode one of its type.
 */

import type { Definition } from '../binary/ast.ts';
import { fail } from '../fail.ts';
import { resolveValType } from './resolve.ts';
import type { Scope } from './scope.ts';
import { valueProblem } from './subtype.ts';
import type { ResourceType, ValueType } from './types.ts';

/** Adds the value of a value definition. */
export function defineValue(scope: Scope, definition: Definition & { kind: 'value' }): void {
  const { offset, bytes } = definition;
  const type = resolveValType(scope, definition.type, offset);
  new ValueReader(scope, type, bytes.start, bytes.end).whole();
  scope.push({ kind: 'value', type });
}

/** Adds the results of a start function. */
export function defineStart(scope: Scope, definition: Definition & { kind: 'start' }): void {
  const { offset, func: index, args, results } = definition;
  const func = scope.at('func', index, offset);
  if (args.length !== func.params.length) {
    fail(offset, 'start-args', { index, expected: func.params.length, found: args.length });
  }
  for (const [position, arg] of args.entries()) {
    const given = scope.useValue(arg, offset);
    const reason = valueProblem(given, func.params[position]!);
    if (reason !== null) fail(offset, 'start-arg', { position, index, reason });
  }
  const expected = func.result === null ? 0 : 1;
  if (results !== expected) fail(offset, 'start-results', { index, expected, found: results });
  if (func.result !== null) scope.push({ kind: 'value', type: func.result });
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads `val(t)` of Binary.md#-value-definitions. */
class ValueReader {
  readonly #scope: Scope;
  readonly #bytes: Uint8Array;
  readonly #type: ValueType;
  readonly #end: number;
  #position: number;

  constructor(scope: Scope, type: ValueType, start: number, end: number) {
    this.#scope = scope;
    this.#bytes = scope.context.bytes;
    this.#type = type;
    this.#position = start;
    this.#end = Math.min(end, this.#bytes.length);
  }

  whole(): void {
    this.#value(this.#type);
    if (this.#position !== this.#end) this.#fail(`${this.#end - this.#position} bytes left over`);
  }

  #fail(problem: string): never {
    return fail(this.#position, 'value-bytes', { type: this.#type.kind, problem });
  }

  #byte(): number {
    const byte = this.#position < this.#end ? this.#bytes[this.#position] : undefined;
    if (byte === undefined) return this.#fail('unexpected end');
    this.#position++;
    return byte;
  }

  /** An integer in LEB128 of at most `bits` bits. */
  #leb(bits: number, signed: boolean): bigint {
    let value = 0n;
    for (let shift = 0; ; shift += 7) {
      if (shift >= bits) this.#fail('integer representation too long');
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << BigInt(shift);
      if (byte >= 0x80) continue;
      if (signed && byte & 0x40) value -= 1n << BigInt(shift + 7);
      const fits = signed ? BigInt.asIntN(bits, value) === value : BigInt.asUintN(bits, value) === value;
      return fits ? value : this.#fail('integer too large');
    }
  }

  #u32(): number {
    return Number(this.#leb(32, false));
  }

  #flag(): boolean {
    const byte = this.#byte();
    return byte > 1 ? this.#fail(`invalid byte 0x${byte.toString(16)}`) : byte === 1;
  }

  #take(length: number): Uint8Array {
    if (length > this.#end - this.#position) this.#fail('unexpected end');
    this.#position += length;
    return this.#bytes.subarray(this.#position - length, this.#position);
  }

  #float(bytes: 4 | 8): void {
    const taken = this.#take(bytes);
    const view = new DataView(taken.buffer, taken.byteOffset, bytes);
    const value = bytes === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
    if (!Number.isNaN(value)) return;
    const canonical =
      bytes === 4 ? view.getUint32(0, true) === 0x7fc00000 : view.getBigUint64(0, true) === 0x7ff8000000000000n;
    if (!canonical) this.#fail('NaN that is not canonical');
  }

  #char(): void {
    const first = this.#bytes[this.#position] ?? 0;
    const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if ([...this.#text(length)].length !== 1) this.#fail('expected one Unicode scalar value');
  }

  #text(length: number): string {
    try {
      return utf8.decode(this.#take(length));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return this.#fail('malformed UTF-8 encoding');
    }
  }

  #index(count: number): number {
    const index = this.#u32();
    return index < count ? index : this.#fail(`case ${index} of ${count}`);
  }

  #values(types: ValueType['parts']): void {
    for (const type of types) this.#value(type);
  }

  /** `null`: a case without payload. */
  #value(type: ValueType | ResourceType | null): void {
    if (type === null) return;
    this.#scope.store.step();
    const { kind } = type;
    switch (kind) {
      case 'record':
      case 'tuple':
        this.#values(type.parts);
        break;
      case 'variant':
        this.#value(type.parts[this.#index(type.parts.length)] ?? null);
        break;
      case 'enum':
        this.#index(type.labels.length);
        break;
      case 'list':
      case 'map':
        for (let left = type.length ?? this.#u32(); left > 0; left--) this.#values(type.parts);
        break;
      case 'flags':
        this.#take(Math.ceil(type.labels.length / 8));
        break;
      case 'option':
        if (this.#flag()) this.#values(type.parts);
        break;
      case 'result':
        this.#value(type.parts[this.#flag() ? 1 : 0] ?? null);
        break;
      case 'bool':
        this.#flag();
        break;
      case 's8':
      case 'u8':
        this.#byte();
        break;
      case 's16':
      case 's32':
      case 's64':
        this.#leb(Number(kind.slice(1)), true);
        break;
      case 'u16':
      case 'u32':
      case 'u64':
        this.#leb(Number(kind.slice(1)), false);
        break;
      case 'f32':
        this.#float(4);
        break;
      case 'f64':
        this.#float(8);
        break;
      case 'char':
        this.#char();
        break;
      case 'string':
        this.#text(this.#u32());
        break;
      case 'error-context':
        this.#fail('an error-context cannot be written as a value');
        break;
      default:
        this.#fail(`a ${kind} cannot be written as a value`);
    }
  }
}
