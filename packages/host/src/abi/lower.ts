/**
 * Lowering, JavaScript → core, as closures over an `AbiPlan`: the form that needs no `eval`.
 *
 * Two phases. **Read** checks a JavaScript value and leaves what it says in slots of an array: numbers, strings, typed
 * arrays, objects of resources, the elements of a list in an array of their own, each where the core value will be. It may run
 * code of the embedder (getters, iterators, proxies), each once, and has no effect on the guest. **Write** makes core values
 * of the slots in place, or stores them into memory; it allocates in the guest, moves handles, and runs no code of the
 * embedder. So a call that is refused leaves no trace.
 *
 * Rejected: a tree of normalised values (an object a record, an array a list), and a queue of them in the order in which they
 * are needed: putting and taking cost as much as all the rest of a small call, and here a scalar is not written twice.
 */
import type { AbiList, AbiMap, AbiPlan, AbiRecord, AbiVariant, FlatType } from '@gangway/component/abi';
import { UnsupportedError, unreachable } from '@gangway/component/errors';
import { fieldNames } from '@gangway/component/names';
import type { ResourceIndex } from '@gangway/component/plan';
import type { BorrowScope, GuestSide, LentRepresentation } from '../call/guest-side.ts';
import { expected, located } from './argument-error.ts';
import { OFTEN, recordReaders } from './copies.ts';
import { asKeys, isInherited, readOwn } from './field-names.ts';
import { countItems, fixedItems, listItems, tupleItems, wrongLength } from './iterables.ts';
import { type Convert, type CoreValue, lowerJoin, zero } from './joins.ts';
import { MAX_LIST_BYTE_LENGTH } from './limits.ts';
import { numberList } from './number-closures.ts';
import { isNumberKind, type NumberArray } from './number-lists.ts';
import { storePair, taggedLength, taggedLength64 } from './pairs.ts';
import { readHandle } from './read-handle.ts';
import type { Single } from './scalars.ts';
import { finder, singleOf, storeBits } from './singles.ts';
import { checkStringLength, storeString } from './strings.ts';
import { caseNames, choiceText, isTaggedOption } from './variants.ts';

/** What no call adds to. */
const none: unknown[] = [];

/** Where values are between the phases. After them: the core values. */
export type Slots = unknown[];

/**
 * The state of one lowering. It is used again by the next call (making one with its arrays costs as much as a small call): a
 * call that fails drops it.
 */
export class Lowering {
  readonly side: GuestSide;
  /** Set before the write phase when there are borrows. */
  scope: BorrowScope | null = null;
  /** Of the parameters, or of the result. */
  readonly slots: Slots = [];
  /** Objects that this call gives away, and that it lends: none may be given away twice, or lent too. */
  readonly moved: unknown[];
  readonly lent: unknown[];
  /** Representations that have been read: on loan from the write phase until the call returns. */
  readonly representations: LentRepresentation[];
  /** `handles`: whether there are any among the values. */
  constructor(side: GuestSide, handles: boolean) {
    this.side = side;
    this.moved = handles ? [] : none;
    this.lent = handles ? [] : none;
    this.representations = handles ? [] : (none as LentRepresentation[]);
  }

  /** Makes it new, after both phases: the write phase leaves nothing in the slots that keeps anything alive. */
  reset(): void {
    if (this.moved === none) return;
    this.scope = null;
    this.moved.length = this.lent.length = this.representations.length = 0;
  }
}

/** One type's two phases. `at`: the first of its slots. */
export interface Lower {
  /** Slots of a value. As many as core values, where it can be passed as such. */
  readonly size: number;
  /** Phase one. */
  readonly read: (call: Lowering, slots: Slots, at: number, value: unknown) => void;
  /** Phase two, as core values: in place. Null: they are there already. */
  readonly flat: ((call: Lowering, slots: Slots, at: number) => void) | null;
  /** Phase two, into memory: `to` is a byte address that is aligned and in bounds. */
  readonly store: (call: Lowering, slots: Slots, at: number, to: number) => void;
}

/** All are made here: engines find at once what is in objects of one shape, and take what never changes for constants. */
function lowerOf(size: number, read: Lower['read'], flat: Lower['flat'], store: Lower['store']): Lower {
  return { size, read, flat, store };
}

/** A borrow that is passed as its representation. It is a parameter itself, and never in memory. */
export function lowerRepresentation(resource: ResourceIndex): Lower {
  const flat: Lower['flat'] = (_call, slots, at) => {
    const lent = slots[at] as LentRepresentation;
    lent.lends++;
    slots[at] = lent.rep;
  };
  return lowerOf(
    1,
    (call, slots, at, value) => {
      const { handles } = call.side;
      readHandle(call, 'borrow', resource, value);
      const found = handles.representation(handles.resourceType(call.side, resource), value) as LentRepresentation;
      call.representations.push(found);
      slots[at] = found;
    },
    flat,
    flat,
  );
}

