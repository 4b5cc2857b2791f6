/**
 * Values as the draft of the JS API has them (JS-Reference.md, "Types and values"). In: the types of a plan. Out: for each,
 * two functions between the draft's values and those of `@gangway/host`, which then lift and lower as ever:
 * `ToJSValue` (`out`) and `ToComponentValue` (`in`).
 *
 * What comes in is converted, as Web IDL converts arguments, not checked: `'7'` is a `u8`. A `TypeError` is thrown before
 * the guest is entered, since all arguments are converted first.
 *
 * The draft calls an option "top-level" or "nested" without saying where the border is. A record may leave out an option, so
 * a field is top-level; then nothing but the payload of another option is nested.
 *
 * NON-SPEC: futures, streams and error contexts have no binding in the draft yet. They are what they are in `@gangway/host`,
 * and so is what a stream or a future carries.
 *
 * Rejected: lifting and lowering to these values directly. It would double what is generated and tested, for a form of the
 * API that is still a draft.
 */

import { fieldNames, pascalCase } from '@gangway/component/names';
import type { ComponentPlan, PlanType, ResourceIndex, TypeIndex } from '@gangway/component/plan';
import { ArgumentError, expected, located, refuse } from '../../abi/argument-error.ts';
import { setOwn } from '../../abi/field-names.ts';
import { isNumberKind, type NumberArray, type NumberKind, numberLists } from '../../abi/number-lists.ts';
import { draftCamelCase } from './names.ts';

export type Convert = (value: unknown) => unknown;

export interface Conversion {
  /** `ToJSValue`; null where the values are the same. Never fails. */
  readonly out: Convert | null;
  /** `ToComponentValue`. Throws `ArgumentError`, or what the embedder's own code throws. */
  readonly in: Convert;
}

/** What the instance knows of its resources. */
export interface ResourceConversions {
  own(resource: ResourceIndex): Conversion;
  borrow(resource: ResourceIndex): Conversion;
}

/** The conversions for the types of one instance's plan. */
export class Conversions {
  readonly #plan: ComponentPlan;
  readonly #resources: ResourceConversions;
  readonly #known = new Map<TypeIndex, Conversion>();
  readonly #knownNested = new Map<TypeIndex, Conversion>();

  constructor(plan: ComponentPlan, resources: ResourceConversions) {
    this.#plan = plan;
    this.#resources = resources;
  }

  /** The conversions of a type; `nested`: as the payload of an option. */
  of(index: TypeIndex, nested = false): Conversion {
    const known = nested ? this.#knownNested : this.#known;
    let found = known.get(index);
    if (found === undefined) known.set(index, (found = this.#make(this.#plan.types[index]!, nested)));
    return found;
  }

  #make(type: PlanType, nested: boolean): Conversion {
    switch (type.kind) {
      case 'bool':
        return { out: null, in: Boolean };
      case 's8':
      case 'u8':
      case 's16':
      case 'u16':
      case 's32':
      case 'u32':
        return { out: null, in: integer(ranges[type.kind]) };
      case 's64':
      case 'u64':
        return { out: null, in: long(type.kind === 's64') };
      case 'f32':
        return { out: null, in: (value) => Math.fround(+(value as number)) };
      case 'f64':
        return { out: null, in: (value) => +(value as number) };
      case 'char':
        return { out: null, in: char };
      case 'string':
        // Lone surrogates become U+FFFD where strings are encoded.
        return { out: null, in: (value) => `${value as string}` };
      case 'list':
        return this.#list(type.element, type.length);
      case 'tuple':
        return this.#tuple(type.types);
      case 'record':
        return this.#record(type.fields);
      case 'flags':
        return flags(type.names);
      case 'enum':
        return { out: null, in: enumeration(type.names) };
      case 'option':
        return this.#option(type.type, nested);
      case 'result':
        return this.#cases(
          ['Ok', 'Error'],
          ['ok', 'err'],
          [type.ok, type.err].map((payload) => this.#payload(payload)),
        );
      case 'variant': {
        const names = type.cases.map((item) => item.name);
        return this.#cases(
          names.map(pascalCase),
          names,
          type.cases.map((item) => this.#payload(item.type)),
        );
      }
      case 'map':
        return this.#map(type.key, type.value);
      case 'own':
        return this.#resources.own(type.resource);
      case 'borrow':
        return this.#resources.borrow(type.resource);
      case 'stream':
      case 'future':
      case 'error-context':
        return { out: null, in: (value) => value };
      default:
        return type satisfies never;
    }
  }

  #payload(index: TypeIndex | null): Conversion | null {
    return index === null ? null : this.of(index);
  }

