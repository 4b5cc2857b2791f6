/**
 * What accesses properties whose names are data, for some types of a program.
 *
 * In: a type's names and the closures of its parts. Out: a closure that reads or makes such objects. Engines keep what they learn
 * of an access by name with the text of the function, however many closures are made of it. With one text for all types
 * each property takes 18 ns (read) or 24 ns (set) from the second type on, with a text for each type 1 ns. So each text stands
 * here several times, word for word (a test compares them). The first types of flags get one each: what calls them is then
 * constant and can be copied into it. Of records, of which components have more, the first that are used often get one. All
 * others go through loops.
 *
 * Rejected: more fields here (what follows is read by a loop); the enumeration of `for … in`, which takes 10 ns a property,
 * however many types there are.
 */
import { located } from './argument-error.ts';
import { bitOf, checkFlags } from './flags.ts';
import type { Lift } from './lift.ts';
import type { Lower } from './lower.ts';

/** So many values have gone through a record type when it is used often. */
export const OFTEN = 50;

/** The copies of one text. */
class Copies<F> {
  readonly texts: readonly F[];
  #given = 0;
  constructor(texts: readonly F[]) {
    this.texts = texts;
  }
  /** One that nobody has; undefined when all are given away. */
  next(): F | undefined {
    return this.texts[this.#given++];
  }
}

type Bag = Record<string, unknown>;
type Names = readonly string[];
type Starts = readonly number[];

/** `starts`: slots of the fields, from the record's. */
type RecordReader = (names: Names, parts: readonly Lower[], starts: Starts) => Lower['read'];
/** `offsets`: bytes. */
type RecordLoader = (names: Names, parts: readonly Lift[], offsets: Starts) => Lift['load'];
type FlagsReader = (names: Names) => (value: unknown) => number;
type FlagsMaker = (names: Names) => (bits: number) => object;

/** The same texts once more each time. Names that every object inherits are not for these. */

/** Reads a record; the caller has checked that it is an object. */
export const recordReaders = new Copies<RecordReader>([
  (names, parts, starts) => {
    const [a, b, c, d, e, f] = names as [string, string, string, string, string, string];
    const [A, B, C, D, E, F] = parts as [Lower, Lower, Lower, Lower, Lower, Lower];
    const [, atB, atC, atD, atE, atF] = starts as [number, number, number, number, number, number];
    const count = names.length;
    return (call, slots, at, value) => {
      const record = value as Bag;
      let i = 0;
      try {
        A.read(call, slots, at, record[a]);
        if (++i === count) return;
        B.read(call, slots, at + atB, record[b]);
        if (++i === count) return;
        C.read(call, slots, at + atC, record[c]);
        if (++i === count) return;
        D.read(call, slots, at + atD, record[d]);
        if (++i === count) return;
        E.read(call, slots, at + atE, record[e]);
        if (++i === count) return;
        F.read(call, slots, at + atF, record[f]);
        if (++i === count) return;
        for (; i < count; i++) parts[i]!.read(call, slots, at + starts[i]!, record[names[i]!]);
      } catch (error) {
        throw located(error, `.${names[i]}`);
      }
    };
  },
  (names, parts, starts) => {
    const [a, b, c, d, e, f] = names as [string, string, string, string, string, string];
    const [A, B, C, D, E, F] = parts as [Lower, Lower, Lower, Lower, Lower, Lower];
    const [, atB, atC, atD, atE, atF] = starts as [number, number, number, number, number, number];
    const count = names.length;
    return (call, slots, at, value) => {
      const record = value as Bag;
      let i = 0;
      try {
        A.read(call, slots, at, record[a]);
        if (++i === count) return;
        B.read(call, slots, at + atB, record[b]);
        if (++i === count) return;
        C.read(call, slots, at + atC, record[c]);
        if (++i === count) return;
        D.read(call, slots, at + atD, record[d]);
        if (++i === count) return;
        E.read(call, slots, at + atE, record[e]);
        if (++i === count) return;
        F.read(call, slots, at + atF, record[f]);
        if (++i === count) return;
        for (; i < count; i++) parts[i]!.read(call, slots, at + starts[i]!, record[names[i]!]);
      } catch (error) {
        throw located(error, `.${names[i]}`);
      }
    };
  },
  (names, parts, starts) => {
    const [a, b, c, d, e, f] = names as [string, string, string, string, string, string];
    const [A, B, C, D, E, F] = parts as [Lower, Lower, Lower, Lower, Lower, Lower];
    const [, atB, atC, atD, atE, atF] = starts as [number, number, number, number, number, number];
    const count = names.length;
    return (call, slots, at, value) => {
      const record = value as Bag;
      let i = 0;
      try {
        A.read(call, slots, at, record[a]);
        if (++i === count) return;
        B.read(call, slots, at + atB, record[b]);
        if (++i === count) return;
        C.read(call, slots, at + atC, record[c]);
        if (++i === count) return;
        D.read(call, slots, at + atD, record[d]);
        if (++i === count) return;
        E.read(call, slots, at + atE, record[e]);
        if (++i === count) return;
        F.read(call, slots, at + atF, record[f]);
        if (++i === count) return;
        for (; i < count; i++) parts[i]!.read(call, slots, at + starts[i]!, record[names[i]!]);
      } catch (error) {
        throw located(error, `.${names[i]}`);
      }
    };
  },
  (names, parts, starts) => {
    const [a, b, c, d, e, f] = names as [string, string, string, string, string, string];
    const [A, B, C, D, E, F] = parts as [Lower, Lower, Lower, Lower, Lower, Lower];
    const [, atB, atC, atD, atE, atF] = starts as [number, number, number, number, number, number];
    const count = names.length;
    return (call, slots, at, value) => {
      const record = value as Bag;
      let i = 0;
      try {
        A.read(call, slots, at, record[a]);
        if (++i === count) return;
        B.read(call, slots, at + atB, record[b]);
        if (++i === count) return;
        C.read(call, slots, at + atC, record[c]);
        if (++i === count) return;
        D.read(call, slots, at + atD, record[d]);
        if (++i === count) return;
        E.read(call, slots, at + atE, record[e]);
        if (++i === count) return;
        F.read(call, slots, at + atF, record[f]);
        if (++i === count) return;
        for (; i < count; i++) parts[i]!.read(call, slots, at + starts[i]!, record[names[i]!]);
      } catch (error) {
        throw located(error, `.${names[i]}`);
      }
    };
  },
]);

/** Loads a record. */
export const recordLoaders = new Copies<RecordLoader>([
  (names, parts, offsets) => {
    const [a, b, c, d, e, f] = names as [string, string, string, string, string, string];
    const [A, B, C, D, E, F] = parts as [Lift, Lift, Lift, Lift, Lift, Lift];
    const [, atB, atC, atD, atE, atF] = offsets as [number, number, number, number, number, number];
    const count = names.length;
    return (call, at) => {
      const record: Bag = {};
      record[a] = A.load(call, at);
      if (count === 1) return record;
      record[b] = B.load(call, at + atB);
      if (count === 2) return record;
      record[c] = C.load(call, at + atC);
      if (count === 3) return record;
      record[d] = D.load(call, at + atD);
      if (count === 4) return record;
      record[e] = E.load(call, at + atE);
      if (count === 5) return record;
      record[f] = F.load(call, at + atF);
      if (count === 6) return record;
      for (let i = 6; i < count; i++) record[names[i]!] = parts[i]!.load(call, at + offsets[i]!);
      return record;
    };
  },
  (names, parts, offsets) => {
    const [a, b, c, d, e, f] = names as [string, string, string, string, string, string];
    const [A, B, C, D, E, F] = parts as [Lift, Lift, Lift, Lift, Lift, Lift];
    const [, atB, atC, atD, atE, atF] = offsets as [number, number, number, number, number, number];
    const count = names.length;
    return (call, at) => {
      const record: Bag = {};
      record[a] = A.load(call, at);
      if (count === 1) return record;
      record[b] = B.load(call, at + atB);
      if (count === 2) return record;
      record[c] = C.load(call, at + atC);
      if (count === 3) return record;
      record[d] = D.load(call, at + atD);
      if (count === 4) return record;
      record[e] = E.load(call, at + atE);
      if (count === 5) return record;
      record[f] = F.load(call, at + atF);
      if (count === 6) return record;
      for (let i = 6; i < count; i++) record[names[i]!] = parts[i]!.load(call, at + offsets[i]!);
      return record;
    };
  },
  (names, parts, offsets) => {
    const [a, b, c, d, e, f] = names as [string, string, string, string, string, string];
    const [A, B, C, D, E, F] = parts as [Lift, Lift, Lift, Lift, Lift, Lift];
    const [, atB, atC, atD, atE, atF] = offsets as [number, number, number, number, number, number];
    const count = names.length;
    return (call, at) => {
      const record: Bag = {};
      record[a] = A.load(call, at);
      if (count === 1) return record;
      record[b] = B.load(call, at + atB);
      if (count === 2) return record;
      record[c] = C.load(call, at + atC);
      if (count === 3) return record;
      record[d] = D.load(call, at + atD);
      if (count === 4) return record;
      record[e] = E.load(call, at + atE);
      if (count === 5) return record;
      record[f] = F.load(call, at + atF);
      if (count === 6) return record;
      for (let i = 6; i < count; i++) record[names[i]!] = parts[i]!.load(call, at + offsets[i]!);
      return record;
    };
  },
  (names, parts, offsets) => {
    const [a, b, c, d, e, f] = names as [string, string, string, string, string, string];
    const [A, B, C, D, E, F] = parts as [Lift, Lift, Lift, Lift, Lift, Lift];
    const [, atB, atC, atD, atE, atF] = offsets as [number, number, number, number, number, number];
    const count = names.length;
    return (call, at) => {
      const record: Bag = {};
      record[a] = A.load(call, at);
      if (count === 1) return record;
      record[b] = B.load(call, at + atB);
      if (count === 2) return record;
      record[c] = C.load(call, at + atC);
      if (count === 3) return record;
      record[d] = D.load(call, at + atD);
      if (count === 4) return record;
      record[e] = E.load(call, at + atE);
      if (count === 5) return record;
      record[f] = F.load(call, at + atF);
      if (count === 6) return record;
      for (let i = 6; i < count; i++) record[names[i]!] = parts[i]!.load(call, at + offsets[i]!);
      return record;
    };
  },
]);

/** The bits of flags. */
export const flagsReaders = new Copies<FlagsReader>([
  (names) => {
    const [a, b, c, d, e, f, g, h] = names as [string, string, string, string, string, string, string, string];
    const count = names.length;
    const more = (flags: Bag, first: number): number => {
      let bits = first | bitOf(flags[d], 8, d);
      if (count === 4) return bits;
      bits |= bitOf(flags[e], 16, e);
      if (count === 5) return bits;
      bits |= bitOf(flags[f], 32, f);
      if (count === 6) return bits;
      bits |= bitOf(flags[g], 64, g);
      if (count === 7) return bits;
      bits |= bitOf(flags[h], 128, h);
      for (let i = 8; i < count; i++) bits |= bitOf(flags[names[i]!], 1 << i, names[i]!);
      return bits;
    };
    return (value) => {
      checkFlags(value);
      const flags = value as Bag;
      let bits = bitOf(flags[a], 1, a);
      if (count === 1) return bits;
      bits |= bitOf(flags[b], 2, b);
      if (count === 2) return bits;
      bits |= bitOf(flags[c], 4, c);
      return count === 3 ? bits : more(flags, bits);
    };
  },
  (names) => {
    const [a, b, c, d, e, f, g, h] = names as [string, string, string, string, string, string, string, string];
    const count = names.length;
    const more = (flags: Bag, first: number): number => {
      let bits = first | bitOf(flags[d], 8, d);
      if (count === 4) return bits;
      bits |= bitOf(flags[e], 16, e);
      if (count === 5) return bits;
      bits |= bitOf(flags[f], 32, f);
      if (count === 6) return bits;
      bits |= bitOf(flags[g], 64, g);
      if (count === 7) return bits;
      bits |= bitOf(flags[h], 128, h);
      for (let i = 8; i < count; i++) bits |= bitOf(flags[names[i]!], 1 << i, names[i]!);
      return bits;
    };
    return (value) => {
      checkFlags(value);
      const flags = value as Bag;
      let bits = bitOf(flags[a], 1, a);
      if (count === 1) return bits;
      bits |= bitOf(flags[b], 2, b);
      if (count === 2) return bits;
      bits |= bitOf(flags[c], 4, c);
      return count === 3 ? bits : more(flags, bits);
    };
  },
  (names) => {
    const [a, b, c, d, e, f, g, h] = names as [string, string, string, string, string, string, string, string];
    const count = names.length;
    const more = (flags: Bag, first: number): number => {
      let bits = first | bitOf(flags[d], 8, d);
      if (count === 4) return bits;
      bits |= bitOf(flags[e], 16, e);
      if (count === 5) return bits;
      bits |= bitOf(flags[f], 32, f);
      if (count === 6) return bits;
      bits |= bitOf(flags[g], 64, g);
      if (count === 7) return bits;
      bits |= bitOf(flags[h], 128, h);
      for (let i = 8; i < count; i++) bits |= bitOf(flags[names[i]!], 1 << i, names[i]!);
      return bits;
    };
    return (value) => {
      checkFlags(value);
      const flags = value as Bag;
      let bits = bitOf(flags[a], 1, a);
      if (count === 1) return bits;
      bits |= bitOf(flags[b], 2, b);
      if (count === 2) return bits;
      bits |= bitOf(flags[c], 4, c);
      return count === 3 ? bits : more(flags, bits);
    };
  },
  (names) => {
    const [a, b, c, d, e, f, g, h] = names as [string, string, string, string, string, string, string, string];
    const count = names.length;
    const more = (flags: Bag, first: number): number => {
      let bits = first | bitOf(flags[d], 8, d);
      if (count === 4) return bits;
      bits |= bitOf(flags[e], 16, e);
      if (count === 5) return bits;
      bits |= bitOf(flags[f], 32, f);
      if (count === 6) return bits;
      bits |= bitOf(flags[g], 64, g);
      if (count === 7) return bits;
      bits |= bitOf(flags[h], 128, h);
      for (let i = 8; i < count; i++) bits |= bitOf(flags[names[i]!], 1 << i, names[i]!);
      return bits;
    };
    return (value) => {
      checkFlags(value);
      const flags = value as Bag;
      let bits = bitOf(flags[a], 1, a);
      if (count === 1) return bits;
      bits |= bitOf(flags[b], 2, b);
      if (count === 2) return bits;
      bits |= bitOf(flags[c], 4, c);
      return count === 3 ? bits : more(flags, bits);
    };
  },
  (names) => {
    const [a, b, c, d, e, f, g, h] = names as [string, string, string, string, string, string, string, string];
    const count = names.length;
    const more = (flags: Bag, first: number): number => {
      let bits = first | bitOf(flags[d], 8, d);
      if (count === 4) return bits;
      bits |= bitOf(flags[e], 16, e);
      if (count === 5) return bits;
      bits |= bitOf(flags[f], 32, f);
      if (count === 6) return bits;
      bits |= bitOf(flags[g], 64, g);
      if (count === 7) return bits;
      bits |= bitOf(flags[h], 128, h);
      for (let i = 8; i < count; i++) bits |= bitOf(flags[names[i]!], 1 << i, names[i]!);
      return bits;
    };
    return (value) => {
      checkFlags(value);
      const flags = value as Bag;
      let bits = bitOf(flags[a], 1, a);
      if (count === 1) return bits;
      bits |= bitOf(flags[b], 2, b);
      if (count === 2) return bits;
      bits |= bitOf(flags[c], 4, c);
      return count === 3 ? bits : more(flags, bits);
    };
  },
  (names) => {
    const [a, b, c, d, e, f, g, h] = names as [string, string, string, string, string, string, string, string];
    const count = names.length;
    const more = (flags: Bag, first: number): number => {
      let bits = first | bitOf(flags[d], 8, d);
      if (count === 4) return bits;
      bits |= bitOf(flags[e], 16, e);
      if (count === 5) return bits;
      bits |= bitOf(flags[f], 32, f);
      if (count === 6) return bits;
      bits |= bitOf(flags[g], 64, g);
      if (count === 7) return bits;
      bits |= bitOf(flags[h], 128, h);
      for (let i = 8; i < count; i++) bits |= bitOf(flags[names[i]!], 1 << i, names[i]!);
      return bits;
    };
    return (value) => {
      checkFlags(value);
      const flags = value as Bag;
      let bits = bitOf(flags[a], 1, a);
      if (count === 1) return bits;
      bits |= bitOf(flags[b], 2, b);
      if (count === 2) return bits;
      bits |= bitOf(flags[c], 4, c);
      return count === 3 ? bits : more(flags, bits);
    };
  },
]);

/** The object for the bits of up to four flags. */
export const flagsMakers = new Copies<FlagsMaker>([
  (names) => {
    const [a, b, c, d] = names as [string, string, string, string];
    const count = names.length;
    return (bits) => {
      const flags: Bag = {};
      flags[a] = (bits & 1) !== 0;
      if (count === 1) return flags;
      flags[b] = (bits & 2) !== 0;
      if (count === 2) return flags;
      flags[c] = (bits & 4) !== 0;
      if (count === 3) return flags;
      flags[d] = (bits & 8) !== 0;
      return flags;
    };
  },
  (names) => {
    const [a, b, c, d] = names as [string, string, string, string];
    const count = names.length;
    return (bits) => {
      const flags: Bag = {};
      flags[a] = (bits & 1) !== 0;
      if (count === 1) return flags;
      flags[b] = (bits & 2) !== 0;
      if (count === 2) return flags;
      flags[c] = (bits & 4) !== 0;
      if (count === 3) return flags;
      flags[d] = (bits & 8) !== 0;
      return flags;
    };
  },
  (names) => {
    const [a, b, c, d] = names as [string, string, string, string];
    const count = names.length;
    return (bits) => {
      const flags: Bag = {};
      flags[a] = (bits & 1) !== 0;
      if (count === 1) return flags;
      flags[b] = (bits & 2) !== 0;
      if (count === 2) return flags;
      flags[c] = (bits & 4) !== 0;
      if (count === 3) return flags;
      flags[d] = (bits & 8) !== 0;
      return flags;
    };
  },
  (names) => {
    const [a, b, c, d] = names as [string, string, string, string];
    const count = names.length;
    return (bits) => {
      const flags: Bag = {};
      flags[a] = (bits & 1) !== 0;
      if (count === 1) return flags;
      flags[b] = (bits & 2) !== 0;
      if (count === 2) return flags;
      flags[c] = (bits & 4) !== 0;
      if (count === 3) return flags;
      flags[d] = (bits & 8) !== 0;
      return flags;
    };
  },
  (names) => {
    const [a, b, c, d] = names as [string, string, string, string];
    const count = names.length;
    return (bits) => {
      const flags: Bag = {};
      flags[a] = (bits & 1) !== 0;
      if (count === 1) return flags;
      flags[b] = (bits & 2) !== 0;
      if (count === 2) return flags;
      flags[c] = (bits & 4) !== 0;
      if (count === 3) return flags;
      flags[d] = (bits & 8) !== 0;
      return flags;
    };
  },
  (names) => {
    const [a, b, c, d] = names as [string, string, string, string];
    const count = names.length;
    return (bits) => {
      const flags: Bag = {};
      flags[a] = (bits & 1) !== 0;
      if (count === 1) return flags;
      flags[b] = (bits & 2) !== 0;
      if (count === 2) return flags;
      flags[c] = (bits & 4) !== 0;
      if (count === 3) return flags;
      flags[d] = (bits & 8) !== 0;
      return flags;
    };
  },
]);
