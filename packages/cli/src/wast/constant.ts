/**
 * Constants of scripts: the arguments of an invocation and the results that are expected. In: a node such as
 * `(list.const (u8.const 1))`. Out: a {@link Constant}, a value without a type of its own.
 */

import { type List, type Node, ScriptError } from './s-expression.ts';

/** Patterns that stand for sets of NaNs. */
export type NanPattern = 'nan:canonical' | 'nan:arithmetic';

export type FloatConstant = number | NanPattern | { readonly bits: bigint };

export type Constant =
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 's8' | 'u8' | 's16' | 'u16' | 's32' | 'u32' | 'i32'; readonly value: number }
  | { readonly kind: 's64' | 'u64' | 'i64'; readonly value: bigint }
  | { readonly kind: 'f32' | 'f64'; readonly value: FloatConstant }
  | { readonly kind: 'char' | 'string' | 'enum'; readonly value: string }
  | { readonly kind: 'list' | 'tuple'; readonly items: readonly Constant[] }
  | { readonly kind: 'record'; readonly fields: readonly (readonly [string, Constant])[] }
  | { readonly kind: 'variant'; readonly tag: string; readonly payload: Constant | undefined }
  | { readonly kind: 'flags'; readonly names: readonly string[] }
  | { readonly kind: 'option'; readonly payload: Constant | undefined }
  | { readonly kind: 'result'; readonly ok: boolean; readonly payload: Constant | undefined }
  /** References in core scripts; `value` is the number of a `ref.extern`, null for a null reference. */
  | { readonly kind: 'ref'; readonly type: string; readonly value: number | null | undefined }
  | { readonly kind: 'either'; readonly items: readonly Constant[] };

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of a string node. Throws {@link ScriptError} when it is no UTF-8. */
export function textOf(node: Node | undefined, what: string, at: number): string {
  if (node?.kind !== 'string') throw new ScriptError(node?.start ?? at, `expected ${what}`);
  try {
    return decoder.decode(node.bytes);
  } catch {
    throw new ScriptError(node.start, `${what} is not valid UTF-8`);
  }
}

const integerRanges: Readonly<Record<string, readonly [bigint, bigint]>> = {
  s8: [-0x80n, 0x7fn],
  u8: [0n, 0xffn],
  s16: [-0x8000n, 0x7fffn],
  u16: [0n, 0xffffn],
  s32: [-0x8000_0000n, 0x7fff_ffffn],
  u32: [0n, 0xffff_ffffn],
  s64: [-(1n << 63n), (1n << 63n) - 1n],
  u64: [0n, (1n << 64n) - 1n],
  i32: [-0x8000_0000n, 0xffff_ffffn],
  i64: [-(1n << 63n), (1n << 64n) - 1n],
};

/** An integer literal: sign, decimal or hexadecimal, underscores. */
function integer(text: string, position: number): bigint {
  const match = /^([+-]?)(0x[0-9a-fA-F_]+|[0-9][0-9_]*)$/.exec(text);
  if (match === null) throw new ScriptError(position, `\`${text}\` is no integer`);
  const value = BigInt(match[2]!.replaceAll('_', ''));
  return match[1] === '-' ? -value : value;
}

/** A float literal: decimal, hexadecimal, `inf`, `nan`, `nan:0x…`, or a pattern. */
export function float(text: string, width: 32 | 64, position: number): FloatConstant {
  const clean = text.replaceAll('_', '');
  const negative = clean.startsWith('-');
  const magnitude = clean.replace(/^[+-]/, '');
  if (magnitude === 'nan:canonical' || magnitude === 'nan:arithmetic') return magnitude;
  if (magnitude === 'inf') return negative ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const nan = /^nan(?::0x([0-9a-fA-F]+))?$/.exec(magnitude);
  if (nan) {
    const quiet = width === 32 ? 0x40_0000n : 1n << 51n;
    const exponent = width === 32 ? 0x7f80_0000n : 0x7ffn << 52n;
    const payload = nan[1] === undefined ? quiet : BigInt(`0x${nan[1]}`);
    return { bits: exponent | payload | (negative ? 1n << BigInt(width - 1) : 0n) };
  }
  const hex = /^0x([0-9a-fA-F]*)\.?([0-9a-fA-F]*)(?:p([+-]?\d+))?$/i.exec(magnitude);
  let value: number;
  if (hex) {
    // Digits beyond what a double holds do not occur in scripts that test components; the exponent is applied exactly.
    value = Number(BigInt(`0x${hex[1]}${hex[2]}` || '0x0')) * 2 ** (Number(hex[3] ?? 0) - 4 * hex[2]!.length);
  } else value = Number(magnitude);
  if (Number.isNaN(value)) throw new ScriptError(position, `\`${text}\` is no float`);
  if (width === 32) value = Math.fround(value);
  return negative ? -value : value;
}

function atom(list: List, index: number): string {
  const node = list.items[index];
  if (node?.kind !== 'atom') throw new ScriptError(node?.start ?? list.end, 'expected a literal');
  return node.text;
}

/** The constant from `index` on: in parentheses of its own, or its items as they are: `(field "n" u32.const 7)`. */
function payload(list: List, index: number): Constant | undefined {
  const node = list.items[index];
  if (node === undefined) return undefined;
  return readConstant(node.kind === 'atom' ? { ...list, start: node.start, items: list.items.slice(index) } : node);
}