  /** JS-Reference.md, `ToJSValueList`, `ToComponentValueScalarList`, `ToComponentValueList`. */
  #list(element: TypeIndex, length: number | null): Conversion {
    const { kind } = this.#plan.types[element]!;
    const each = this.of(element);
    const convert = isNumberKind(kind) ? numbers(kind, each.in) : (value: unknown) => elements(items(value), each.in);
    return {
      out: each.out === null ? null : mapping(each.out),
      in:
        length === null
          ? convert
          : (value) => {
              const list = convert(value) as ArrayLike<unknown>;
              if (list.length !== length) refuse(`expected a list of ${length} elements, got ${list.length}`);
              return list;
            },
    };
  }

  #tuple(types: readonly TypeIndex[]): Conversion {
    const parts = types.map((type) => this.of(type));
    const outs = parts.map((part) => part.out);
    return {
      out: outs.every((out) => out === null)
        ? null
        : (value) => (value as unknown[]).map((item, i) => (outs[i] ? outs[i](item) : item)),
      in: (value) => {
        const list = items(value);
        if (list.length !== parts.length) refuse(`expected a tuple of ${parts.length} values, got ${list.length}`);
        return list.map((item, i) => at(`[${i}]`, parts[i]!.in, item));
      },
    };
  }

  /** JS-Reference.md, `ToJSValueRecord`, `ToComponentValueRecord`. */
  #record(fields: readonly { readonly name: string; readonly type: TypeIndex }[]): Conversion {
    const labels = fields.map((field) => field.name);
    const ours = fieldNames(labels);
    const theirs = labels.map(draftCamelCase);
    const parts = fields.map((field) => this.of(field.type));
    const optional = fields.map((field) => this.#plan.types[field.type]!.kind === 'option');
    return {
      out: (value) => {
        const made = Object.create(null) as Record<string, unknown>;
        for (const [i, { out }] of parts.entries()) {
          const field = (value as Record<string, unknown>)[ours[i]!];
          made[theirs[i]!] = out === null ? field : out(field);
        }
        return made;
      },
      in: (value) => {
        const from = object(value) as Record<string, unknown>;
        const made = {};
        for (const [i, part] of parts.entries()) {
          const field = from[theirs[i]!];
          if (field === undefined && !optional[i])
            throw located(new ArgumentError('the field is missing'), `.${theirs[i]}`);
          setOwn(made, ours[i]!, at(`.${theirs[i]}`, part.in, field));
        }
        return made;
      },
    };
  }

  #option(payload: TypeIndex, nested: boolean): Conversion {
    const some = this.of(payload, true);
    // What `@gangway/host` has: tagged when the payload is an option.
    const tagged = this.#plan.types[payload]!.kind === 'option';
    if (nested) return tagged ? this.#cases(optionKinds, optionTags, [null, some]) : nestedOption(some);
    if (!tagged) {
      const { out } = some;
      return {
        out: out === null ? null : (value) => (value === undefined ? undefined : out(value)),
        in: (value) => (value === undefined || value === null ? undefined : some.in(value)),
      };
    }
    return {
      out: (value) => {
        const { tag, val } = value as Tagged;
        return tag === 'none' ? undefined : apply(some.out, val);
      },
      in: (value) => (value === undefined || value === null ? { tag: 'none' } : { tag: 'some', val: some.in(value) }),
    };
  }

  /** JS-Reference.md, `ToJSValueVariant`, `ToComponentValueVariant`: `{ tag, val }` here, `{ kind, value }` there. */
  #cases(kinds: readonly string[], tags: readonly string[], payloads: readonly (Conversion | null)[]): Conversion {
    const byTag = new Map(tags.map((tag, i) => [tag, i]));
    const read = readKind(kinds);
    return {
      out: (value) => {
        const { tag, val } = value as Tagged;
        const index = byTag.get(tag) as number;
        const payload = payloads[index];
        return variant(kinds[index] as string, payload ? { value: apply(payload.out, val) } : null);
      },
      in: (value) => {
        const index = read(value);
        const payload = payloads[index];
        if (!payload) return { tag: tags[index] };
        return { tag: tags[index], val: at('.value', payload.in, (value as { value: unknown }).value) };
      },
    };
  }

  /** JS-Reference.md, `ToJSValueMap`, `ToComponentValueMap`. */
  #map(keyType: TypeIndex, valueType: TypeIndex): Conversion {
    const key = this.of(keyType);
    const content = this.of(valueType);
    const stringKeys = this.#plan.types[keyType]!.kind === 'string';
    const pairs = this.#tuple([keyType, valueType]);
    return {
      out:
        key.out === null && content.out === null
          ? null
          : (value) =>
              new Map(
                [...(value as Map<unknown, unknown>)].map(([k, v]) => [apply(key.out, k), apply(content.out, v)]),
              ),
      in: (value) => {
        const from = object(value) as Iterable<unknown>;
        const method = from[Symbol.iterator];
        if (method !== undefined && method !== null) return elements(iterate(from, method), pairs.in);
        if (!stringKeys) expected('a Map or an iterable of pairs', value);
        return ownPairs(from, content.in);
      },
    };
  }
}

