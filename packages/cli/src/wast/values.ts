/**
 * Constants and JavaScript values. In: a constant of a script and the component type it stands for. Out: the argument to
 * pass; or whether a result is what was expected.
 *
 * Types decide: `(option.none)` is `undefined` or `{ tag: 'none' }` by whether the payload is an option itself.
 */

import { inspect } from 'node:util';
import { camelCase } from '@gangway/component/names';
import type { ValueInfo } from '@gangway/host/runtime';
import { type Constant, type FloatConstant, printConstant } from './constant.ts';

/** The constant does not fit the type: an error in the script, or in what we say of the component. */
export class ConstantMismatch extends Error {
  override readonly name = 'ConstantMismatch';
}

const kinds: Readonly<Record<string, ValueInfo['kind']>> = { i32: 's32', i64: 's64' };

function check(constant: Constant, type: ValueInfo): void {
  const kind = kinds[constant.kind] ?? constant.kind;
  const same = kind === type.kind || (type.kind === 'map' && kind === 'list');
  if (!same) throw new ConstantMismatch(`${printConstant(constant)} is given for the type ${type.kind}`);
}

/** The number behind a float constant. A NaN's payload may not survive. */
function toNumber(value: FloatConstant, kind: 'f32' | 'f64'): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return Number.NaN;
  const view = new DataView(new ArrayBuffer(8));
  if (kind === 'f32') {
    view.setUint32(0, Number(value.bits));
    return view.getFloat32(0);
  }
  view.setBigUint64(0, value.bits);
  return view.getFloat64(0);
}

/** The JavaScript value to pass for a constant. Throws {@link ConstantMismatch}. */
export function toJs(constant: Constant, type: ValueInfo): unknown {
  check(constant, type);
  switch (constant.kind) {
    case 'bool':
    case 'char':
    case 'string':
    case 'enum':
      return constant.value;
    case 'f32':
    case 'f64':
      return toNumber(constant.value, constant.kind);
    case 'list': {
      if (type.kind === 'map') {
        return new Map(
          constant.items.map((item) => entry(item).map((side, i) => toJs(side, i ? type.value : type.key))) as [
            unknown,
            unknown,
          ][],
        );
      }
      const { element } = type as ValueInfo & { kind: 'list' };
      return constant.items.map((item) => toJs(item, element));
    }
    case 'tuple': {
      const { types } = type as ValueInfo & { kind: 'tuple' };
      if (types.length !== constant.items.length) throw new ConstantMismatch(`a tuple of ${types.length} is expected`);
      return constant.items.map((item, i) => toJs(item, types[i]!));
    }
    case 'record': {
      const { fields } = type as ValueInfo & { kind: 'record' };
      return Object.fromEntries(
        constant.fields.map(([name, value]) => {
          const field = fields.find((one) => one.name === name);
          if (field === undefined) throw new ConstantMismatch(`the record has no field ${name}`);
          return [camelCase(name), toJs(value, field.type)];
        }),
      );
    }
    case 'flags':
      return Object.fromEntries(constant.names.map((name) => [camelCase(name), true]));
    case 'variant': {
      const payload = caseType(constant.tag, type as ValueInfo & { kind: 'variant' });
      return tagged(constant.tag, constant.payload, payload);
    }
    case 'option': {
      const inner = (type as ValueInfo & { kind: 'option' }).type;
      if (inner.kind === 'option') return tagged(constant.payload ? 'some' : 'none', constant.payload, inner);
      return constant.payload && toJs(constant.payload, inner);
    }
    case 'result': {
      const result = type as ValueInfo & { kind: 'result' };
      return tagged(constant.ok ? 'ok' : 'err', constant.payload, constant.ok ? result.ok : result.err);
    }
    case 'ref':
    case 'either':
      throw new ConstantMismatch(`${printConstant(constant)} is no value of a component`);
    default:
      return constant.value;
  }
}

/** A map's entry: a tuple of two. */
function entry(constant: Constant): readonly Constant[] {
  if (constant.kind !== 'tuple' || constant.items.length !== 2) {
    throw new ConstantMismatch('an entry of a map is a tuple of two');
  }
  return constant.items;
}

function caseType(tag: string, type: ValueInfo & { kind: 'variant' }): ValueInfo | null {
  const found = type.cases.find((one) => one.name === tag);
  if (found === undefined) throw new ConstantMismatch(`the variant has no case ${tag}`);
  return found.type;
}

function tagged(tag: string, payload: Constant | undefined, type: ValueInfo | null): unknown {
  if ((payload === undefined) !== (type === null) && tag !== 'none') {
    throw new ConstantMismatch(`case ${tag}: a payload is ${type === null ? 'not ' : ''}expected`);
  }
  return payload === undefined || type === null ? { tag } : { tag, val: toJs(payload, type) };
}

