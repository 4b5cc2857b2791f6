/**
 * Lifting, core → JavaScript, as closures over an `AbiPlan`: the form that needs no `eval`.
 *
 * All checks of a value come before JavaScript sees any of it: nothing here runs code of the embedder, and a trap on the
 * way throws {@link AbiTrap} past everything that was built.
 */
import type { AbiList, AbiMap, AbiPlan, AbiRecord, AbiVariant, FlatType } from '@gangway/component/abi';
import { UnsupportedError, unreachable } from '@gangway/component/errors';
import { fieldNames } from '@gangway/component/names';
import type { ResourceIndex } from '@gangway/component/plan';
import { trap } from '../call/abi-trap.ts';
import type { BorrowScope, GuestSide } from '../call/guest-side.ts';
import { OFTEN, recordLoaders } from './copies.ts';
import { asKeys, isInherited } from './field-names.ts';
import { type Convert, type CoreValue, liftJoin } from './joins.ts';
import { checkList } from './limits.ts';
import { numberList } from './number-closures.ts';
import { isNumberKind, numberLists } from './number-lists.ts';
import { unsigned } from './pairs.ts';
import type { Single } from './scalars.ts';
import { loadBits, singleOf } from './singles.ts';
import { loadString, loadString64 } from './strings.ts';
import { caseNames, isTaggedOption } from './variants.ts';

/** What lifting takes from: a side, and the scope of borrows. */
export class Lifting {
  readonly side: GuestSide;
  readonly scope: BorrowScope | null;
  constructor(side: GuestSide, scope: BorrowScope | null) {
    this.side = side;
    this.scope = scope;
  }
}

type Values = readonly CoreValue[];

export interface Lift {
  /** From memory: `at` is a byte address that is aligned and in bounds. */
  readonly load: (call: Lifting, at: number) => unknown;
  /** From core values: `from` is the index of the first. */
  readonly flat: (call: Lifting, values: Values, from: number) => unknown;
}

const cache = new WeakMap<AbiPlan, Lift>();

/** The closures for a type, made once a plan. */
export function liftPlan(plan: AbiPlan): Lift {
  let made = cache.get(plan);
  if (made === undefined) cache.set(plan, (made = makeLift(plan)));
  return made;
}

function makeLift(plan: AbiPlan): Lift {
  const single = singleOf(plan);
  if (single !== null) return liftSingle(single);
  switch (plan.kind) {
    case 'string':
      return {
        load: (call, at) => {
          const { side } = call;
          if (side.address === 'i32') {
            const { u32 } = side.memory;
            return loadString(side, u32[at / 4]!, u32[at / 4 + 1]!);
          }
          const { u64 } = side.memory;
          return loadString64(side, u64[at / 8]!, u64[at / 8 + 1]!);
        },
        flat: ({ side }, values, from) => {
          const address = values[from]!;
          const length = values[from + 1]!;
          return side.address === 'i32'
            ? loadString(side, (address as number) >>> 0, (length as number) >>> 0)
            : loadString64(side, address as bigint, length as bigint);
        },
      };
    case 'list':
    case 'map':
      return plan.length === null ? list(plan) : fixedList(plan as AbiList, plan.length);
    case 'record':
    case 'tuple':
      return record(plan);
    case 'variant':
    case 'option':
    case 'result':
      return variant(plan);
    case 'own':
    case 'borrow':
      return handle(plan.kind, plan.resource);
    case 'stream':
    case 'future':
    case 'error-context':
      throw new UnsupportedError(0, `values of type ${plan.kind} are not supported`);
    default:
      return unreachable(plan as never);
  }
}

function liftSingle({ load, lift }: Single): Lift {
  return { load, flat: (_call, values, from) => lift(values[from] as never) };
}

function list(plan: AbiList | AbiMap): Lift {
  const elements = listElements(plan);
  return {
    load: (call, at) => {
      const { side } = call;
      if (side.address === 'i32') {
        const { u32 } = side.memory;
        return elements(call, u32[at / 4]!, u32[at / 4 + 1]!);
      }
      const { u64 } = side.memory;
      return elements(call, Number(u64[at / 8]!), Number(u64[at / 8 + 1]!));
    },
    flat: (call, values, from) => elements(call, unsigned(values[from]!), unsigned(values[from + 1]!)),
  };
}

/** Checks the range, then loads the elements. */
function listElements(plan: AbiList | AbiMap): (call: Lifting, address: number, length: number) => unknown {
  const { element } = plan;
  const { kind, size, align } = element;
  if (plan.kind === 'list' && isNumberKind(kind)) {
    const { load } = numberList(kind);
    return (call, address, length) => load(call.side.memory, address, length);
  }
  const each = liftPlan(element);
  if (plan.kind === 'map') {
    return (call, address, length) => {
      checkList(address, length, size, align, call.side.memory.u8.length);
      const map = new Map<unknown, unknown>();
      for (let i = 0; i < length; i++) {
        const [key, value] = each.load(call, address + i * size) as [unknown, unknown];
        map.set(key, value);
      }
      return map;
    };
  }
  return (call, address, length) => {
    checkList(address, length, size, align, call.side.memory.u8.length);
    const items: unknown[] = [];
    for (let i = 0; i < length; i++) items.push(each.load(call, address + i * size));
    return items;
  };
}

