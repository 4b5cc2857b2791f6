/**
 * Imports and exports. In: an extern type or an item, and the scope. Out: an entry in the scope's imports or exports, a new
 * index, and the names of types that it makes visible.
 */

import type { ExternName, ExternTypeAst, SortIdx } from '../binary/ast.ts';
import { fail } from '../fail.ts';
import { moduleTypeAt } from './core-types.ts';
import { type Direction, nameExtern } from './extern-names.ts';
import { resolveValType } from './resolve.ts';
import type { Scope } from './scope.ts';
import { Substitution } from './substitution.ts';
import { Matching } from './subtype.ts';
import type { Extern } from './types.ts';

/** The extern type as it is written. A `sub` bound is a fresh abstract resource of `scope`. */
function resolveExternType(scope: Scope, type: ExternTypeAst, imported: boolean, offset: number): Extern {
  const { kind } = type;
  switch (kind) {
    case 'core-module':
      return { kind: 'core module', type: moduleTypeAt(scope, type.type, offset) };
    case 'value': {
      const { bound } = type;
      if (bound.kind === 'eq') return { kind, type: scope.at(kind, bound.value, offset).type };
      return { kind, type: resolveValType(scope, bound.type, offset) };
    }
    case 'type':
      if (type.bound.kind === 'eq') return { kind, type: scope.at(kind, type.bound.type, offset) };
      return { kind, type: scope.store.newResource(scope.binder, imported) };
    default:
      return { kind, type: scope.typeOfKind(kind, type.type, offset) } as Extern;
  }
}

/**
 * `extern` as an import or export introduces it: types get new names, and the resources of an instance type are fresh. Both
 * belong to `scope` from now on.
 */
function introduce(scope: Scope, extern: Extern, imported: boolean): Extern {
  const { store, binder: into } = scope;
  const { kind, type } = extern;
  if (kind === 'type') return { kind, type: store.rename(type) };
  if (kind !== 'instance' || !type.open) return extern;
  const substitution = new Substitution(store, { binder: type.binder, into, imported });
  return { kind, type: store.instanceType(substitution.renamed(type.exports), null) };
}

/** Adds an import, or an export of a component type or instance type. */
export function declare(scope: Scope, kind: Direction, name: ExternName, type: ExternTypeAst, offset: number): void {
  const imported = kind === 'import';
  add(scope, kind, name, introduce(scope, resolveExternType(scope, type, imported, offset), imported), offset);
}

/** Adds an export of a component: `item`, seen as `type` when that is given. */
export function defineExport(
  scope: Scope,
  name: ExternName,
  item: SortIdx,
  type: ExternTypeAst | undefined,
  offset: number,
): void {
  const given = externOfItem(scope, item, offset);
  let extern = given;
  if (type !== undefined) {
    extern = resolveExternType(scope, type, false, offset);
    // Abstract resources that the type introduces may be any: of an instance type its own, of a `sub` bound that one.
    const isSub = type.kind === 'type' && type.bound.kind === 'sub';
    const binder = extern.kind === 'instance' ? extern.type.binder : isSub ? scope.binder : null;
    const reason = new Matching(new Substitution(scope.store), { binder, imported: false }).extern(given, extern);
    if (reason !== null) fail(offset, 'ascription', { reason });
  }
  if (given.kind === 'value' && given.type.hasBorrow) fail(offset, 'value-borrow', { name: name.name });
  // NON-SPEC: an instance that is exported as it is makes the types in it visible under the names that they have there, not
  // under new ones: a reference test exports a function whose types stand in an exported instance.
  const exported = type === undefined && extern.kind === 'instance' ? extern : introduce(scope, extern, false);
  add(scope, 'export', name, exported, offset);
}

/** Imports see what imports name; exports see that and what exports name. */
function add(scope: Scope, kind: Direction, name: ExternName, extern: Extern, offset: number): void {
  const { importVisible, exportVisible } = scope;
  const isImport = kind === 'import';
  nameExtern(isImport ? scope.importNames : scope.exportNames, scope.context.features, kind, name, extern);
  if (scope.kind !== 'instance type') {
    const what = isImport ? importVisible.take(extern, exportVisible) : exportVisible.take(extern);
    if (what !== null) {
      fail(offset, 'visibility', { sort: extern.kind, kind, name: name.name, what, where: scope.kind });
    }
  }
  scope.store.step();
  (isImport ? scope.imports : scope.exports).set(name.name, extern);
  scope.push(extern, !isImport);
}

/** The extern that `item` is. An item of the sort `value` is used thereby. */
export function externOfItem(scope: Scope, { sort, index }: SortIdx, offset: number): Extern {
  if (sort === 'value') return { kind: sort, type: scope.useValue(index, offset) };
  if (sort.startsWith('core ') && sort !== 'core module') fail(offset, 'arg-sort', { sort });
  return { kind: sort, type: scope.at(sort, index, offset) } as Extern;
}
