/**
 * Values that run code of the embedder while they are read: getters, iterators, proxies. Out: a few types with a maker of such
 * values each, and the functions' signatures, many orders of those types.
 */

/** Decides what happens next: a number below `limit`. When the tape is at its end, nothing happens any more. */
export type Tape = (limit: number) => number;

/** What the values of one call are made of. */
export interface Maker {
  readonly tape: Tape;
  /** One of the resources. */
  thing(): unknown;
  /** Code that runs while a value is read. */
  hook(): void;
  /** A buffer that hooks may take away. */
  buffer(): ArrayBuffer;
}

export interface ParamType {
  /** As a component type. */
  readonly text: string;
  /** Core values, all i32. */
  readonly flat: number;
  readonly make: (maker: Maker) => unknown;
  /** Offset of a borrow among the core values; a function drops it where it is a handle. */
  readonly borrow?: number;
  /** The core values are address and length of a list of borrows. */
  readonly borrowList?: true;
}

/** An object whose getters run the hook. */
function hooked(maker: Maker, fields: Record<string, () => unknown>): object {
  const object = {};
  for (const [name, value] of Object.entries(fields)) {
    Object.defineProperty(object, name, {
      get() {
        if (maker.tape(2) === 0) maker.hook();
        const made = value();
        maker.hook();
        return made;
      },
    });
  }
  return maker.tape(4) === 1 ? new Proxy(object, {}) : object;
}

/** A list in one of the forms in which lists are taken. `lie`: a proxy that says another length each time. */
function items(maker: Maker, make: () => unknown): unknown {
  const made = Array.from({ length: maker.tape(4) }, make);
  switch (maker.tape(5)) {
    case 0:
      return made;
    case 1: {
      made.forEach((value, i) => {
        Object.defineProperty(made, i, {
          get() {
            maker.hook();
            return value;
          },
        });
      });
      return made;
    }
    case 2:
      return (function* () {
        for (const value of made) {
          maker.hook();
          yield value;
        }
        maker.hook();
      })();
    case 3:
      return new Proxy(made, {
        get(target, key) {
          maker.hook();
          return Reflect.get(target, key);
        },
      });
    default:
      return new Proxy(made, {
        get(target, key) {
          if (key !== 'length') return Reflect.get(target, key) ?? make();
          return [0, 1, 2, 3, -1, 1.5, '2', Number.NaN, new ArrayBuffer(3), { valueOf: () => maker.tape(5) }][
            maker.tape(10)
          ];
        },
      });
  }
}

const plainRecord = (maker: Maker): object => hooked(maker, { x: () => 5, s: () => 'text' });
const owner = (maker: Maker): object => hooked(maker, { h: () => maker.thing(), x: () => 6 });

export const types: Readonly<Record<string, ParamType>> = {
  own: { text: '(own $t)', flat: 1, make: (maker) => maker.thing() },
  borrow: { text: '(borrow $t)', flat: 1, make: (maker) => maker.thing(), borrow: 0 },
  plain: { text: '$plain', flat: 3, make: plainRecord },
  owner: { text: '$owner', flat: 2, make: owner },
  borrower: { text: '$borrower', flat: 2, make: owner, borrow: 0 },
  owns: { text: '(list (own $t))', flat: 2, make: (maker) => items(maker, () => maker.thing()) },
  borrows: {
    text: '(list (borrow $t))',
    flat: 2,
    make: (maker) => items(maker, () => maker.thing()),
    borrowList: true,
  },
  owners: { text: '(list $owner)', flat: 2, make: (maker) => items(maker, () => owner(maker)) },
  pair: { text: '(tuple (own $t) (borrow $t))', flat: 2, make: (maker) => [maker.thing(), maker.thing()], borrow: 1 },
  option: { text: '(option (own $t))', flat: 2, make: (maker) => (maker.tape(3) === 0 ? undefined : maker.thing()) },
  bits: { text: '$bits', flat: 1, make: (maker) => hooked(maker, { a: () => true, b: () => undefined }) },
  choice: {
    text: '$choice',
    flat: 3,
    make: (maker) => {
      const tag = ['none', 'thing', 'number', 'text'][maker.tape(4)] as string;
      const val = { none: () => undefined, thing: () => maker.thing(), number: () => 7, text: () => 'text' }[
        tag
      ] as () => unknown;
      return hooked(maker, { tag: () => tag, val });
    },
  },
  strings: { text: '(list string)', flat: 2, make: (maker) => items(maker, () => 'one of them') },
  bytes: {
    text: '(list u8)',
    flat: 2,
    make: (maker) => (maker.tape(2) === 0 ? new Uint8Array(maker.buffer()) : items(maker, () => 8)),
  },
  two: { text: '(list u8 2)', flat: 2, make: (maker) => items(maker, () => 9) },
  twoStrings: { text: '(list string 2)', flat: 4, make: (maker) => items(maker, () => 'two') },
  number: { text: 'u32', flat: 1, make: () => 10 },
  text: { text: 'string', flat: 2, make: () => 'and a text' },
};
const names = Object.keys(types);

/** Repeatable numbers below `limit`. */
export function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** Of each function the types of its parameters. At most 16 core values, so that they are all parameters of the core function. */
export const signatures: string[][] = [
  ...['own', 'borrow', 'owns', 'owner', 'pair'].map((name) => [name, 'plain']),
  ['bytes'],
  ['bytes', 'plain'],
  ['strings'],
];
{
  const next = numbers(7);
  while (signatures.length < 40) {
    const signature = Array.from({ length: 1 + next(4) }, () => names[next(names.length)] as string);
    if (signature.reduce((sum, name) => sum + types[name]!.flat, 0) <= 16) signatures.push(signature);
  }
}

/** Types that results have: no borrows. */
export const results = ['own', 'plain', 'owner', 'owns', 'owners', 'option', 'choice', 'strings', 'bytes', 'two'];
