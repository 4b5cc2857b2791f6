/**
 * Lifting, core → JavaScript, as closures over an `AbiPlan`: the form that needs no `eval`.
 *
 * All checks of a value come before JavaScript sees any of it: nothing here runs code of the embedder, and a trap on the
 * way throws {@link AbiTrap} past everything that was built.
 */
import type { AbiList, AbiMap, AbiPlan, AbiRecord, AbiVariant, FlatType } from '@gangway/component/abi';
import { UnsupportedError, unreachable } from '@gangway/component/errors';
import type { ResourceIndex } from '@gangway/component/plan';
import { trap } from '../call/abi-trap.ts';
import type { BorrowScope, GuestSide } from '../call/guest-side.ts';
import { fieldNames, setOwn } from './field-names.ts';
import { type CoreValue, liftJoin } from './joins.ts';
import { checkList } from './limits.ts';
import { isNumberKind, loadNumbers, numberLists, sliceNumbers } from './number-lists.ts';
import { unsigned } from './pairs.ts';
import { scalars } from './scalars.ts';
import { loadString, loadString64 } from './strings.ts';
import { caseNames, isTaggedOption } from './variants.ts';

/** The state of one lifting: the flat values and how far they are used. No code of the embedder runs meanwhile. */
export class Lifting {
  side: GuestSide;
  scope: BorrowScope | null;
  values: readonly CoreValue[];
  next = 0;
  constructor(side: GuestSide, scope: BorrowScope | null, values: readonly CoreValue[]) {
    this.side = side;
    this.scope = scope;
    this.values = values;
  }

  /** Makes it another one. */
  reset(side: GuestSide, scope: BorrowScope | null, values: readonly CoreValue[]): void {
    this.side = side;
    this.scope = scope;
    this.values = values;
    this.next = 0;
  }
}

export interface Lift {
  /** From memory: `at` is a byte address that is aligned and in bounds. */
  readonly load: (call: Lifting, at: number) => unknown;
  /** From flat values. */
  readonly flat: (call: Lifting) => unknown;
}

const cache = new WeakMap<AbiPlan, Lift>();

/** The closures for a type, made once a plan. */
export function liftPlan(plan: AbiPlan): Lift {
  let made = cache.get(plan);
  if (made === undefined) cache.set(plan, (made = makeLift(plan)));
  return made;
}

function makeLift(plan: AbiPlan): Lift {
  switch (plan.kind) {
    case 'bool':
    case 's8':
    case 'u8':
    case 's16':
    case 'u16':
    case 's32':
    case 'u32':
    case 's64':
    case 'u64':
    case 'f32':
    case 'f64':
    case 'char': {
      const { load, lift } = scalars[plan.kind];
      return {
        load,
        flat: (call) => lift(call.values[call.next++] as never),
      };
    }
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
        flat: (call) => {
          const { side, values } = call;
          const address = values[call.next++]!;
          const length = values[call.next++]!;
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
    case 'enum':
    case 'option':
    case 'result':
      return variant(plan);
    case 'flags':
      return flags(plan.names, plan.size as 1 | 2 | 4);
    case 'own':
    case 'borrow':
      return handle(plan.kind, plan.resource);
    case 'stream':
    case 'future':
    case 'error-context':
      throw new UnsupportedError(0, `values of type ${plan.kind} are not supported`);
    default:
      return unreachable(plan);
  }
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
    flat: (call) => {
      const address = unsigned(call.values[call.next++]!);
      return elements(call, address, unsigned(call.values[call.next++]!));
    },
  };
}