interface Tagged {
  readonly tag: string;
  readonly val: unknown;
}

const optionKinds = ['None', 'Some'] as const;
const optionTags = ['none', 'some'] as const;

function apply(convert: Convert | null, value: unknown): unknown {
  return convert === null ? value : convert(value);
}

/** Converts, and names the place when it fails. */
function at(step: string, convert: Convert, value: unknown): unknown {
  try {
    return convert(value);
  } catch (error) {
    throw located(error, step);
  }
}

function object(value: unknown): object {
  if ((typeof value !== 'object' || value === null) && typeof value !== 'function') expected('an object', value);
  return value as object;
}

// --- numbers, characters, names -----------------------------------------------------------------------------------------

/** Inclusive. */
const ranges = {
  s8: [-128, 127],
  u8: [0, 255],
  s16: [-32_768, 32_767],
  u16: [0, 65_535],
  s32: [-(2 ** 31), 2 ** 31 - 1],
  u32: [0, 2 ** 32 - 1],
} as const;

/** JS-Reference.md, `ToComponentValueInteger`. */
function integer([least, most]: readonly [number, number]): Convert {
  return (value) => {
    // Throws for a BigInt and a Symbol, as `ToNumber` does.
    const whole = Math.trunc(+(value as number));
    if (!(whole >= least && whole <= most)) expected(`an integer from ${least} to ${most}`, value);
    // No negative zero.
    return whole + 0;
  };
}

function long(signed: boolean): Convert {
  const least = signed ? -(2n ** 63n) : 0n;
  const most = signed ? 2n ** 63n - 1n : 2n ** 64n - 1n;
  return (value) => {
    let whole: bigint;
    if (typeof value === 'bigint') whole = value;
    else {
      const number = Math.trunc(+(value as number));
      if (!Number.isFinite(number)) expected('an integer', value);
      whole = BigInt(number);
    }
    if (whole < least || whole > most) expected(`an integer from ${least} to ${most}`, value);
    return whole;
  };
}

function char(value: unknown): string {
  const text = `${value as string}`;
  const code = text.codePointAt(0);
  const surrogate = code !== undefined && code >= 0xd800 && code <= 0xdfff;
  if (code === undefined || surrogate || text.length !== (code > 0xffff ? 2 : 1)) {
    expected('a string of one Unicode scalar value', value);
  }
  return text;
}

