/** Whether a core function has the signature that the canonical ABI wants. */

import type { CoreValType } from '../binary/ast.ts';
import { type CoreItem, printCoreFunc } from './core-types.ts';

/** Calls `wrong` with both signatures when `func` is no `params -> results`. */
export function checkCoreFunc(
  func: CoreItem,
  params: readonly CoreValType[],
  results: readonly CoreValType[],
  wrong: (expected: string, found: string) => void,
): void {
  const { type } = func;
  if (type.kind === 'func' && sameTypes(type.type.params, params) && sameTypes(type.type.results, results)) return;
  wrong(printCoreFunc({ kind: 'func', params, results }), type.kind === 'func' ? printCoreFunc(type.type) : type.kind);
}

/** Whether two lists of core types are equal; those that the canonical ABI asks for are numbers. */
export function sameTypes(found: readonly CoreValType[], wanted: readonly CoreValType[]): boolean {
  return found.length === wanted.length && found.every((type, i) => type === wanted[i]);
}
