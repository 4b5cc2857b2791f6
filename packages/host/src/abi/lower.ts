/**
 * Lowering, JavaScript → core, as closures over an `AbiPlan`: the form that needs no `eval`.
 *
 * Two phases. **Read** checks a JavaScript value and puts what it says into a queue: numbers, strings, typed arrays,
 * objects of resources, lengths and case indices, in the order in which they are needed. It may run code of the
 * embedder (getters, iterators, proxies), each once, and has no effect on the guest. **Write** takes the queue, allocates in the
 * guest and moves handles; it runs no code of the embedder. So a call that is refused leaves no trace.
 *
 * Rejected: a tree of normalised values (an object a record, an array a list). The queue is one array a call.
 */
import type { AbiList, AbiMap, AbiPlan, AbiRecord, AbiScalarKind, AbiVariant, FlatType } from '@gangway/component/abi';
import { UnsupportedError, unreachable } from '@gangway/component/errors';
import type { ResourceIndex } from '@gangway/component/plan';
import type { BorrowScope, GuestSide, LentRepresentation } from '../call/guest-side.ts';
import { expected, located, refuse } from './argument-error.ts';
import { fieldNames, isInherited, readOwn } from './field-names.ts';
import { fixedItems, listItems, tupleItems, wrongLength } from './iterables.ts';
import { type CoreValue, lowerJoin, zero } from './joins.ts';
import { MAX_LIST_BYTE_LENGTH } from './limits.ts';
import {
  isNumberKind,
  type NumberArray,
  numberLists,
  readNumbers,
  storeNumbers,
  writeNumbers,
} from './number-lists.ts';
import { storePair, taggedLength, taggedLength64 } from './pairs.ts';
import { readHandle } from './read-handle.ts';
import { scalars } from './scalars.ts';
import { checkStringLength, storeString } from './strings.ts';
import { caseNames, isTaggedOption } from './variants.ts';

/** What no call adds to. */
const none: unknown[] = [];

/**
 * The state of one lowering: the queue between the phases, and the flat values that come out. It is used again by the next
 * call (making one with its arrays costs as much as a small call): a call that fails drops it.
 */
export class Lowering {
  readonly side: GuestSide;
  /** Set before the write phase when there are borrows. */
  scope: BorrowScope | null = null;
  readonly #queue: unknown[] = [];
  #end = 0;
  #next = 0;
  /** The first `count` are this call's. */
  readonly flat: CoreValue[] = [];
  count = 0;
  /** Objects that this call gives away, and that it lends: none may be given away twice, or lent too. */
  readonly moved: unknown[];
  readonly lent: unknown[];
  /** Representations on loan until the call returns. */
  readonly representations: LentRepresentation[];
  /** `handles`: whether there are any among the values. */
  constructor(side: GuestSide, handles: boolean) {
    this.side = side;
    this.moved = handles ? [] : none;
    this.lent = handles ? [] : none;
    this.representations = handles ? [] : (none as LentRepresentation[]);
  }

  /** Phase one: puts a value into the queue. */
  put(value: unknown): void {
    this.#queue[this.#end++] = value;
  }
  /** Phase two: takes the next one; the queue keeps nothing alive. */
  take(): unknown {
    const value = this.#queue[this.#next];
    this.#queue[this.#next++] = undefined;
    return value;
  }
  /** Phase two: another flat value. */
  emit(value: CoreValue): void {
    this.flat[this.count++] = value;
  }