/** Checks the range, then loads the elements. */
function listElements(plan: AbiList | AbiMap): (call: Lifting, address: number, length: number) => unknown {
  const { element } = plan;
  const { kind, size, align } = element;
  if (plan.kind === 'list' && isNumberKind(kind)) {
    return (call, address, length) => loadNumbers(call.side.memory, kind, address, length);
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
  if (isNumberKind(element.kind)) {
    const { view, array } = numberLists[element.kind];
    return {
      load: (call, at) => sliceNumbers(call.side.memory, view, at / size, length),
      flat: (call) => {
        const items = new array(length);
        for (let i = 0; i < length; i++) items[i] = each.flat(call) as never;
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
    flat: (call) => {
      const items: unknown[] = [];
      for (let i = 0; i < length; i++) items.push(each.flat(call));
      return items;
    },
  };
}

function record(plan: AbiRecord): Lift {
  const { fields } = plan;
  const count = fields.length;
  const parts = fields.map((field) => liftPlan(field.type));
  const offsets = fields.map((field) => field.offset);
  if (plan.kind === 'tuple') {
    return {
      load: (call, at) => {
        const items: unknown[] = [];
        for (let i = 0; i < count; i++) items.push(parts[i]!.load(call, at + offsets[i]!));
        return items;
      },
      flat: (call) => {
        const items: unknown[] = [];
        for (let i = 0; i < count; i++) items.push(parts[i]!.flat(call));
        return items;
      },
    };
  }
  const names = fieldNames(fields.map((field) => field.name));
  // As in lower.ts: what is special to one type stands apart for the first three fields.
  const [first, second, third] = parts as [Lift, Lift, Lift];
  const [firstName, secondName, thirdName] = names as [string, string, string];
  const [, offset1, offset2] = offsets as [number, number, number];
  const apart = names.includes('__proto__') ? 0 : Math.min(count, 3);
  return {
    load: (call, at) => {
      const object: Record<string, unknown> = {};
      if (apart > 0) object[firstName] = first.load(call, at);
      if (apart > 1) object[secondName] = second.load(call, at + offset1);
      if (apart > 2) object[thirdName] = third.load(call, at + offset2);
      for (let i = apart; i < count; i++) setOwn(object, names[i]!, parts[i]!.load(call, at + offsets[i]!));
      return object;
    },
    flat: (call) => {
      const object = {};
      for (let i = 0; i < count; i++) setOwn(object, names[i]!, parts[i]!.flat(call));
      return object;
    },
  };
}

interface CasePayload {
  readonly lift: Lift;
  /** From the joined flat types; null when there is nothing to convert. */
  readonly convert: readonly (((value: CoreValue) => CoreValue) | null)[] | null;
}

function variant(plan: AbiVariant): Lift {
  const { cases, discriminantSize, payloadOffset } = plan;
  const count = cases.length;
  const joined = plan.flat.slice(1);
  const payloads = cases.map((item): CasePayload | null => {
    if (item.type === null) return null;
    const convert = item.type.flat.slice(0, joined.length).map((wants, i) => liftJoin(joined[i] as FlatType, wants));
    return { lift: liftPlan(item.type), convert: convert.every((change) => change === null) ? null : convert };
  });
  const make = caseMaker(plan);
  return {
    load: (call, at) => {
      const { memory } = call.side;
      const index =
        discriminantSize === 1 ? memory.u8[at]! : discriminantSize === 2 ? memory.u16[at / 2]! : memory.u32[at / 4]!;
      if (index >= count) trap('invalid-discriminant');
      return make(index, payloads[index]?.lift.load(call, at + payloadOffset));
    },
    flat: (call) => {
      const index = (call.values[call.next++] as number) >>> 0;
      if (index >= count) trap('invalid-discriminant');
      const start = call.next;
      const payload = payloads[index];
      let value: unknown;
      if (payload) {
        const { convert } = payload;
        if (convert === null) value = payload.lift.flat(call);
        else {
          const { values } = call;
          call.values = convert.map((change, i) => (change ? change(values[start + i]!) : values[start + i]!));
          call.next = 0;
          value = payload.lift.flat(call);
          call.values = values;
        }
      }
      call.next = start + joined.length;
      return make(index, value);
    },
  };
}

/** The payload of a function's result, from memory. Which case it is stands in the byte at `at`. */
export function loadOutcome(plan: AbiVariant): Lift['load'] {
  const { cases, payloadOffset } = plan;
  const payloads = cases.map(({ type }) => (type === null ? null : liftPlan(type)));
  return (call, at) => {
    const index = call.side.memory.u8[at]!;
    if (index > 1) trap('invalid-discriminant');
    return payloads[index]?.load(call, at + payloadOffset);
  };
}

/** The JavaScript value of a case; `value` is undefined for a case without payload. */
function caseMaker(plan: AbiVariant): (index: number, value: unknown) => unknown {
  if (plan.kind === 'option' && !isTaggedOption(plan)) return (_index, value) => value;
  const names = caseNames(plan);
  if (plan.kind === 'enum') return (index) => names[index];
  const bare = plan.cases.map((item) => item.type === null);
  return (index, value) => (bare[index] ? { tag: names[index] } : { tag: names[index], val: value });
}

/** The object of booleans for bits; those beyond the names are ignored. */
export function liftFlags(names: readonly string[]): (bits: number) => object {
  const properties = fieldNames(names);
  const make = (bits: number): object => {
    const object = {};
    for (let i = 0; i < properties.length; i++) setOwn(object, properties[i]!, (bits & (1 << i)) !== 0);
    return object;
  };
  if (names.length > FEW_FLAGS) return make;
  // Engines copy an object of a known shape at once, where property by property takes eight times as long.
  const made: object[] = [];
  const mask = (1 << names.length) - 1;
  return (bits) => ({ ...(made[bits & mask] ??= make(bits)) });
}

/** So many flags have few enough values to keep an object for each that has occurred. */
const FEW_FLAGS = 8;

/** The name of an enum's case. */
export function liftEnum(plan: AbiVariant): (index: number) => string {
  const names = caseNames(plan);
  return (index) => {
    if (index >>> 0 >= names.length) trap('invalid-discriminant');
    return names[index] as string;
  };
}

function flags(names: readonly string[], size: 1 | 2 | 4): Lift {
  const make = liftFlags(names);
  return {
    load: (call, at) => {
      const { memory } = call.side;
      return make(size === 1 ? memory.u8[at]! : size === 2 ? memory.u16[at / 2]! : memory.i32[at / 4]!);
    },
    flat: (call) => make(call.values[call.next++] as number),
  };
}

function handle(kind: 'own' | 'borrow', resource: ResourceIndex): Lift {
  const lift =
    kind === 'own'
      ? (call: Lifting, index: number): object => call.side.handles.liftOwn(call.side, resource, index)
      : (call: Lifting, index: number): object =>
          call.side.handles.liftBorrow(call.side, resource, index, call.scope as BorrowScope);
  return {
    load: (call, at) => lift(call, call.side.memory.u32[at / 4]!),
    flat: (call) => lift(call, (call.values[call.next++] as number) >>> 0),
  };
}