function enumeration(names: readonly string[]): Convert {
  const known = new Set(names);
  return (value) => {
    const name = `${value as string}`;
    if (!known.has(name)) expected(`one of ${names.map((one) => JSON.stringify(one)).join(', ')}`, value);
    return name;
  };
}

/** JS-Reference.md, `ToJSValueFlags`, `ToComponentValueFlags`. */
function flags(labels: readonly string[]): Conversion {
  const ours = fieldNames(labels);
  const theirs = labels.map(draftCamelCase);
  return {
    out: (value) => {
      const made = Object.create(null) as Record<string, unknown>;
      for (const [i, name] of theirs.entries()) made[name] = (value as Record<string, unknown>)[ours[i]!];
      return made;
    },
    in: (value) => {
      const from = object(value) as Record<string, unknown>;
      const made = {};
      for (const [i, name] of theirs.entries()) setOwn(made, ours[i]!, Boolean(from[name]));
      return made;
    },
  };
}

// --- variants -----------------------------------------------------------------------------------------------------------

function variant(kind: string, payload: { readonly value: unknown } | null): object {
  const made = Object.create(null) as { kind?: string; value?: unknown };
  made.kind = kind;
  if (payload !== null) made.value = payload.value;
  return made;
}

/** The case index of an object's `kind`. */
function readKind(kinds: readonly string[]): (value: unknown) => number {
  const find: Convert = (kind) => {
    const index = kinds.indexOf(`${kind as string}`);
    if (index === -1) expected(`one of ${kinds.map((one) => JSON.stringify(one)).join(', ')}`, kind);
    return index;
  };
  return (value) => at('.kind', find, (object(value) as { kind: unknown }).kind) as number;
}

/** An option in an option whose payload is none itself: `undefined` or the value here. */
function nestedOption(some: Conversion): Conversion {
  const read = readKind(optionKinds);
  return {
    out: (value) => (value === undefined ? variant('None', null) : variant('Some', { value: apply(some.out, value) })),
    in: (value) => (read(value) === 0 ? undefined : at('.value', some.in, (value as { value: unknown }).value)),
  };
}

// --- lists --------------------------------------------------------------------------------------------------------------

/** `IteratorToList`: everything that an object gives, before any of it is converted. */
function items(value: unknown): unknown[] {
  const from = object(value) as Iterable<unknown>;
  const method = from[Symbol.iterator];
  if (method === undefined || method === null) expected('a list', value);
  return iterate(from, method);
}

/** By the iterator method that has been read: it is read once. */
function iterate(from: object, method: unknown): unknown[] {
  if (typeof method !== 'function') throw new TypeError('Symbol.iterator is no function');
  return Array.from({ [Symbol.iterator]: () => Reflect.apply(method, from, []) as Iterator<unknown> });
}

function elements(list: readonly unknown[], convert: Convert): unknown[] {
  return list.map((item, i) => at(`[${i}]`, convert, item));
}

/** A list of numbers: the typed array for it as it is, anything else by its iterator. */
function numbers(kind: NumberKind, convert: Convert): Convert {
  const { array } = numberLists[kind];
  return (value) => {
    if (ArrayBuffer.isView(value) && typedArrayName.call(value) === array.name) {
      // A copy, because converting what comes after it may change it. Throws for a detached one.
      return new (array as new (from: unknown) => NumberArray)(value);
    }
    return elements(items(value), convert);
  };
}

/** `%TypedArray%.prototype[Symbol.toStringTag]`: the name in the internal slot; undefined for a `DataView`. */
const typedArrayName = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)
  ?.get as (this: unknown) => string | undefined;

function mapping(out: Convert): Convert {
  return (value) => (value as unknown[]).map(out);
}

/** The pairs of an object that stands for a map of strings, as Web IDL reads a `record<DOMString, V>`. */
function ownPairs(from: object, convert: Convert): unknown[] {
  const pairs: unknown[] = [];
  for (const key of Reflect.ownKeys(from)) {
    if (typeof key !== 'string' || !Object.getOwnPropertyDescriptor(from, key)?.enumerable) continue;
    pairs.push([key, at(`.${key}`, convert, (from as Record<string, unknown>)[key])]);
  }
  return pairs;
}
