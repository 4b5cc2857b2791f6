/**
 * Aliases (Explainer.md#alias-definitions). In: an alias and the scope. Out: a new index for a definition that another
 * instance or an outer scope has.
 */

import type { Alias } from '../binary/ast.ts';
import { fail } from '../fail.ts';
import { hasFreeResource } from './free-resources.ts';
import type { Scope } from './scope.ts';

/** Adds the index that `alias` introduces. */
export function defineAlias(scope: Scope, alias: Alias, offset: number): void {
  if (alias.kind === 'outer') aliasOuter(scope, alias, offset);
  else aliasExport(scope, alias, offset);
}

function aliasExport(scope: Scope, alias: Alias & { kind: 'export' | 'core-export' }, offset: number): void {
  const { sort, instance: index, name } = alias;
  const ofSort = alias.kind === 'export' ? 'instance' : 'core instance';
  const wrongSort = (): never => fail(offset, 'export-sort', { name, sort: ofSort, index, wanted: sort });
  const missing = (): never => fail(offset, 'no-export', { sort: ofSort, index, name });
  if (ofSort === 'instance') {
    const extern = scope.at(ofSort, index, offset).exports.get(name) ?? missing();
    if (extern.kind !== sort) wrongSort();
    scope.push(extern);
  } else {
    const item = scope.at(ofSort, index, offset).get(name) ?? missing();
    if (`core ${item.type.kind}` !== sort) wrongSort();
    scope.space(sort).push(item as never);
  }
}

function aliasOuter(scope: Scope, { sort, count, index }: Alias & { kind: 'outer' }, offset: number): void {
  const outer = scope.outer(count, offset);
  if (sort !== 'core module' && sort !== 'core type' && sort !== 'component' && sort !== 'type') {
    fail(offset, 'outer-sort', { sort });
  }
  const item = outer.at(sort, index, offset);
  if (sort === 'type' && crossesComponent(scope, outer)) {
    if (hasFreeResource(outer.at(sort, index, offset), scope.store, () => true))
      fail(offset, 'outer-resource', { index });
  }
  scope.space(sort).push(item as never);
}

/** Whether a component, not just types, lies between `scope` and `outer`. */
function crossesComponent(scope: Scope, outer: Scope): boolean {
  for (let inner = scope; inner !== outer; inner = inner.parent as Scope) if (inner.kind === 'component') return true;
  return false;
}