function fixedList(plan: AbiList, length: number): Lift {
  const { element } = plan;
  const { size } = element;
  const each = liftPlan(element);
  const width = element.flat.length;
  if (isNumberKind(element.kind)) {
    const { take } = numberList(element.kind);
    const { array } = numberLists[element.kind];
    return {
      load: (call, at) => take(call.side.memory, at, length),
      flat: (call, values, from) => {
        const items = new array(length);
        for (let i = 0; i < length; i++) items[i] = each.flat(call, values, from + i) as never;
        return items;
      },
    };
  }
  return {
    load: (call, at) => {
      const items: unknown[] = [];
      for (let i = 0; i < length; i++) items.push(each.load(call, at + i * size));
      return items;
    },
    flat: (call, values, from) => {
      const items: unknown[] = [];
      for (let i = 0; i < length; i++) items.push(each.flat(call, values, from + i * width));
      return items;
    },
  };
}

function record(plan: AbiRecord): Lift {
  const { fields } = plan;
  const count = fields.length;
  const parts = fields.map((field) => liftPlan(field.type));
  const offsets = fields.map((field) => field.offset);
  const starts: number[] = [];
  let start = 0;
  for (const { type } of fields) {
    starts.push(start);
    start += type.flat.length;
  }
  if (plan.kind === 'tuple') {
    return {
      load: (call, at) => {
        const items: unknown[] = [];
        for (let i = 0; i < count; i++) items.push(parts[i]!.load(call, at + offsets[i]!));
        return items;
      },
      flat: (call, values, from) => {
        const items: unknown[] = [];
        for (let i = 0; i < count; i++) items.push(parts[i]!.flat(call, values, from + starts[i]!));
        return items;
      },
    };
  }
  const names = asKeys(fieldNames(fields.map((field) => field.name)));
  // Engines copy an object of a known shape at once. Its properties are there to be set, whatever they are called.
  const template = Object.fromEntries(names.map((name) => [name, undefined])) as Record<string, unknown>;
  const plain = !names.some(isInherited);
  let uses = 0;
  let load: Lift['load'] = (call, at) => {
    const object = { ...template };
    for (let i = 0; i < count; i++) object[names[i]!] = parts[i]!.load(call, at + offsets[i]!);
    return object;
  };
  return {
    load: (call, at) => {
      if (uses < OFTEN && ++uses === OFTEN && plain) load = recordLoaders.next()?.(names, parts, offsets) ?? load;
      return load(call, at);
    },
    flat: (call, values, from) => {
      const object = { ...template };
      for (let i = 0; i < count; i++) object[names[i]!] = parts[i]!.flat(call, values, from + starts[i]!);
      return object;
    },
  };
}

interface CasePayload {
  readonly lift: Lift;
  /** From the joined core types; null when there is nothing to convert. */
  readonly convert: readonly (Convert | null)[] | null;
}

function variant(plan: AbiVariant): Lift {
  const { cases, discriminantSize, payloadOffset } = plan;
  const count = cases.length;
  const joined = plan.flat.slice(1);
  const payloads = cases.map((item): CasePayload | null => {
    if (item.type === null) return null;
    const convert = item.type.flat.slice(0, joined.length).map((wants, i) => liftJoin(joined[i] as FlatType, wants));
    return { lift: liftPlan(item.type), convert: convert.some(Boolean) ? convert : null };
  });
  const make = caseMaker(plan);
  return {
    load: (call, at) => {
      const index = loadBits(call.side.memory, discriminantSize, at);
      if (index >= count) trap('invalid-discriminant');
      return make(index, payloads[index]?.lift.load(call, at + payloadOffset));
    },
    flat: (call, values, from) => {
      const index = (values[from] as number) >>> 0;
      if (index >= count) trap('invalid-discriminant');
      const payload = payloads[index];
      if (!payload) return make(index, undefined);
      const { lift, convert } = payload;
      if (convert === null) return make(index, lift.flat(call, values, from + 1));
      const converted = convert.map((change, i) => {
        const value = values[from + 1 + i]!;
        return change ? change(value) : value;
      });
      return make(index, lift.flat(call, converted, 0));
    },
  };
}

/** The JavaScript value of a case; `value` is undefined for a case without payload. */
function caseMaker(plan: AbiVariant): (index: number, value: unknown) => unknown {
  if (plan.kind === 'option' && !isTaggedOption(plan)) return (_index, value) => value;
  const names = asKeys(caseNames(plan));
  const bare = plan.cases.map((item) => item.type === null);
  return (index, value) => (bare[index] ? { tag: names[index] } : { tag: names[index], val: value });
}

function handle(kind: 'own' | 'borrow', resource: ResourceIndex): Lift {
  const lift =
    kind === 'own'
      ? (call: Lifting, index: number): object => call.side.handles.liftOwn(call.side, resource, index)
      : (call: Lifting, index: number): object =>
          call.side.handles.liftBorrow(call.side, resource, index, call.scope as BorrowScope);
  return {
    load: (call, at) => lift(call, call.side.memory.u32[at / 4]!),
    flat: (call, values, from) => lift(call, (values[from] as number) >>> 0),
  };
}