  /** Makes it new, after both phases. */
  reset(): void {
    // What a long list took is not kept.
    if (this.#end > 4096) this.#queue.length = 0;
    this.#end = this.#next = this.count = 0;
    this.scope = null;
    if (this.moved === none) return;
    this.moved.length = this.lent.length = this.representations.length = 0;
  }
}

/** One type's two phases. */
export interface Lower {
  /** Phase one. */
  readonly read: (call: Lowering, value: unknown) => void;
  /** Phase two, into memory: `at` is a byte address that is aligned and in bounds. */
  readonly store: (call: Lowering, at: number) => void;
  /** Phase two, as flat values: into `call.flat`. */
  readonly flat: (call: Lowering) => void;
}

/**
 * A borrow that is passed as its representation. In the queue: what is lent.
 */
export function lowerRepresentation(resource: ResourceIndex): Lower {
  const lend = (call: Lowering): number => {
    const lent = call.take() as LentRepresentation;
    lent.lends++;
    call.representations.push(lent);
    return lent.rep;
  };
  return {
    read: (call, value) => {
      const { handles } = call.side;
      readHandle(call, 'borrow', resource, value);
      const found = handles.representation(handles.resourceType(call.side, resource), value);
      if (typeof found === 'string') refuse(found);
      call.put(found);
    },
    store: (call, at) => {
      const rep = lend(call);
      call.side.memory.u32[at / 4] = rep;
    },
    flat: (call) => {
      call.emit(lend(call));
    },
  };
}

const cache = new WeakMap<AbiPlan, Lower>();

/** The closures for a type, made once a plan. */
export function lowerPlan(plan: AbiPlan): Lower {
  let made = cache.get(plan);
  if (made === undefined) cache.set(plan, (made = makeLower(plan)));
  return made;
}

/** As {@link lowerPlan}, for a value after which no code of the embedder runs: a typed array need not be copied. */
export function lowerLast(plan: AbiPlan): Lower {
  if (plan.kind !== 'list' || plan.length !== null || !isNumberKind(plan.element.kind)) return lowerPlan(plan);
  const { kind } = plan.element;
  const read = (call: Lowering, value: unknown): void => {
    call.put(readNumbers(kind, value, true));
  };
  return { ...lowerPlan(plan), read };
}

function makeLower(plan: AbiPlan): Lower {
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
      const { check, store } = scalars[plan.kind];
      return {
        read: (call, value) => {
          call.put(check(value));
        },
        store,
        flat: takeOne,
      };
    }
    case 'string':
      return {
        read: (call, value) => {
          if (typeof value !== 'string') expected('a string', value);
          checkStringLength(value, call.side.encoding);
          call.put(value);
        },
        ...pointer((call) => storeString(call.side, call.take() as string)),
      };
    case 'list':
      return plan.length === null ? list(plan) : fixedList(plan, plan.length);
    case 'map':
      return list(plan);
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

/** The next queue entry is the flat value. */
function takeOne(call: Lowering): void {
  call.emit(call.take() as CoreValue);
}

/** Both forms of a (pointer, length) pair; `write` returns the address and leaves the length in the side. */
function pointer(write: (call: Lowering) => number): Pick<Lower, 'store' | 'flat'> {
  return {
    store: (call, at) => {
      const address = write(call);
      storePair(call.side, at, address);
    },
    flat: (call) => {
      const address = write(call);
      const { side } = call;
      if (side.address === 'i32') {
        call.emit(address);
        call.emit(taggedLength(side));
      } else {
        call.emit(BigInt(address));
        call.emit(taggedLength64(side));
      }
    },
  };
}

/** A list or map of variable length. In the queue: the number of elements, then the elements. */
function list(plan: AbiList | AbiMap): Lower {
  const { element } = plan;
  if (plan.kind === 'list' && isNumberKind(element.kind)) {
    const { kind } = element;
    return {
      read: (call, value) => {
        call.put(readNumbers(kind, value, false));
      },
      ...pointer((call) => {
        call.side.tagged = false;
        return storeNumbers(call.side, kind, call.take() as NumberArray);
      }),
    };
  }
  const each = lowerPlan(element);
  const { size, align } = element;
  const what = plan.kind === 'map' ? 'a Map' : 'a list';
  const limit = Math.floor(MAX_LIST_BYTE_LENGTH / Math.max(size, 1));
  return {
    read: (call, value) => {
      const items = listItems(value, limit, what);
      call.put(items.length);
      readElements(call, items, each);
    },
    ...pointer((call) => {
      const { side } = call;
      const length = call.take() as number;
      const address = side.reallocate(0, 0, align, length * size);
      for (let i = 0; i < length; i++) each.store(call, address + i * size);
      side.length = length;
      side.tagged = false;
      return address;
    }),
  };
}

/** Reads the elements one by one. */
function readElements(call: Lowering, items: readonly unknown[], each: Lower): void {
  const { length } = items;
  let index = 0;
  try {
    for (; index < length; index++) each.read(call, items[index]);
  } catch (error) {
    throw located(error, `[${index}]`);
  }
}

function fixedList(plan: AbiList, length: number): Lower {
  const { element } = plan;
  const { size } = element;
  if (isNumberKind(element.kind)) {
    const { kind } = element;
    const { view } = numberLists[kind];
    return {
      read: (call, value) => {
        const numbers = readNumbers(kind, value, false);
        if (numbers.length !== length) wrongLength(numbers.length, length);
        call.put(numbers);
      },
      store: (call, at) => {
        writeNumbers(call.side.memory, view, at / size, call.take() as NumberArray, length);
      },
      flat: (call) => {
        for (const item of call.take() as NumberArray) call.emit(item);
      },
    };
  }
  const each = lowerPlan(element);
  return {
    read: (call, value) => {
      readElements(call, fixedItems(value, length), each);
    },
    store: (call, at) => {
      for (let i = 0; i < length; i++) each.store(call, at + i * size);
    },
    flat: (call) => {
      for (let i = 0; i < length; i++) each.flat(call);
    },
  };
}

function record(plan: AbiRecord): Lower {
  const { kind, fields } = plan;
  const count = fields.length;
  const parts = fields.map((field) => lowerPlan(field.type));
  const offsets = fields.map((field) => field.offset);
  const names = fieldNames(fields.map((field) => field.name));
  const inherited = names.map(isInherited);
  // The first three fields have accesses and calls of their own: where a program passes few types of records, an engine
  // knows what is at each. (An echo of 100 records takes two thirds of the time.)
  const [first, second, third] = parts as [Lower, Lower, Lower];
  const [firstName, secondName, thirdName] = names as [string, string, string];
  const [, offset1, offset2] = offsets as [number, number, number];
  const plain = !inherited.includes(true);
  const read =
    kind === 'tuple'
      ? (call: Lowering, value: unknown): void => {
          const items = tupleItems(value, count);
          let index = 0;
          try {
            for (; index < count; index++) parts[index]!.read(call, items[index]);
          } catch (error) {
            throw located(error, `[${index}]`);
          }
        }
      : (call: Lowering, value: unknown): void => {
          if ((typeof value !== 'object' && typeof value !== 'function') || value === null)
            expected('an object', value);
          const record = value as Record<string, unknown>;
          let index = 0;
          try {
            if (plain) {
              first.read(call, record[firstName]);
              if (count > 1) {
                index = 1;
                second.read(call, record[secondName]);
                if (count > 2) {
                  index = 2;
                  third.read(call, record[thirdName]);
                }
              }
            }
            for (index = plain ? 3 : 0; index < count; index++) {
              const name = names[index]!;
              parts[index]!.read(call, inherited[index] ? readOwn(value, name) : record[name]);
            }
          } catch (error) {
            throw located(error, `.${names[index]}`);
          }
        };
  return {
    read,
    store: (call, at) => {
      first.store(call, at);
      if (count > 1) second.store(call, at + offset1);
      if (count > 2) third.store(call, at + offset2);
      for (let i = 3; i < count; i++) parts[i]!.store(call, at + offsets[i]!);
    },
    flat: (call) => {
      for (let i = 0; i < count; i++) parts[i]!.flat(call);
    },
  };
}

/** Payload conversions of one case: into the joined flat types, and zeros after them. */
interface CasePayload {
  readonly lower: Lower;
  /** Of a scalar: what `lower` reads with. Small variants cost half without the calls in between. */
  readonly check: ((value: unknown) => CoreValue) | null;
  readonly convert: readonly (((value: CoreValue) => CoreValue) | null)[];
}

/** In the queue: the case index, then the payload. */
function variant(plan: AbiVariant): Lower {
  const { cases, discriminantSize, payloadOffset } = plan;
  const joined = plan.flat.slice(1);
  const payloads = cases.map((item): CasePayload | null =>
    item.type === null
      ? null
      : {
          lower: lowerPlan(item.type),
          check: Object.hasOwn(scalars, item.type.kind) ? scalars[item.type.kind as AbiScalarKind].check : null,
          convert: item.type.flat.slice(0, joined.length).map((has, i) => lowerJoin(has, joined[i] as FlatType)),
        },
  );
  const padding = joined.map(zero);
  return {
    read: readVariant(plan, payloads),
    store: (call, at) => {
      const index = call.take() as number;
      const { memory } = call.side;
      if (discriminantSize === 1) memory.u8[at] = index;
      else if (discriminantSize === 2) memory.u16[at / 2] = index;
      else memory.u32[at / 4] = index;
      payloads[index]?.lower.store(call, at + payloadOffset);
    },
    flat: (call) => {
      const index = call.take() as number;
      call.emit(index);
      const start = call.count;
      const payload = payloads[index];
      if (payload?.check) {
        const change = payload.convert[0];
        const value = call.take() as CoreValue;
        call.emit(change ? change(value) : value);
      } else if (payload) {
        payload.lower.flat(call);
        const { convert } = payload;
        for (let i = 0; i < convert.length; i++) {
          const change = convert[i];
          if (change) call.flat[start + i] = change(call.flat[start + i]!);
        }
      }
      for (let i = call.count - start; i < padding.length; i++) call.emit(padding[i]!);
    },
  };
}

function readVariant(plan: AbiVariant, payloads: readonly (CasePayload | null)[]): Lower['read'] {
  if (plan.kind === 'option' && !isTaggedOption(plan)) {
    const some = payloads[1]!.lower;
    return (call, value) => {
      if (value === undefined || value === null) call.put(0);
      else {
        call.put(1);
        some.read(call, value);
      }
    };
  }
  if (plan.kind === 'enum') {
    const check = checkEnum(plan);
    return (call, value) => {
      call.put(check(value));
    };
  }
  const names = caseNames(plan);
  const indices = indicesOf(names);
  const choice = choiceText(names);
  return (call, value) => {
    if (typeof value !== 'object' || value === null) expected('an object with tag and val', value);
    const { tag } = value as { tag: unknown };
    const index = find(names, indices, tag);
    if (index < 0) wrongTag(choice, tag);
    call.put(index);
    const payload = payloads[index];
    if (!payload) return;
    try {
      const { val } = value as { val: unknown };
      if (payload.check) call.put(payload.check(val));
      else payload.lower.read(call, val);
    } catch (error) {
      throw located(error, '.val');
    }
  };
}

/** Up to so many names are compared one by one: engines compare constant strings by their addresses. */
const FEW = 8;

/** What finds many names; null for few. */
function indicesOf(names: readonly string[]): ReadonlyMap<unknown, number> | null {
  return names.length <= FEW ? null : new Map(names.map((name, i) => [name, i]));
}

/** The index of a name; -1 when there is none. */
function find(names: readonly string[], indices: ReadonlyMap<unknown, number> | null, name: unknown): number {
  if (indices !== null) return indices.get(name) ?? -1;
  for (let i = 0; i < names.length; i++) if (names[i] === name) return i;
  return -1;
}

/** Refuses the `tag` of a variant. */
export function wrongTag(choice: string, tag: unknown): never {
  try {
    expected(choice, tag);
  } catch (error) {
    throw located(error, '.tag');
  }
}

/** How a message names the choice of an enum or variant. */
export function choiceText(names: readonly string[]): string {
  return `one of ${names.map((name) => JSON.stringify(name)).join(', ')}`;
}

/** The case index of an enum's name. */
export function checkEnum(plan: AbiVariant): (value: unknown) => number {
  const names = caseNames(plan);
  const indices = indicesOf(names);
  const choice = choiceText(names);
  return (value) => {
    const index = find(names, indices, value);
    if (index < 0) expected(choice, value);
    return index;
  };
}

/** The bits of an object of booleans. */
export function checkFlags(names: readonly string[]): (value: unknown) => number {
  const properties = fieldNames(names);
  const inherited = properties.map(isInherited);
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) expected('an object of booleans', value);
    let bits = 0;
    for (let i = 0; i < properties.length; i++) {
      const name = properties[i]!;
      const flag = inherited[i] ? readOwn(value, name) : (value as Record<string, unknown>)[name];
      if (flag === true) bits |= 1 << i;
      else if (flag !== false && flag !== undefined) wrongFlag(name, flag);
    }
    return bits;
  };
}

