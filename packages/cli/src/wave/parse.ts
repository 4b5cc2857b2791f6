/**
 * WAVE text as a JavaScript value. In: a text, and the component type that it is a value of. Out: the value as the host
 * maps that type (lists of numbers are typed arrays, records have camelCase fields, and so on), or a `WaveError`.
 *
 * The type leads: `{}` is a record or flags, `none` an option or an enum's case, `1` an integer or a float. An option or
 * a result whose payload is neither may be written as the payload alone. Maps, which WAVE does not know yet, are written
 * as what they despecialise to: lists of pairs.
 */
import type { FuncInfo, ValueInfo } from '@gangway/host';
import { type Label, Scanner } from './scanner.ts';
import { integers, isTagged, listValue, propertyNames } from './syntax.ts';
import { WaveError } from './wave-error.ts';

/** One value; nothing may follow it. */
export function parseValue(type: ValueInfo, text: string): unknown {
  const scanner = new Scanner(text);
  const value = parse(scanner, type);
  scanner.end();
  return value;
}

/** A call as text: `interface#function(…)`. `args` starts after the parenthesis, at `offset` of `text`. */
export interface CallText {
  readonly name: string;
  readonly offset: number;
}

/** Splits `name(args)`. The name may hold anything but a parenthesis; without one it is a call without arguments. */
export function splitCall(text: string): CallText {
  const open = text.indexOf('(');
  return open < 0 ? { name: text.trim(), offset: -1 } : { name: text.slice(0, open).trim(), offset: open + 1 };
}

/** The arguments of `name(args)`. Options at the end may be left out. */
export function parseArguments(type: FuncInfo, text: string): unknown[] {
  const { offset } = splitCall(text);
  // Blanks keep the columns of messages right.
  const scanner = new Scanner(offset < 0 ? ')' : ' '.repeat(offset) + text.slice(offset));
  const args: unknown[] = [];
  scanner.items(')', () => {
    const param = type.params[args.length];
    if (param === undefined) scanner.fail(`${type.params.length} arguments and ')'`);
    args.push(inside(scanner, param.name, () => parse(scanner, param.type)));
  });
  scanner.end();
  for (const param of type.params.slice(args.length)) {
    if (param.type.kind !== 'option') {
      throw new WaveError(text.length, `argument ${args.length + 1}, "${param.name}", is missing`);
    }
    args.push(absent(param.type));
  }
  return args;
}

/** Adds to a message where in the value it happened. */
function inside<T>(scanner: Scanner, name: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof WaveError)) throw error;
    throw scanner.text === '' ? error : new WaveError(error.offset, `${name}: ${error.detail}`);
  }
}

type OptionInfo = Extract<ValueInfo, { readonly kind: 'option' }>;

function absent(type: OptionInfo): unknown {
  return isTagged(type) ? { tag: 'none' } : undefined;
}

function present(type: OptionInfo, value: unknown): unknown {
  return isTagged(type) ? { tag: 'some', val: value } : value;
}

function parse(scanner: Scanner, type: ValueInfo): unknown {
  switch (type.kind) {
    case 'bool': {
      const label = scanner.label();
      if (label?.name === 'true' && !label.escaped) return true;
      if (label?.name === 'false' && !label.escaped) return false;
      return failAt(label, scanner, 'true or false');
    }
    case 's8':
    case 'u8':
    case 's16':
    case 'u16':
    case 's32':
    case 'u32':
      return Number(integer(scanner, type.kind));
    case 's64':
    case 'u64':
      return integer(scanner, type.kind);
    case 'f32':
      return Math.fround(float(scanner));
    case 'f64':
      return float(scanner);
    case 'char':
      return scanner.character();
    case 'string':
      return scanner.string();
    case 'list':
      return list(scanner, type.element, type.length);
    case 'map': {
      const pair: ValueInfo = { kind: 'tuple', types: [type.key, type.value] };
      return new Map(list(scanner, pair, null) as [unknown, unknown][]);
    }
    case 'tuple':
      return tuple(scanner, type.types);
    case 'record':
      return record(scanner, type.fields);
    case 'flags':
      return flags(scanner, type.names);
    case 'enum': {
      const label = scanner.label();
      return label !== null && type.names.includes(label.name)
        ? label.name
        : failAt(label, scanner, type.names.join(' or '));
    }
    case 'variant':
      return variant(scanner, type.cases);
    case 'option':
      return option(scanner, type);
    case 'result':
      return result(scanner, type);
    case 'own':
    case 'borrow':
    case 'stream':
    case 'future':
    case 'error-context':
      throw new WaveError(scanner.offset, `a value of type ${type.kind} cannot be written as text`);
    default:
      return type satisfies never;
  }
}

/** Fails where the label was, or where it should have been. */
function failAt(label: Label | null, scanner: Scanner, expected: string): never {
  if (label === null) scanner.fail(expected);
  throw new WaveError(label.offset, `expected ${expected}, found '${label.name}'`);
}

function integer(scanner: Scanner, kind: string): bigint {
  const { bits, signed } = integers[kind] as { bits: number; signed: boolean };
  const { offset } = scanner;
  const text = scanner.number();
  if (text === null) scanner.fail(`a number (${kind})`);
  if (!/^-?[0-9]+$/.test(text)) throw new WaveError(offset, `expected an integer (${kind}), found ${text}`);
  const value = BigInt(text);
  if (value !== (signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value))) {
    throw new WaveError(offset, `${text} is out of the range of ${kind}`);
  }
  return value;
}

