/**
 * Aliases (Explainer.md#alias-definitions). In: an alias and the scope. Out: a new index for a definition that another
 * instance or an outer scope has.
 */

import type { Alias, Sort } from '../binary/ast.ts';
import { article, fail } from '../fail.ts';
import type { CoreItem } from './core-types.ts';
import { hasFreeResource } from './free-resources.ts';
import type { Scope } from './scope.ts';

/** Adds the index that `alias` introduces. */
export function defineAlias(scope: Scope, alias: Alias, offset: number): void {
  switch (alias.kind) {
    case 'export':
      aliasExport(scope, alias, offset);
      break;
    case 'core-export':
      aliasCoreExport(scope, alias, offset);
      break;
    case 'outer':
      aliasOuter(scope, alias, offset);
      break;
  }
}

/** What a sort is called where something is not of it. */
function sortNoun(sort: Sort): string {
  return sort.replace('core ', '');
}

function aliasExport(scope: Scope, { sort, instance, name }: Alias & { kind: 'export' }, offset: number): void {
  const extern = scope.instance(instance, offset).exports.get(name);
  if (extern === undefined) fail(offset, 'no-export', { sort: 'instance', index: instance, name });
  if (extern.kind !== sort) {
    fail(offset, 'export-sort', { name, sort: 'instance', index: instance, wanted: article(sortNoun(sort)) });
  }
  scope.push(extern);
}

function aliasCoreExport(
  scope: Scope,
  { sort, instance, name }: Alias & { kind: 'core-export' },
  offset: number,
): void {
  const item = scope.coreInstance(instance, offset).get(name);
  if (item === undefined) fail(offset, 'no-export', { sort: 'core instance', index: instance, name });
  if (`core ${item.type.kind}` !== sort) {
    fail(offset, 'export-sort', { name, sort: 'core instance', index: instance, wanted: article(sortNoun(sort)) });
  }
  coreSpace(scope, item).push(item);
}

/** The index space of the sort that `item` has. */
function coreSpace(scope: Scope, item: CoreItem): CoreItem[] {
  switch (item.type.kind) {
    case 'func':
      return scope.coreFuncs;
    case 'table':
      return scope.coreTables;
    case 'memory':
      return scope.coreMemories;
    case 'global':
      return scope.coreGlobals;
    case 'tag':
      return scope.coreTags;
  }
}

function aliasOuter(scope: Scope, { sort, count, index }: Alias & { kind: 'outer' }, offset: number): void {
  const outer = scope.outer(count, offset);
  switch (sort) {
    case 'core module':
      scope.coreModules.push(outer.coreModule(index, offset));
      break;
    case 'core type':
      scope.coreTypes.push(outer.coreType(index, offset));
      break;
    case 'component':
      scope.components.push(outer.component(index, offset));
      break;
    case 'type': {
      const type = outer.type(index, offset);
      if (crossesComponent(scope, outer) && hasFreeResource(type, scope.store, () => true))
        fail(offset, 'outer-resource', { index });
      scope.types.push(type);
      break;
    }
    default:
      fail(offset, 'outer-sort', { sort });
  }
}

/** Whether a component, not just types, lies between `scope` and `outer`. */
function crossesComponent(scope: Scope, outer: Scope): boolean {
  for (let inner = scope; inner !== outer; inner = inner.parent as Scope) if (inner.kind === 'component') return true;
  return false;
}