const cache = new WeakMap<AbiPlan, Lower>();

/** The closures for a type, made once a plan. */
export function lowerPlan(plan: AbiPlan): Lower {
  let made = cache.get(plan);
  if (made === undefined) cache.set(plan, (made = makeLower(plan)));
  return made;
}

/**
 * As {@link lowerPlan}, for a parameter or a result. `last`: no code of the embedder runs after it is read, so that a typed array
 * need not be copied. `flat`: it is passed as core values.
 */
export function lowerParam(plan: AbiPlan, last: boolean, flat: boolean): Lower {
  const lower = lowerPlan(plan);
  if (plan.kind === 'list' && plan.length === null && isNumberKind(plan.element.kind) && last) {
    const { read } = numberList(plan.element.kind);
    const keep: Lower['read'] = (_call, slots, at, value) => {
      slots[at] = read(value, true);
    };
    return lowerOf(lower.size, keep, lower.flat, lower.store);
  }
  return plan.kind === 'variant' && flat ? (variantAtOnce(plan) ?? lower) : lower;
}

function makeLower(plan: AbiPlan): Lower {
  const single = singleOf(plan);
  if (single !== null) return lowerSingle(single);
  switch (plan.kind) {
    case 'string':
      return pointer(
        (call, slots, at, value) => {
          if (typeof value !== 'string') expected('a string', value);
          checkStringLength(value, call.side.encoding);
          slots[at] = value;
        },
        (call, slots, at) => storeString(call.side, slots[at] as string),
      );
    case 'list':
      return plan.length === null ? list(plan) : fixedList(plan, plan.length);
    case 'map':
      return list(plan);
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

function lowerSingle({ check, store }: Single): Lower {
  const read: Lower['read'] = (_call, slots, at, value) => {
    slots[at] = check(value);
  };
  return lowerOf(1, read, null, store);
}

/** A (pointer, length) pair; `write` returns the address and leaves the length in the side. */
function pointer(read: Lower['read'], write: (call: Lowering, slots: Slots, at: number) => number): Lower {
  return lowerOf(
    2,
    read,
    (call, slots, at) => {
      const address = write(call, slots, at);
      const { side } = call;
      if (side.address === 'i32') {
        slots[at] = address;
        slots[at + 1] = taggedLength(side);
      } else {
        slots[at] = BigInt(address);
        slots[at + 1] = taggedLength64(side);
      }
    },
    (call, slots, at, to) => {
      const address = write(call, slots, at);
      slots[at] = 0;
      storePair(call.side, to, address);
    },
  );
}

/** Slots of elements. A short one is made whole: growing it takes longer. */
function slotsFor(count: number): Slots {
  return count < 65536 ? new Array(count) : [];
}

/** A list or map of variable length. Its slots: those of the elements, the number of elements. */
function list(plan: AbiList | AbiMap): Lower {
  const { element } = plan;
  if (plan.kind === 'list' && isNumberKind(element.kind)) {
    const { read, store } = numberList(element.kind);
    return pointer(
      (_call, slots, at, value) => {
        slots[at] = read(value, false);
      },
      (call, slots, at) => store(call.side, slots[at] as NumberArray),
    );
  }
  const each = lowerPlan(element);
  const { size, align } = element;
  const width = each.size;
  const what = plan.kind === 'map' ? 'a Map' : 'a list';
  const limit = Math.floor(MAX_LIST_BYTE_LENGTH / Math.max(size, 1));
  return pointer(
    (call, slots, at, value) => {
      const items = listItems(value, limit, what);
      const count = countItems(items, limit);
      const inner = slotsFor(count * width);
      slots[at] = inner;
      slots[at + 1] = count;
      readElements(call, inner, 0, items, count, each);
    },
    (call, slots, at) => {
      const { side } = call;
      const inner = slots[at] as Slots;
      const length = slots[at + 1] as number;
      const address = side.reallocate(0, 0, align, length * size);
      for (let i = 0; i < length; i++) each.store(call, inner, i * width, address + i * size);
      side.length = length;
      side.tagged = false;
      return address;
    },
  );
}

/** Reads `count` elements one by one. */
function readElements(
  call: Lowering,
  slots: Slots,
  at: number,
  items: readonly unknown[],
  count: number,
  each: Lower,
): void {
  const { size } = each;
  let index = 0;
  try {
    for (; index < count; index++) each.read(call, slots, at + index * size, items[index]);
  } catch (error) {
    throw located(error, `[${index}]`);
  }
}

/** Most core values that parameters have. */
const MOST_FLAT = 16;

function fixedList(plan: AbiList, length: number): Lower {
  const { element } = plan;
  const { size } = element;
  if (isNumberKind(element.kind)) {
    const { read, put } = numberList(element.kind);
    return lowerOf(
      // The typed array is in the first.
      length <= MOST_FLAT ? length : 1,
      (_call, slots, at, value) => {
        const numbers = read(value, false);
        if (numbers.length !== length) wrongLength(numbers.length, length);
        slots[at] = numbers;
      },
      (_call, slots, at) => {
        const numbers = slots[at] as NumberArray;
        for (let i = 0; i < length; i++) slots[at + i] = numbers[i];
      },
      (call, slots, at, to) => {
        put(call.side.memory, slots[at] as NumberArray, to);
        slots[at] = 0;
      },
    );
  }
  const each = lowerPlan(element);
  const width = each.size;
  const { flat } = each;
  return lowerOf(
    length * width,
    (call, slots, at, value) => readElements(call, slots, at, fixedItems(value, length), length, each),
    flat &&
      ((call, slots, at) => {
        for (let i = 0; i < length; i++) flat(call, slots, at + i * width);
      }),
    (call, slots, at, to) => {
      for (let i = 0; i < length; i++) each.store(call, slots, at + i * width, to + i * size);
    },
  );
}

function record(plan: AbiRecord): Lower {
  const { kind, fields } = plan;
  const count = fields.length;
  const parts = fields.map((field) => lowerPlan(field.type));
  const offsets = fields.map((field) => field.offset);
  const starts: number[] = [];
  let size = 0;
  for (const part of parts) {
    starts.push(size);
    size += part.size;
  }
  // What is not a core value after reading.
  const rest = parts.flatMap(({ flat }, i) => (flat === null ? [] : [{ flat, start: starts[i]! }]));
  // The first two have calls of their own: an engine knows what is called where a program passes few types.
  const [first, second] = parts as [Lower, Lower];
  return lowerOf(
    size,
    kind === 'tuple' ? tupleReader(parts, starts) : recordReader(plan, parts, starts),
    rest.length === 0
      ? null
      : (call, slots, at) => {
          for (let i = 0; i < rest.length; i++) rest[i]!.flat(call, slots, at + rest[i]!.start);
        },
    (call, slots, at, to) => {
      first.store(call, slots, at, to);
      if (count > 1) second.store(call, slots, at + starts[1]!, to + offsets[1]!);
      for (let i = 2; i < count; i++) parts[i]!.store(call, slots, at + starts[i]!, to + offsets[i]!);
    },
  );
}

function tupleReader(parts: readonly Lower[], starts: readonly number[]): Lower['read'] {
  const count = parts.length;
  return (call, slots, at, value) => {
    const items = tupleItems(value, count);
    let index = 0;
    try {
      for (; index < count; index++) parts[index]!.read(call, slots, at + starts[index]!, items[index]);
    } catch (error) {
      throw located(error, `[${index}]`);
    }
  };
}

function recordReader(plan: AbiRecord, parts: readonly Lower[], starts: readonly number[]): Lower['read'] {
  const names = asKeys(fieldNames(plan.fields.map((field) => field.name)));
  const inherited = names.map(isInherited);
  const plain = !inherited.includes(true);
  const count = names.length;
  let uses = 0;
  let read: Lower['read'] = (call, slots, at, value) => {
    let index = 0;
    try {
      for (; index < count; index++) {
        const name = names[index]!;
        const field = inherited[index] ? readOwn(value as object, name) : (value as Record<string, unknown>)[name];
        parts[index]!.read(call, slots, at + starts[index]!, field);
      }
    } catch (error) {
      throw located(error, `.${names[index]}`);
    }
  };
  return (call, slots, at, value) => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) expected('an object', value);
    if (uses < OFTEN && ++uses === OFTEN && plain) read = recordReaders.next()?.(names, parts, starts) ?? read;
    read(call, slots, at, value);
  };
}

