/** What generated code calls where a JavaScript value is iterated. The closures in lower.ts do the same in their loops. */
import { refuse } from '../argument-error.ts';
import { tupleItems, wrongLength } from '../lower.ts';
import { iterable, tooLong } from '../number-lists.ts';

/** The elements of a list that is given as any iterable: `limit` at most. `what` for messages. */
export function listItems(value: unknown, limit: number, what: string): readonly unknown[] {
  if (Array.isArray(value)) {
    if (value.length > limit) tooLong();
    return value;
  }
  const items: unknown[] = [];
  for (const item of iterable(value, what)) {
    if (items.length === limit) tooLong();
    items.push(item);
  }
  return items;
}

/** The elements of a list of fixed length. */
export function fixedItems(value: unknown, length: number): readonly unknown[] {
  const items = Array.isArray(value) ? value : listItems(value, length + 1, 'a list');
  if (items.length !== length) wrongLength(items.length, length);
  return items;
}

/** The values of a tuple. */
export function tupleArray(value: unknown, count: number): readonly unknown[] {
  if (!Array.isArray(value)) return tupleItems(value, count);
  if (value.length !== count) refuse(`expected a tuple of ${count} values, got ${value.length}`);
  return value;
}