/** Reads one constant. Throws {@link ScriptError} for what is none. */
export function readConstant(node: Node): Constant {
  if (node.kind !== 'list' || node.items[0]?.kind !== 'atom') {
    throw new ScriptError(node.start, 'expected a constant such as `(u32.const 1)`');
  }
  const head = node.items[0].text;
  const position = node.start;
  const kind = head.replace(/\.const$/, '');
  const range = integerRanges[kind];
  if (range !== undefined && head !== kind) {
    const value = integer(atom(node, 1), position);
    if (value < range[0] || value > range[1]) throw new ScriptError(position, `${value} is no ${kind}`);
    if (kind === 's64' || kind === 'u64' || kind === 'i64') return { kind, value };
    return { kind: kind as 's8' | 'u8' | 's16' | 'u16' | 's32' | 'u32' | 'i32', value: Number(value) };
  }
  switch (head) {
    case 'bool.const': {
      const text = atom(node, 1);
      if (text !== 'true' && text !== 'false') throw new ScriptError(position, `\`${text}\` is no bool`);
      return { kind: 'bool', value: text === 'true' };
    }
    case 'f32.const':
      return { kind: 'f32', value: float(atom(node, 1), 32, position) };
    case 'f64.const':
      return { kind: 'f64', value: float(atom(node, 1), 64, position) };
    case 'char.const':
      return { kind: 'char', value: textOf(node.items[1], 'a character', position) };
    case 'str.const':
      return { kind: 'string', value: textOf(node.items[1], 'a string', position) };
    case 'enum.const':
      return { kind: 'enum', value: textOf(node.items[1], 'the name of a case', position) };
    case 'list.const':
      return { kind: 'list', items: node.items.slice(1).map(readConstant) };
    case 'tuple.const':
      return { kind: 'tuple', items: node.items.slice(1).map(readConstant) };
    case 'flags.const':
      return { kind: 'flags', names: node.items.slice(1).map((item) => textOf(item, 'a flag', position)) };
    case 'record.const':
      return { kind: 'record', fields: node.items.slice(1).map(readField) };
    case 'variant.const':
      return { kind: 'variant', tag: textOf(node.items[1], 'the name of a case', position), payload: payload(node, 2) };
    case 'option.none':
      return { kind: 'option', payload: undefined };
    case 'option.some':
      return { kind: 'option', payload: payload(node, 1) };
    case 'result.ok':
    case 'result.err':
      return { kind: 'result', ok: head === 'result.ok', payload: payload(node, 1) };
    case 'ref.null':
      return { kind: 'ref', type: node.items[1] === undefined ? 'any' : atom(node, 1), value: null };
    case 'ref.extern':
    case 'ref.host':
      return {
        kind: 'ref',
        type: 'extern',
        value: node.items[1] ? Number(integer(atom(node, 1), position)) : undefined,
      };
    case 'either':
      return { kind: 'either', items: node.items.slice(1).map(readConstant) };
    default:
      if (/^ref\.[a-z0-9]+$/.test(head)) return { kind: 'ref', type: head.slice(4), value: undefined };
      throw new ScriptError(position, `\`${head}\` is no constant that this command knows`);
  }
}

function readField(node: Node): readonly [string, Constant] {
  if (node.kind !== 'list' || node.items[0]?.kind !== 'atom' || node.items[0].text !== 'field') {
    throw new ScriptError(node.start, 'expected `(field "name" constant)`');
  }
  const value = payload(node, 2);
  if (value === undefined) throw new ScriptError(node.end, 'expected a constant');
  return [textOf(node.items[1], 'the name of a field', node.start), value];
}

/** A constant as scripts write it. */
export function printConstant(constant: Constant): string {
  switch (constant.kind) {
    case 'bool':
      return `(bool.const ${constant.value})`;
    case 'f32':
    case 'f64':
      return `(${constant.kind}.const ${printFloat(constant.value)})`;
    case 'char':
      return `(char.const ${JSON.stringify(constant.value)})`;
    case 'string':
      return `(str.const ${JSON.stringify(constant.value)})`;
    case 'enum':
      return `(enum.const ${JSON.stringify(constant.value)})`;
    case 'list':
    case 'tuple':
      return `(${[`${constant.kind}.const`, ...constant.items.map(printConstant)].join(' ')})`;
    case 'flags':
      return `(${['flags.const', ...constant.names.map((name) => JSON.stringify(name))].join(' ')})`;
    case 'record': {
      const fields = constant.fields.map(([name, value]) => `(field ${JSON.stringify(name)} ${printConstant(value)})`);
      return `(${['record.const', ...fields].join(' ')})`;
    }
    case 'variant':
      return printPayload(`variant.const ${JSON.stringify(constant.tag)}`, constant.payload);
    case 'option':
      return constant.payload === undefined ? '(option.none)' : printPayload('option.some', constant.payload);
    case 'result':
      return printPayload(constant.ok ? 'result.ok' : 'result.err', constant.payload);
    case 'ref':
      return constant.value === null ? `(ref.null ${constant.type})` : `(ref.${constant.type} ${constant.value ?? ''})`;
    case 'either':
      return `(${['either', ...constant.items.map(printConstant)].join(' ')})`;
    default:
      return `(${constant.kind}.const ${constant.value})`;
  }
}

function printPayload(head: string, of: Constant | undefined): string {
  return of === undefined ? `(${head})` : `(${head} ${printConstant(of)})`;
}

function printFloat(value: FloatConstant): string {
  if (typeof value === 'object') return `bits 0x${value.bits.toString(16)}`;
  return Object.is(value, -0) ? '-0' : String(value);
}