/** In the queue: the bits. */
function flags(names: readonly string[], size: 1 | 2 | 4): Lower {
  const check = checkFlags(names);
  return {
    read: (call, value) => {
      call.put(check(value));
    },
    store: (call, at) => {
      const bits = call.take() as number;
      const { memory } = call.side;
      if (size === 1) memory.u8[at] = bits;
      else if (size === 2) memory.u16[at / 2] = bits;
      else memory.i32[at / 4] = bits;
    },
    flat: takeOne,
  };
}

/** Refuses one flag. */
export function wrongFlag(name: string, value: unknown): never {
  try {
    return expected('a boolean', value);
  } catch (error) {
    throw located(error, `.${name}`);
  }
}

/** In the queue: the object. */
function handle(kind: 'own' | 'borrow', resource: ResourceIndex): Lower {
  const write =
    kind === 'own'
      ? (call: Lowering): number => call.side.handles.lowerOwn(call.side, resource, call.take())
      : (call: Lowering): number =>
          call.side.handles.lowerBorrow(call.side, resource, call.take(), call.scope as BorrowScope);
  return {
    read: (call, value) => {
      readHandle(call, kind, resource, value);
      call.put(value);
    },
    store: (call, at) => {
      // The handle table is not in the guest's memory, so the views are good after this.
      const index = write(call);
      call.side.memory.u32[at / 4] = index;
    },
    flat: (call) => {
      call.emit(write(call));
    },
  };
}
