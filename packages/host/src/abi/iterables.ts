/**
 * JavaScript values that stand for lists, tuples and maps: arrays by index, anything else by its iterator, which runs to
 * its end (or to a limit) before any element is looked at. An array is taken as it is: its length is read once, its elements
 * one by one later, each once.
 */
import { expected, refuse } from './argument-error.ts';
import { MAX_LIST_BYTE_LENGTH } from './limits.ts';

/** `value` if it can be iterated. Strings are not lists. */
function iterable(value: unknown, what: string): Iterable<unknown> {
  if (
    typeof value !== 'object' ||
    value === null ||
    typeof (value as Iterable<unknown>)[Symbol.iterator] !== 'function'
  ) {
    expected(what, value);
  }
  return value as Iterable<unknown>;
}

/** Refuses a list that has no room in a memory. */
export function tooLong(): never {
  refuse(`expected a list of at most ${MAX_LIST_BYTE_LENGTH} bytes`);
}

/** Refuses the number of elements of a list of fixed length. */
export function wrongLength(got: number, wanted: number): never {
  refuse(`expected a list of ${wanted} elements, got ${got}`);
}

/** The elements of a list; {@link countItems} says how many. `limit` of them at most. `what` for messages. */
export function listItems(value: unknown, limit: number, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  const items: unknown[] = [];
  for (const item of iterable(value, what)) {
    if (items.length === limit) tooLong();
    items.push(item);
  }
  return items;
}

/** How many elements a list has: `limit` at most. A proxy of an array may say something else each time, or no number. */
export function countItems(items: readonly unknown[], limit: number): number {
  const count = items.length >>> 0;
  if (count > limit) tooLong();
  return count;
}

/** The elements of a list of fixed length. */
export function fixedItems(value: unknown, length: number): readonly unknown[] {
  const items = Array.isArray(value) ? value : upTo(value, length + 1, 'a list');
  if (items.length !== length) wrongLength(items.length, length);
  return items;
}

/** The values of a tuple. */
export function tupleItems(value: unknown, count: number): readonly unknown[] {
  const what = `a tuple of ${count} values`;
  const items = Array.isArray(value) ? value : upTo(value, count + 1, what);
  if (items.length !== count) refuse(`expected ${what}, got ${items.length}`);
  return items;
}

/** The first `limit` values. */
function upTo(value: unknown, limit: number, what: string): readonly unknown[] {
  const items: unknown[] = [];
  for (const item of iterable(value, what)) {
    items.push(item);
    if (items.length === limit) break;
  }
  return items;
}
