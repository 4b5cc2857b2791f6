/**
 * The one table of trap codes: what emitted code stores in the trap word of the store context, and what the embedder
 * reads in `Trap.code`. The detail words (u32) are numbers that a text may name: a handle index, a type.
 *
 * Texts contain what the specification's reference tests expect of them.
 */

export interface TrapInfo {
  /** The word in the store context. 0 is "no trap". */
  readonly number: number;
  /** Text for people; `a` and `b` are the two detail words. */
  readonly text: (a: number, b: number) => string;
}

const table = {
  'host-error': (): string => 'the host function failed',
  unreachable: (): string => 'wasm `unreachable` instruction executed',
  'cannot-leave': (): string => 'cannot leave component instance',
  'cannot-enter': (): string => 'cannot enter component instance',
  'cannot-block': (): string => 'cannot block a synchronous task before returning',
  'unaligned-pointer': (): string => 'unaligned pointer',
  'pointer-out-of-bounds': (): string => 'pointer out of bounds of memory',
  'string-out-of-bounds': (): string => 'string pointer/length out of bounds of memory',
  'string-content-out-of-bounds': (): string => 'string content out-of-bounds',
  'string-too-long': (): string => 'string is too long',
  'list-out-of-bounds': (): string => 'list pointer/length out of bounds of memory',
  'list-content-out-of-bounds': (): string => 'list content out-of-bounds',
  'list-too-long': (): string => 'list is too long',
  'realloc-unaligned': (): string => 'realloc return: result not aligned',
  'realloc-out-of-bounds': (): string => 'realloc return: beyond end of memory',
  'invalid-utf8': (): string => 'invalid utf-8',
  'incomplete-utf8': (): string => 'incomplete utf-8 byte sequence',
  'invalid-utf16': (): string => 'unpaired surrogate: invalid utf-16',
  'invalid-discriminant': (): string => 'invalid variant discriminant',
  'invalid-char': (): string => 'invalid `char` bit pattern',
  'unknown-handle': (index: number): string => `unknown handle index ${index >>> 0}`,
  'wrong-handle-type': (index: number): string =>
    `handle index ${index >>> 0} used with the wrong type, expected guest-defined resource but found a different guest-defined resource`,
  'not-a-resource': (index: number): string => `handle index ${index >>> 0} is not a resource`,
  'not-owned': (index: number): string => `handle index ${index >>> 0} is a borrow, not an owned resource`,
  'owned-is-lent': (): string => 'cannot remove owned resource while borrowed',
  'borrow-remains': (): string => 'borrow handles still remain at the end of the call',
  'handle-table-full': (): string => 'the handle table of the component instance is full',
  'guest-exception': (): string => 'an exception was thrown across a component boundary',
  'stack-overflow': (): string => 'call stack exhausted',
  'spill-stack-overflow': (): string => 'the spill stack of the store is exhausted',
  'integer-overflow': (): string => 'integer overflow',
  'guest-trap': (): string => 'wasm trap',
  /** `unsupportedText` says which. */
  unsupported: (): string => 'what needs tasks (async) is not run by this host',
  'data-out-of-bounds': (): string => 'native address out of bounds of the data of the store',
} satisfies Record<string, TrapInfo['text']>;

/** The stable codes that `Trap.code` can have. */
export type TrapCode = keyof typeof table;

/** Every trap, by code. Numbers start at 1 in the order of the table. */
export const traps: Readonly<Record<TrapCode, TrapInfo>> = numbered();

function numbered(): Readonly<Record<TrapCode, TrapInfo>> {
  const result: Partial<Record<TrapCode, TrapInfo>> = {};
  let number = 0;
  for (const code of Object.keys(table) as TrapCode[]) result[code] = { number: ++number, text: table[code] };
  return Object.freeze(result as Record<TrapCode, TrapInfo>);
}

/** Trap codes by the number in the trap word. */
const codes: readonly TrapCode[] = Object.keys(table) as TrapCode[];

/** The code for a trap word; `undefined` when it is none. */
export function trapCode(number: number): TrapCode | undefined {
  return codes[number - 1];
}
