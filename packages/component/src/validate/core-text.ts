/** Core types as texts show them. In: a core type or item. Out: its text. */
import type { CoreFuncType, CoreValType } from '../binary/ast.ts';
import type { CoreItem } from './core-types.ts';

/** `i32`, `funcref`, `(ref null 3)`; `(func (param i32) (result i32))`, and of other items the kind. */
export function printCore(part: CoreValType | CoreItem): string {
  if (typeof part === 'string') return part;
  if ('type' in part) return part.type.kind === 'func' ? printCoreFunc(part.type.type) : part.type.kind;
  if (typeof part.heap === 'string' && part.nullable) return `${part.heap}ref`;
  return `(ref ${part.nullable ? 'null ' : ''}${part.heap})`;
}

export function printCoreFunc(type: CoreFuncType): string {
  const part = (name: string, types: readonly CoreValType[]): string =>
    types.length === 0 ? '' : ` (${name} ${types.map(printCore).join(' ')})`;
  return `(func${part('param', type.params)}${part('result', type.results)})`;
}
