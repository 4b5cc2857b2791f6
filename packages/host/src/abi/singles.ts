/**
 * Types of one core value, as closures: scalars, enums, flags. In: a plan. Out: what checks, stores, loads and lifts its
 * values, made once a plan; null for other types.
 */
import type { AbiFlags, AbiPlan, AbiScalarKind, AbiVariant } from '@gangway/component/abi';
import { fieldNames } from '@gangway/component/names';
import { trap } from '../call/abi-trap.ts';
import type { GuestMemory } from '../call/guest-memory.ts';
import { expected } from './argument-error.ts';
import { flagsMakers, flagsReaders } from './copies.ts';
import { asKeys, isInherited, readOwn } from './field-names.ts';
import { bitOf, checkFlags } from './flags.ts';
import { makeSingle, type Single, scalars } from './scalars.ts';
import { caseNames, choiceText } from './variants.ts';

const cache = new WeakMap<AbiPlan, Single>();

export function singleOf(plan: AbiPlan): Single | null {
  switch (plan.kind) {
    case 'enum':
      return known(plan, enumType);
    case 'flags':
      return known(plan, flagsType);
    default:
      return Object.hasOwn(scalars, plan.kind) ? scalars[plan.kind as AbiScalarKind] : null;
  }
}

function known<P extends AbiPlan>(plan: P, make: (plan: P) => Single): Single {
  let type = cache.get(plan);
  if (type === undefined) cache.set(plan, (type = make(plan)));
  return type;
}

/** The bits at byte address `at`: a case index, flags. */
export function loadBits(memory: GuestMemory, size: 1 | 2 | 4, at: number): number {
  return size === 1 ? memory.u8[at]! : size === 2 ? memory.u16[at / 2]! : memory.u32[at / 4]!;
}

export function storeBits(memory: GuestMemory, size: 1 | 2 | 4, at: number, bits: number): void {
  if (size === 1) memory.u8[at] = bits;
  else if (size === 2) memory.u16[at / 2] = bits;
  else memory.u32[at / 4] = bits;
}

/** A type whose core value stands in memory in so many bytes. */
function bitsType(size: 1 | 2 | 4, check: (value: unknown) => number, lift: (bits: number) => unknown): Single {
  return makeSingle(
    check,
    (call, slots, from, at) => storeBits(call.side.memory, size, at, slots[from] as number),
    (call, at) => lift(loadBits(call.side.memory, size, at)),
    lift,
  );
}

/** Up to so many names are compared one by one: engines compare constant strings by their addresses. */
const FEW = 8;

/** What finds the index of a name; -1 when there is none. */
export function finder(names: readonly string[]): (name: unknown) => number {
  if (names.length > FEW) {
    const indices = new Map<unknown, number>(names.map((name, i) => [name, i]));
    return (name) => indices.get(name) ?? -1;
  }
  // Most often one of the first.
  const [first, second = first] = names;
  const others = (name: unknown): number => {
    for (let i = 2; i < names.length; i++) if (names[i] === name) return i;
    return -1;
  };
  return (name) => (name === first ? 0 : name === second ? 1 : others(name));
}

function enumType(plan: AbiVariant): Single {
  const names = asKeys(caseNames(plan));
  const find = finder(names);
  const choice = choiceText(names);
  return bitsType(
    plan.discriminantSize,
    (value) => {
      const index = find(value);
      if (index < 0) expected(choice, value);
      return index;
    },
    (index) => {
      if (index >>> 0 >= names.length) trap('invalid-discriminant');
      return names[index];
    },
  );
}

/** So many flags have few enough values to keep an object for each that has occurred. */
const FEW_FLAGS = 8;
/** Up to so many flags an object has room for without growing. */
const FEWEST_FLAGS = 4;

function flagsType({ names, size }: AbiFlags): Single {
  const properties = asKeys(fieldNames(names));
  const plain = !properties.some(isInherited);
  const small = plain && properties.length <= FEWEST_FLAGS;
  const read = (plain ? flagsReaders.next()?.(properties) : undefined) ?? flagsReader(properties);
  const make = (small ? flagsMakers.next()?.(properties) : undefined) ?? flagsMaker(properties);
  return bitsType(size as 1 | 2 | 4, read, make);
}

function flagsReader(names: readonly string[]): (value: unknown) => number {
  const inherited = names.map(isInherited);
  return (value) => {
    checkFlags(value);
    let bits = 0;
    for (let i = 0; i < names.length; i++) {
      const name = names[i]!;
      bits |= bitOf(
        inherited[i] ? readOwn(value as object, name) : (value as Record<string, unknown>)[name],
        1 << i,
        name,
      );
    }
    return bits;
  };
}

/** The object of booleans for bits; those beyond the names are ignored. */
function flagsMaker(names: readonly string[]): (bits: number) => object {
  const make = (bits: number): object => Object.fromEntries(names.map((name, i) => [name, (bits & (1 << i)) !== 0]));
  if (names.length > FEW_FLAGS) return make;
  // Engines copy an object of a known shape at once, where property by property takes three to eight times as long.
  const made: object[] = [];
  const mask = (1 << names.length) - 1;
  return (bits) => ({ ...(made[bits & mask] ??= make(bits)) });
}