interface CasePayload {
  readonly lower: Lower;
  /** Of a type of one core value. Small variants cost less without a call in between. */
  readonly single: Single | null;
  /** Into the joined core types; null: they are the same. */
  readonly convert: readonly (Convert | null)[] | null;
}

function casePayloads(plan: AbiVariant): (CasePayload | null)[] {
  const joined = plan.flat.slice(1);
  return plan.cases.map(({ type }) => {
    if (type === null) return null;
    const convert = type.flat.slice(0, joined.length).map((has, i) => lowerJoin(has, joined[i] as FlatType));
    return { lower: lowerPlan(type), single: singleOf(type), convert: convert.some(Boolean) ? convert : null };
  });
}

/** Its slots: the case index, then the payload's, with zeros where other cases have more. */
function variant(plan: AbiVariant): Lower {
  const { discriminantSize, payloadOffset } = plan;
  const payloads = casePayloads(plan);
  const sizes = payloads.map((payload) => payload?.lower.size ?? 0);
  const size = 1 + Math.max(...sizes);
  const padding = plan.flat.slice(1, size).map(zero);
  const written = payloads.every((payload) => payload === null || (payload.lower.flat ?? payload.convert) === null);
  const some = payloads[1]?.lower as Lower;
  /** Zeros behind the payload of a case. */
  const pad = (slots: Slots, at: number, index: number): void => {
    for (let i = sizes[index]!; i < padding.length; i++) slots[at + 1 + i] = padding[i];
  };
  const find = caseFinder(plan);
  return lowerOf(
    size,
    plan.kind === 'option' && !isTaggedOption(plan)
      ? (call, slots, at, value) => {
          if (value === undefined || value === null) {
            slots[at] = 0;
            pad(slots, at, 0);
          } else {
            slots[at] = 1;
            some.read(call, slots, at + 1, value);
          }
        }
      : (call, slots, at, value) => {
          const index = find(value);
          slots[at] = index;
          const payload = payloads[index];
          if (payload) {
            try {
              const { val } = value as { val: unknown };
              if (payload.single !== null) slots[at + 1] = payload.single.check(val);
              else payload.lower.read(call, slots, at + 1, val);
            } catch (error) {
              throw located(error, '.val');
            }
          }
          pad(slots, at, index);
        },
    written
      ? null
      : (call, slots, at) => {
          const payload = payloads[slots[at] as number];
          if (!payload) return;
          const { lower, convert } = payload;
          if (lower.flat !== null) lower.flat(call, slots, at + 1);
          if (convert === null) return;
          for (let i = 0; i < convert.length; i++) {
            const change = convert[i];
            if (change) slots[at + 1 + i] = change(slots[at + 1 + i] as CoreValue);
          }
        },
    (call, slots, at, to) => {
      const index = slots[at] as number;
      storeBits(call.side.memory, discriminantSize, to, index);
      payloads[index]?.lower.store(call, slots, at + 1, to + payloadOffset);
    },
  );
}

