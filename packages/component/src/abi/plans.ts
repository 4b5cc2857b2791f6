/**
 * In: the type table of a plan and an address type. Out: one frozen `AbiPlan` an index, each made once.
 *
 * Rejected: plans made on demand, type by type. Element types stand before the types that use them, so one pass over
 * the table is enough, and a graph that exists as a whole can be compared and printed.
 */
import { InternalError } from '../errors.ts';
import type { PlanType, TypeIndex } from '../plan.ts';
import type { AbiCase, AbiField, AbiPlan, AbiRecord } from './abi-plan.ts';
import type { AddressType, Layout } from './layout.ts';
import {
  fixedListLayout,
  flagsLayout,
  handleLayout,
  pairLayout,
  recordLayout,
  scalarLayout,
  variantLayout,
} from './layout.ts';

/** The `type` of a plan that has no index of its own: the tuple of spilled parameters, the pair of a map. */
export const NO_TYPE = -1 as TypeIndex;

const cache = new WeakMap<readonly PlanType[], Partial<Record<AddressType, readonly AbiPlan[]>>>();

/**
 * One plan an entry of `types`. The same array and address type give the same plans; when the array has grown since (a
 * table that translation still fills), those of the new entries are added.
 */
export function abiPlans(types: readonly PlanType[], address: AddressType): readonly AbiPlan[] {
  let entry = cache.get(types);
  if (entry === undefined) cache.set(types, (entry = {}));
  const made = entry[address];
  if (made?.length === types.length) return made;
  const plans = [...(made ?? [])];
  const at = (index: TypeIndex): AbiPlan => {
    const plan = plans[index];
    if (plan === undefined) throw new InternalError(`type ${index} is used before it is defined`);
    return plan;
  };
  for (let i = plans.length; i < types.length; i++) plans.push(makePlan(types[i]!, i as TypeIndex, at, address));
  return (entry[address] = Object.freeze(plans));
}

/** What a value holds. */
type Contents = Pick<AbiPlan, 'bulk' | 'handles' | 'borrows' | 'pointers'>;

/** Valid bit patterns are a subset: each value must be looked at. */
const checked = { bulk: false };

function makePlan(type: PlanType, index: TypeIndex, at: (index: TypeIndex) => AbiPlan, address: AddressType): AbiPlan {
  const optional = (part: TypeIndex | null): AbiPlan | null => (part === null ? null : at(part));
  const pointers = { bulk: false, pointers: true };
  switch (type.kind) {
    case 'bool':
    case 'char':
      return plan(type.kind, index, scalarLayout(type.kind), [], checked, {});
    case 'string':
      return plan('string', index, pairLayout(address), [], pointers, {});
    case 'list': {
      const element = at(type.element);
      const { length } = type;
      return length === null
        ? plan('list', index, pairLayout(address), [element], pointers, { element, length })
        : plan('list', index, fixedListLayout(element, length), [element], {}, { element, length });
    }
    case 'map': {
      const element = tuplePlan(NO_TYPE, [at(type.key), at(type.value)]);
      return plan('map', index, pairLayout(address), [element], pointers, { element, length: null });
    }
    case 'record':
      return recordPlan(
        index,
        'record',
        type.fields.map((field) => ({ name: field.name, type: at(field.type) })),
      );
    case 'tuple':
      return tuplePlan(index, type.types.map(at));
    case 'variant':
      return variantPlan(
        index,
        'variant',
        type.cases.map((item) => ({ name: item.name, type: optional(item.type) })),
      );
    case 'enum':
      return variantPlan(
        index,
        'enum',
        type.names.map((name) => ({ name, type: null })),
      );
    case 'option':
      return variantPlan(index, 'option', [
        { name: 'none', type: null },
        { name: 'some', type: at(type.type) },
      ]);
    case 'result':
      return variantPlan(index, 'result', [
        { name: 'ok', type: optional(type.ok) },
        { name: 'error', type: optional(type.err) },
      ]);
    case 'flags':
      return plan('flags', index, flagsLayout(type.names.length), [], checked, { names: type.names });
    case 'own':
    case 'borrow': {
      const contents = { bulk: false, handles: true, borrows: type.kind === 'borrow' };
      return plan(type.kind, index, handleLayout, [], contents, { resource: type.resource });
    }
    case 'stream':
    case 'future':
      return plan(type.kind, index, handleLayout, [], checked, { element: optional(type.element) });
    case 'error-context':
      return plan('error-context', index, handleLayout, [], checked, { element: null });
    default:
      return plan(type.kind, index, scalarLayout(type.kind), [], {}, {});
  }
}

/** A tuple of `parts`; `type` is {@link NO_TYPE} for one that stands in no type table. */
export function tuplePlan(type: TypeIndex, parts: readonly AbiPlan[]): AbiRecord {
  return recordPlan(
    type,
    'tuple',
    parts.map((part, i) => ({ name: String(i), type: part })),
  );
}

/** A record or tuple of named parts. */
export function recordPlan(
  type: TypeIndex,
  kind: 'record' | 'tuple',
  parts: readonly { readonly name: string; readonly type: AbiPlan }[],
): AbiRecord {
  const plans = parts.map((part) => part.type);
  const layout = recordLayout(plans);
  const fields: AbiField[] = parts.map((part, i) => freeze({ ...part, offset: layout.offsets[i] as number }));
  const padded = plans.reduce((sum, { size }) => sum + size, 0) !== layout.size;
  return plan(kind, type, layout, plans, padded ? checked : {}, { fields: freeze(fields) });
}

function variantPlan(type: TypeIndex, kind: 'variant' | 'enum' | 'option' | 'result', cases: AbiCase[]): AbiPlan {
  const payloads = cases.map((item) => item.type);
  const layout = variantLayout(payloads);
  const { discriminantSize, payloadOffset } = layout;
  const parts = payloads.filter((payload) => payload !== null);
  return plan(kind, type, layout, parts, checked, {
    cases: freeze(cases.map(freeze)),
    discriminantSize,
    payloadOffset,
  });
}

/** `contents` is what is not just what the `parts` hold; `more` is what the kind has of its own. */
function plan<K extends AbiPlan['kind'], M>(
  kind: K,
  type: TypeIndex,
  { size, align, flat }: Layout,
  parts: readonly AbiPlan[],
  contents: Partial<Contents>,
  more: M,
): { readonly kind: K } & Contents & Layout & { readonly type: TypeIndex } & M {
  let [bulk, handles, borrows, pointers] = [true, false, false, false];
  for (const part of parts) {
    bulk &&= part.bulk;
    handles ||= part.handles;
    borrows ||= part.borrows;
    pointers ||= part.pointers;
  }
  const inParts: Contents = { bulk, handles, borrows, pointers };
  return freeze({ kind, type, size, align, flat: freeze(flat), ...inParts, ...contents, ...more });
}

function freeze<T extends object>(value: T): Readonly<T> {
  return Object.freeze(value);
}