/** Whether a result is what the constant describes. Throws {@link ConstantMismatch} when the types say it never can be. */
export function matches(constant: Constant, actual: unknown, type: ValueInfo): boolean {
  if (constant.kind === 'either') return constant.items.some((item) => matches(item, actual, type));
  check(constant, type);
  switch (constant.kind) {
    case 'f32':
    case 'f64':
      return typeof actual === 'number' && floatMatches(constant.value, actual);
    case 'list': {
      if (type.kind === 'map') return actual instanceof Map && mapMatches(constant.items, actual, type);
      const { element } = type as ValueInfo & { kind: 'list' };
      return sequenceMatches(constant.items, actual, () => element);
    }
    case 'tuple': {
      const { types } = type as ValueInfo & { kind: 'tuple' };
      return types.length === constant.items.length && sequenceMatches(constant.items, actual, (i) => types[i]!);
    }
    case 'record': {
      const { fields } = type as ValueInfo & { kind: 'record' };
      if (!isObject(actual) || Object.keys(actual).length !== constant.fields.length) return false;
      return constant.fields.every(([name, value]) => {
        const field = fields.find((one) => one.name === name);
        return field !== undefined && matches(value, actual[camelCase(name)], field.type);
      });
    }
    case 'flags': {
      const { names } = type as ValueInfo & { kind: 'flags' };
      if (!isObject(actual) || Object.keys(actual).length !== names.length) return false;
      return names.every((name) => actual[camelCase(name)] === constant.names.includes(name));
    }
    case 'variant':
      return taggedMatches(
        constant.tag,
        constant.payload,
        actual,
        caseType(constant.tag, type as ValueInfo & { kind: 'variant' }),
      );
    case 'option': {
      const inner = (type as ValueInfo & { kind: 'option' }).type;
      if (inner.kind === 'option') {
        return taggedMatches(constant.payload ? 'some' : 'none', constant.payload, actual, inner);
      }
      return constant.payload ? matches(constant.payload, actual, inner) : actual === undefined;
    }
    case 'result': {
      const { ok, err } = type as ValueInfo & { kind: 'result' };
      return taggedMatches(constant.ok ? 'ok' : 'err', constant.payload, actual, constant.ok ? ok : err);
    }
    case 'ref':
      throw new ConstantMismatch(`${printConstant(constant)} is no value of a component`);
    default:
      return actual === constant.value;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function floatMatches(expected: FloatConstant, actual: number): boolean {
  return typeof expected === 'number' ? Object.is(expected, actual) : Number.isNaN(actual);
}

/** Arrays and typed arrays. */
function sequenceMatches(items: readonly Constant[], actual: unknown, type: (index: number) => ValueInfo): boolean {
  if (!Array.isArray(actual) && !ArrayBuffer.isView(actual)) return false;
  const values = Array.from(actual as unknown as ArrayLike<unknown>);
  return values.length === items.length && items.every((item, i) => matches(item, values[i], type(i)));
}

function mapMatches(
  items: readonly Constant[],
  actual: Map<unknown, unknown>,
  type: ValueInfo & { kind: 'map' },
): boolean {
  const entries = [...actual];
  return (
    entries.length === items.length &&
    items.every((item, i) => {
      const [key, value] = entry(item) as [Constant, Constant];
      return matches(key, entries[i]![0], type.key) && matches(value, entries[i]![1], type.value);
    })
  );
}

function taggedMatches(tag: string, payload: Constant | undefined, actual: unknown, type: ValueInfo | null): boolean {
  if (!isObject(actual) || actual['tag'] !== tag) return false;
  if (payload === undefined || type === null) return payload === undefined && actual['val'] === undefined;
  return matches(payload, actual['val'], type);
}

/** A result of a core function against a constant. */
export function coreMatches(constant: Constant, actual: unknown): boolean {
  switch (constant.kind) {
    case 'either':
      return constant.items.some((item) => coreMatches(item, actual));
    case 'i32':
      return typeof actual === 'number' && (actual | 0) === (constant.value | 0);
    case 'i64':
      return typeof actual === 'bigint' && BigInt.asIntN(64, actual) === BigInt.asIntN(64, constant.value);
    case 'f32':
    case 'f64':
      return typeof actual === 'number' && floatMatches(constant.value, actual);
    case 'ref':
      if (constant.value === null) return actual === null;
      if (constant.value === undefined) return actual !== null;
      return actual === constant.value;
    default:
      throw new ConstantMismatch(`${printConstant(constant)} is no value of a core module`);
  }
}

/** The argument of a core function for a constant. */
export function coreToJs(constant: Constant): unknown {
  switch (constant.kind) {
    case 'i32':
      return constant.value | 0;
    case 'i64':
      return BigInt.asIntN(64, constant.value);
    case 'f32':
    case 'f64':
      return toNumber(constant.value, constant.kind);
    case 'ref':
      return constant.value ?? null;
    default:
      throw new ConstantMismatch(`${printConstant(constant)} is no value of a core module`);
  }
}

/** A result as reports show it: one line, and not too long. */
export function show(value: unknown): string {
  const text = inspect(value, {
    depth: 6,
    breakLength: Number.POSITIVE_INFINITY,
    maxArrayLength: 20,
    maxStringLength: 200,
  });
  return text.replaceAll('\n', ' ');
}
