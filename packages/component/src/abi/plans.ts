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
  if (made !== undefined && made.length === types.length) return made;
  return (entry[address] = makePlans(types, address, made ?? []));
}

/** `made` are the plans of the first entries. */
function makePlans(types: readonly PlanType[], address: AddressType, made: readonly AbiPlan[]): readonly AbiPlan[] {
  const plans: AbiPlan[] = [...made];
  const at = (index: TypeIndex): AbiPlan => {
    const plan = plans[index];
    if (plan === undefined) throw new InternalError(`type ${index} is used before it is defined`);
    return plan;
  };
  for (let i = made.length; i < types.length; i++) plans.push(makePlan(types[i]!, i as TypeIndex, at, address));
  return Object.freeze(plans);
}

interface Contents {
  readonly bulk: boolean;
  readonly handles: boolean;
  readonly borrows: boolean;
  readonly pointers: boolean;
}

const plain: Contents = { bulk: true, handles: false, borrows: false, pointers: false };
/** Valid bit patterns are a subset: each value must be looked at. */
const checked: Contents = { ...plain, bulk: false };

function makePlan(type: PlanType, index: TypeIndex, at: (index: TypeIndex) => AbiPlan, address: AddressType): AbiPlan {
  switch (type.kind) {
    case 'bool':
    case 'char':
      return freeze({ kind: type.kind, ...shape(index, scalarLayout(type.kind), checked) });
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
      return freeze({ kind: type.kind, ...shape(index, scalarLayout(type.kind), plain) });
    case 'string':
      return freeze({ kind: 'string', ...shape(index, pairLayout(address), { ...checked, pointers: true }) });
    case 'list': {
      const element = at(type.element);
      if (type.length === null) {
        const contents = { ...unite([element]), bulk: false, pointers: true };
        return freeze({ kind: 'list', ...shape(index, pairLayout(address), contents), element, length: null });
      }
      const layout = fixedListLayout(element, type.length);
      return freeze({ kind: 'list', ...shape(index, layout, unite([element])), element, length: type.length });
    }
    case 'map': {
      const element = tuplePlan(NO_TYPE, [at(type.key), at(type.value)]);
      const contents = { ...unite([element]), bulk: false, pointers: true };
      return freeze({ kind: 'map', ...shape(index, pairLayout(address), contents), element, length: null });
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
        type.cases.map((item) => ({ name: item.name, type: item.type === null ? null : at(item.type) })),
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
        { name: 'ok', type: type.ok === null ? null : at(type.ok) },
        { name: 'error', type: type.err === null ? null : at(type.err) },
      ]);
    case 'flags':
      return freeze({ kind: 'flags', ...shape(index, flagsLayout(type.names.length), checked), names: type.names });
    case 'own':
    case 'borrow': {
      const contents = { ...checked, handles: true, borrows: type.kind === 'borrow' };
      return freeze({ kind: type.kind, ...shape(index, handleLayout, contents), resource: type.resource });
    }
    case 'stream':
    case 'future': {
      const element = type.element === null ? null : at(type.element);
      return freeze({ kind: type.kind, ...shape(index, handleLayout, checked), element });
    }
    case 'error-context':
      return freeze({ kind: 'error-context', ...shape(index, handleLayout, checked), element: null });
    default:
      return type satisfies never;
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
  const contents = unite(plans);
  const packed = plans.reduce((sum, plan) => sum + plan.size, 0) === layout.size;
  return freeze({
    kind,
    ...shape(type, layout, { ...contents, bulk: contents.bulk && packed }),
    fields: freeze(fields),
  });
}

function variantPlan(type: TypeIndex, kind: 'variant' | 'enum' | 'option' | 'result', cases: AbiCase[]): AbiPlan {
  const payloads = cases.map((item) => item.type);
  const layout = variantLayout(payloads);
  const contents = { ...unite(payloads.filter((payload) => payload !== null)), bulk: false };
  return freeze({
    kind,
    ...shape(type, layout, contents),
    cases: freeze(cases.map(freeze)),
    discriminantSize: layout.discriminantSize,
    payloadOffset: layout.payloadOffset,
  });
}

function unite(parts: readonly AbiPlan[]): Contents {
  return {
    bulk: parts.every((part) => part.bulk),
    handles: parts.some((part) => part.handles),
    borrows: parts.some((part) => part.borrows),
    pointers: parts.some((part) => part.pointers),
  };
}

function shape(type: TypeIndex, layout: Layout, contents: Contents): Layout & Contents & { readonly type: TypeIndex } {
  const { bulk, handles, borrows, pointers } = contents;
  return { type, size: layout.size, align: layout.align, flat: freeze(layout.flat), bulk, handles, borrows, pointers };
}

function freeze<T extends object>(value: T): Readonly<T> {
  return Object.freeze(value);
}
