/**
 * Arbitrary text, for property tests. Out: fast-check arbitraries of characters (scalar values, as the specification's
 * `char`) and of strings of them.
 *
 * Rejected: `fc.string({ unit: 'binary' })`. To know whether it could make `__proto__` it numbers all 1,112,064 characters
 * in a map: two seconds and 100 MB in each process. It also takes nearly all of its characters from beyond the first plane.
 */
import fc from 'fast-check';

/** A code point: of each length in UTF-8 as often, and often the first or last of one. */
const point = fc.oneof(
  fc.integer({ min: 0, max: 0x7f }),
  fc.integer({ min: 0x80, max: 0x7ff }),
  fc.integer({ min: 0x800, max: 0xd7ff }),
  fc.integer({ min: 0xe000, max: 0xffff }),
  fc.integer({ min: 0x1_0000, max: 0x10_ffff }),
  fc.constantFrom(
    0,
    0x7f,
    0x80,
    0xff,
    0x100,
    0x7ff,
    0x800,
    0x2028,
    0xd7ff,
    0xe000,
    0xfeff,
    0xfffd,
    0xffff,
    0x1_0000,
    0x10_ffff,
  ),
);

/** One character. */
export const character: fc.Arbitrary<string> = point.map((code) => String.fromCodePoint(code));

/** Well-formed text, with names such as `__proto__` and `constructor` among them. */
export function unicodeText(constraints: { readonly maxLength?: number } = {}): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.array(character, constraints).map((characters) => characters.join('')) },
    fc.string(constraints),
  );
}
