/**
 * Names for the text format. In: names of the component (any text); out: identifiers that the text format can write.
 */
import type { FuncType } from './builder.ts';

const legal = /^[\w!#$%&'*+\-./:<=>?@\\^`|~]+$/;
const illegal = /[^\w!#$%&'*+\-./:<=>?@\\^`|~]+/g;

/** `text` with what an identifier of the text format may not contain replaced; brackets become angle brackets. */
export function identifier(text: string): string {
  if (legal.test(text)) return text;
  return text.replaceAll('[', '<').replaceAll(']', '>').replace(illegal, '_') || '_';
}

/** `name`, or `name.1`, `name.2`, … when it is taken; the result is taken from then on. */
export function uniqueName(taken: Set<string>, name: string): string {
  let unique = name;
  for (let n = 1; taken.has(unique); n++) unique = `${name}.${n}`;
  taken.add(unique);
  return unique;
}

/** A name that says what a function type is: `i32_i64->i32`, `->`. */
export function typeName(type: FuncType): string {
  return `${type.params.join('_')}->${type.results.join('_')}`;
}
