/**
 * Mutations of component binaries. In: a corpus and a seed. Out: one mutant after the other, the same ones for the same
 * seed: bytes changed, inserted, removed; the end cut off; LEB128 numbers pushed to their limits; and, with the structure
 * in mind, sections of one component moved, repeated, dropped, or put into another.
 */

/** Integers below `n`, from a linear congruential generator. */
export class Random {
  #state: number;
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }
  below(n: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * n);
  }
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }
}

const PREAMBLE = 8;
/** What numbers in the format turn on: borders of bytes and of LEB128 lengths, type opcodes, huge counts. */
const interesting: readonly (readonly number[])[] = [
  [0x00],
  [0x01],
  [0x3f],
  [0x40],
  [0x7f],
  [0x80, 0x00],
  [0x80, 0x01],
  [0xff, 0xff, 0x03],
  [0xff, 0xff, 0xff, 0xff, 0x0f],
  [0x80, 0x80, 0x80, 0x80, 0x80, 0x00],
];

/** The sections of a component, each with its id and size; what cannot be followed is left out. */
export function sectionsOf(bytes: Uint8Array): Uint8Array[] {
  const sections: Uint8Array[] = [];
  let at = PREAMBLE;
  while (at < bytes.length) {
    let size = 0;
    let shift = 0;
    let next = at + 1;
    for (;;) {
      const byte = bytes[next++];
      if (byte === undefined || shift > 28) return sections;
      size |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
      shift += 7;
    }
    if (size < 0 || next + size > bytes.length) return sections;
    sections.push(bytes.subarray(at, next + size));
    at = next + size;
  }
  return sections;
}

const join = (parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

type Mutation = (bytes: Uint8Array, corpus: readonly Uint8Array[], random: Random) => Uint8Array<ArrayBuffer>;

const changeByte: Mutation = (bytes, _, random) => {
  const mutant = Uint8Array.from(bytes);
  for (let changes = 1 + random.below(4); changes > 0; changes--) {
    const at = random.below(mutant.length);
    const old = mutant[at]!;
    mutant[at] = random.pick([random.below(256), old + 1, old - 1, old ^ (1 << random.below(8)), random.below(16)]);
  }
  return mutant;
};
const insertNumber: Mutation = (bytes, _, random) => {
  const at = PREAMBLE + random.below(bytes.length - PREAMBLE + 1);
  const kept = random.below(2) === 0 ? at : Math.min(at + 1, bytes.length);
  return join([bytes.subarray(0, at), Uint8Array.from(random.pick(interesting)), bytes.subarray(kept)]);
};
const remove: Mutation = (bytes, _, random) => {
  const at = random.below(bytes.length);
  return join([bytes.subarray(0, at), bytes.subarray(Math.min(bytes.length, at + 1 + random.below(8)))]);
};
const truncate: Mutation = (bytes, _, random) => Uint8Array.from(bytes.subarray(0, random.below(bytes.length)));
const withSections =
  (change: (sections: Uint8Array[], corpus: readonly Uint8Array[], random: Random) => void): Mutation =>
  (bytes, corpus, random) => {
    const sections = sectionsOf(bytes);
    if (sections.length > 0) change(sections, corpus, random);
    return join([bytes.subarray(0, PREAMBLE), ...sections]);
  };
const moveSection = withSections((sections, _, random) => {
  const [moved] = sections.splice(random.below(sections.length), 1);
  sections.splice(random.below(sections.length + 1), 0, moved!);
});
const repeatSection = withSections((sections, _, random) => {
  sections.splice(random.below(sections.length + 1), 0, random.pick(sections));
});
const dropSection = withSections((sections, _, random) => {
  sections.splice(random.below(sections.length), 1);
});
const transplant = withSections((sections, corpus, random) => {
  const donor = sectionsOf(random.pick(corpus));
  if (donor.length > 0) sections.splice(random.below(sections.length + 1), 0, random.pick(donor));
});

const mutations = [
  changeByte,
  changeByte,
  changeByte,
  insertNumber,
  remove,
  truncate,
  moveSection,
  repeatSection,
  dropSection,
  transplant,
];

/** One mutant of a member of the corpus; sometimes of two kinds at once. */
export function mutant(corpus: readonly Uint8Array[], random: Random): Uint8Array<ArrayBuffer> {
  let bytes = random.pick(mutations)(random.pick(corpus), corpus, random);
  if (random.below(4) === 0 && bytes.length > PREAMBLE) bytes = random.pick(mutations)(bytes, corpus, random);
  return bytes;
}