/** A variant whose payloads are one core value each, as core values: all is done while it is read. Null for other variants. */
function variantAtOnce(plan: AbiVariant): Lower | null {
  const payloads = casePayloads(plan);
  if (plan.flat.length > 2 || payloads.some((payload) => payload !== null && payload.single === null)) return null;
  const find = caseFinder(plan);
  const singles = payloads.map((payload) => payload?.single ?? null);
  const converts = payloads.map((payload) => payload?.convert?.[0] ?? null);
  const padding = plan.flat.slice(1).map(zero);
  const { size, store } = lowerPlan(plan);
  return lowerOf(
    size,
    (_call, slots, at, value) => {
      const index = find(value);
      slots[at] = index;
      const single = singles[index] as Single | null;
      if (single === null) {
        if (padding.length > 0) slots[at + 1] = padding[0];
        return;
      }
      try {
        const core = single.check((value as { val: unknown }).val);
        const convert = converts[index] as Convert | null;
        slots[at + 1] = convert === null ? core : convert(core);
      } catch (error) {
        throw located(error, '.val');
      }
    },
    null,
    store,
  );
}

/** What checks a variant's object and finds the index of its case. */
function caseFinder(plan: AbiVariant): (value: unknown) => number {
  const names = asKeys(caseNames(plan));
  const find = finder(names);
  const choice = choiceText(names);
  return (value) => {
    if (typeof value !== 'object' || value === null) expected('an object with tag and val', value);
    const { tag } = value as { tag: unknown };
    const index = find(tag);
    if (index < 0) wrongTag(choice, tag);
    return index;
  };
}

/** Refuses the `tag` of a variant. */
function wrongTag(choice: string, tag: unknown): never {
  try {
    expected(choice, tag);
  } catch (error) {
    throw located(error, '.tag');
  }
}

/** Its slot: the object. */
function handle(kind: 'own' | 'borrow', resource: ResourceIndex): Lower {
  const flat: Lower['flat'] =
    kind === 'own'
      ? ({ side }, slots, at) => {
          slots[at] = side.handles.lowerOwn(side, resource, slots[at]);
        }
      : ({ side, scope }, slots, at) => {
          slots[at] = side.handles.lowerBorrow(side, resource, slots[at], scope as BorrowScope);
        };
  return lowerOf(
    1,
    (call, slots, at, value) => {
      readHandle(call, kind, resource, value);
      slots[at] = value;
    },
    flat,
    (call, slots, at, to) => {
      // The handle table is not in the guest's memory, so the views are good after this.
      flat(call, slots, at);
      call.side.memory.u32[to / 4] = slots[at] as number;
    },
  );
}
