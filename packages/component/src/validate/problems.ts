/**
 * Why one type cannot stand for another. In: what is supplied by name, and what is asked for. Out: a text to be filled in, or
 * `null`. Only its keys are here; how two types differ is looked for when somebody reads it (differences.ts).
 */
import type { ErrorText } from '../errors.ts';
import { reason } from '../fail.ts';

export type Problem = ErrorText | null;

/** The first of `wanted` that `given` lacks, or has with a `problem`. `nameOf`: what it is called in the text. */
export function matchAll<T>(
  where: 'import' | 'export' | 'instance export',
  given: ReadonlyMap<string, T>,
  wanted: ReadonlyMap<string, T>,
  problem: (given: T, wanted: T) => Problem,
  nameOf: (name: string, item: T) => string = (name) => name,
): Problem {
  for (const [key, item] of wanted) {
    const found = given.get(key);
    const name = nameOf(key, item);
    if (found === undefined) return reason('missing-expected', { where, name });
    const why = problem(found, item);
    if (why !== null) return reason('type-mismatch', { where: `${where} \`${name}\``, reason: why });
  }
  return null;
}