function float(scanner: Scanner): number {
  const text = scanner.number();
  if (text === null) scanner.fail('a number, nan, inf or -inf');
  if (text === 'nan') return Number.NaN;
  if (text.endsWith('inf')) return text === 'inf' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  return Number(text);
}

function list(scanner: Scanner, element: ValueInfo, length: number | null): unknown {
  const { offset } = scanner;
  scanner.expect('[');
  const values: unknown[] = [];
  scanner.items(']', () => {
    values.push(inside(scanner, `[${values.length}]`, () => parse(scanner, element)));
  });
  if (length !== null && values.length !== length) {
    throw new WaveError(offset, `expected ${length} elements, found ${values.length}`);
  }
  return listValue(element, values);
}

function tuple(scanner: Scanner, types: readonly ValueInfo[]): unknown[] {
  const { offset } = scanner;
  scanner.expect('(');
  const values: unknown[] = [];
  scanner.items(')', () => {
    const type = types[values.length];
    if (type === undefined) scanner.fail(`${types.length} values and ')'`);
    values.push(inside(scanner, `.${values.length}`, () => parse(scanner, type)));
  });
  if (values.length !== types.length) {
    throw new WaveError(offset, `expected ${types.length} values, found ${values.length}`);
  }
  return values;
}

type Fields = Extract<ValueInfo, { readonly kind: 'record' }>['fields'];

function record(scanner: Scanner, fields: Fields): object {
  const properties = propertyNames(fields.map((field) => field.name));
  const { offset } = scanner;
  const values = new Map<string, unknown>();
  scanner.expect('{');
  if (scanner.accept(':')) {
    // `{:}`: a record all of whose fields are options that are left out.
    scanner.expect('}');
  } else {
    scanner.items('}', () => {
      const label = scanner.label();
      const field = fields.find((one) => one.name === label?.name);
      if (label === null || field === undefined) {
        return failAt(label, scanner, `a field (${fields.map((one) => one.name).join(', ')})`);
      }
      if (values.has(field.name)) throw new WaveError(label.offset, `the field ${field.name} stands here twice`);
      scanner.expect(':');
      values.set(
        field.name,
        inside(scanner, `.${field.name}`, () => parse(scanner, field.type)),
      );
    });
  }
  const entries = fields.map((field, i) => {
    if (!values.has(field.name)) {
      if (field.type.kind !== 'option') throw new WaveError(offset, `the field ${field.name} is missing`);
      values.set(field.name, absent(field.type));
    }
    return [properties[i] as string, values.get(field.name)] as const;
  });
  // Object.fromEntries makes own properties whatever the names are.
  return Object.fromEntries(entries);
}

function flags(scanner: Scanner, names: readonly string[]): object {
  const properties = propertyNames(names);
  const set = new Set<string>();
  scanner.expect('{');
  scanner.items('}', () => {
    const label = scanner.label();
    if (label === null || !names.includes(label.name)) failAt(label, scanner, `a flag (${names.join(', ')})`);
    if (set.has(label.name)) throw new WaveError(label.offset, `the flag ${label.name} stands here twice`);
    set.add(label.name);
  });
  return Object.fromEntries(names.map((name, i) => [properties[i] as string, set.has(name)]));
}

type Cases = Extract<ValueInfo, { readonly kind: 'variant' }>['cases'];

function variant(scanner: Scanner, cases: Cases): object {
  const label = scanner.label();
  const found = cases.find((one) => one.name === label?.name);
  if (found === undefined) failAt(label, scanner, cases.map((one) => one.name).join(' or '));
  if (found.type === null) return { tag: found.name };
  return { tag: found.name, val: payload(scanner, found.name, found.type) };
}

/** `(value)` after the name of a case. */
function payload(scanner: Scanner, name: string, type: ValueInfo): unknown {
  scanner.expect('(');
  const value = inside(scanner, name, () => parse(scanner, type));
  scanner.expect(')');
  return value;
}

/** The keyword that is next, if it is one of these and not written with a `%`. */
function keyword(scanner: Scanner, first: string, second: string): string | null {
  const label = scanner.peekLabel();
  if (label === null || label.escaped || (label.name !== first && label.name !== second)) return null;
  scanner.label();
  return label.name;
}

const mayStandAlone = (type: ValueInfo): boolean => type.kind !== 'option' && type.kind !== 'result';

function option(scanner: Scanner, type: OptionInfo): unknown {
  switch (keyword(scanner, 'some', 'none')) {
    case 'some':
      return present(type, payload(scanner, 'some', type.type));
    case 'none':
      return absent(type);
    default:
      if (!mayStandAlone(type.type)) scanner.fail('some(…) or none');
      return present(type, parse(scanner, type.type));
  }
}

function result(scanner: Scanner, type: Extract<ValueInfo, { readonly kind: 'result' }>): object {
  const tag = keyword(scanner, 'ok', 'err') as 'ok' | 'err' | null;
  if (tag === null) {
    if (type.ok === null || !mayStandAlone(type.ok)) scanner.fail('ok or err');
    return { tag: 'ok', val: parse(scanner, type.ok) };
  }
  const inner = type[tag];
  return inner === null ? { tag } : { tag, val: payload(scanner, tag, inner) };
}
