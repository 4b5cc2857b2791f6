/**
 * The one table of trap codes: what emitted code stores in the trap word of the store context, and what the embedder
 * reads in `Trap.code`. The detail words (u32) are numbers that a text may name: a handle index, a type.
 *
 * Texts contain what the specification's reference tests expect of them.
 */

/** By code; `{index}` stands for the first detail word. */
export const trapTexts = {
  'host-error': 'the host function failed',
  unreachable: 'wasm `unreachable` instruction executed',
  'cannot-leave': 'cannot leave component instance',
  'cannot-enter': 'cannot enter component instance',
  'cannot-block': 'cannot block a synchronous task before returning',
  'unaligned-pointer': 'unaligned pointer',
  'pointer-out-of-bounds': 'pointer out of bounds of memory',
  'string-out-of-bounds': 'string pointer/length out of bounds of memory',
  'string-content-out-of-bounds': 'string content out-of-bounds',
  'string-too-long': 'string is too long',
  'list-out-of-bounds': 'list pointer/length out of bounds of memory',
  'list-content-out-of-bounds': 'list content out-of-bounds',
  'list-too-long': 'list is too long',
  'realloc-unaligned': 'realloc return: result not aligned',
  'realloc-out-of-bounds': 'realloc return: beyond end of memory',
  'invalid-utf8': 'invalid utf-8',
  'incomplete-utf8': 'incomplete utf-8 byte sequence',
  'invalid-utf16': 'unpaired surrogate: invalid utf-16',
  'invalid-discriminant': 'invalid variant discriminant',
  'invalid-char': 'invalid `char` bit pattern',
  'unknown-handle': 'unknown handle index {index}',
  'wrong-handle-type':
    'handle index {index} used with the wrong type, expected guest-defined resource but found a different guest-defined resource',
  'not-a-resource': 'handle index {index} is not a resource',
  'not-owned': 'handle index {index} is a borrow, not an owned resource',
  'owned-is-lent': 'cannot remove owned resource while borrowed',
  'borrow-remains': 'borrow handles still remain at the end of the call',
  'handle-table-full': 'the handle table of the component instance is full',
  'guest-exception': 'an exception was thrown across a component boundary',
  'stack-overflow': 'call stack exhausted',
  'spill-stack-overflow': 'the spill stack of the store is exhausted',
  'integer-overflow': 'integer overflow',
  'guest-trap': 'wasm trap',
  /** `unsupportedText` says which. */
  unsupported: 'what needs tasks (async) is not run by this host',
  'data-out-of-bounds': 'native address out of bounds of the data of the store',
} as const;

/** The stable codes that `Trap.code` can have. */
export type TrapCode = keyof typeof trapTexts;

/** By the number in the trap word, which starts at 1. */
const codes = Object.keys(trapTexts) as TrapCode[];

/** What the trap word in the store context says of a trap; 0 there is "no trap". */
export function trapNumber(code: TrapCode): number {
  return codes.indexOf(code) + 1;
}

/** The code for a trap word; `undefined` when it is none. */
export function trapCode(number: number): TrapCode | undefined {
  return codes[number - 1];
}

/** Text for people. `index`: the first detail word. */
export function trapText(code: TrapCode, index = 0): string {
  return trapTexts[code].replace('{index}', String(index >>> 0));
}
