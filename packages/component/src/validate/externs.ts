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
import type { AnyType, Extern, InstanceType } from './types.ts';
import { isValueType, typeClass } from './types.ts';

/** The extern type as it is written. A `sub` bound is a fresh abstract resource of `scope`. */
function resolveExternType(scope: Scope, type: ExternTypeAst, imported: boolean, offset: number): Extern {
  switch (type.kind) {
    case 'core-module':
      return { kind: 'core module', type: moduleTypeAt(scope, type.type, offset) };
    case 'func':
      return { kind: 'func', type: scope.typeOfKind('func', type.type, offset) };
    case 'component':
      return { kind: 'component', type: scope.typeOfKind('component', type.type, offset) };
    case 'instance':
      return { kind: 'instance', type: scope.typeOfKind('instance', type.type, offset) };
    case 'value':
      return {
        kind: 'value',
        type:
          type.bound.kind === 'eq'
            ? scope.value(type.bound.value, offset).type
            : resolveValType(scope, type.bound.type, offset),
      };
    case 'type': {
      if (type.bound.kind === 'eq') return { kind: 'type', type: scope.type(type.bound.type, offset) };
      const resource = scope.store.newResource(scope.binder, imported);
      return { kind: 'type', type: { kind: 'resource', resource } };
    }
  }
}

/**
 * `extern` as an import or export introduces it: types get new names, and the resources of an instance type are fresh. Both
 * belong to `scope` from now on.
 */
function introduce(scope: Scope, extern: Extern, imported: boolean): Extern {
  if (extern.kind === 'type') return { kind: 'type', type: renamedType(scope, extern.type) };
  if (extern.kind !== 'instance' || !extern.type.open) return extern;
  return { kind: 'instance', type: freshInstance(scope, extern.type, imported) };
}

function renamedType(scope: Scope, type: AnyType): AnyType {
  if (type.kind === 'resource') return { kind: 'resource', resource: type.resource };
  return isValueType(type) ? scope.store.rename(type) : type;
}

function freshInstance(scope: Scope, type: InstanceType, imported: boolean): InstanceType {
  const { store } = scope;
  const fresh = type.binder === null ? null : { binder: type.binder, into: scope.binder, imported };
  return store.instanceType(new Substitution(store, fresh).renamed(type.exports), null);
}

/** Adds an import, of a component or a component type. */
export function declareImport(scope: Scope, name: ExternName, type: ExternTypeAst, offset: number): void {
  add(scope, 'import', name, introduce(scope, resolveExternType(scope, type, true, offset), true), offset);
}

/** Adds an export of a component type or instance type. */
export function declareExport(scope: Scope, name: ExternName, type: ExternTypeAst, offset: number): void {
  add(scope, 'export', name, introduce(scope, resolveExternType(scope, type, false, offset), false), offset);
}

/** Adds an export of a component: `item`, seen as `type` when that is given. */
export function defineExport(
  scope: Scope,
  name: ExternName,
  item: SortIdx,
  type: ExternTypeAst | undefined,
  offset: number,
): void {
  const inferred = externOfItem(scope, item, offset);
  let extern = inferred;
  if (type !== undefined) {
    extern = resolveExternType(scope, type, false, offset);
    const reason = ascriptionProblem(scope, inferred, extern, type);
    if (reason !== null) fail(offset, 'ascription', { reason });
  }
  if (inferred.kind === 'value' && inferred.type.hasBorrow) fail(offset, 'value-borrow', { name: name.name });
  // NON-SPEC: an instance that is exported as it is makes the types in it visible under the names that they have there, not
  // under new ones: a reference test exports a function whose types stand in an exported instance.
  const exported = type === undefined && extern.kind === 'instance' ? extern : introduce(scope, extern, false);
  add(scope, 'export', name, exported, offset);
}

/** Why `wanted` is no supertype of `given`. Abstract resources that `wanted` introduces may be any. */
function ascriptionProblem(scope: Scope, given: Extern, wanted: Extern, type: ExternTypeAst): string | null {
  const { store } = scope;
  if (type.kind === 'type' && type.bound.kind === 'sub') {
    if (given.kind !== 'type') return `expected type, found ${given.kind}`;
    return given.type.kind === 'resource' ? null : `expected resource, found ${typeClass(given.type)}`;
  }
  const binder = wanted.kind === 'instance' ? wanted.type.binder : null;
  const variables = binder === null ? null : { binder, imported: false };
  return new Matching(store, new Substitution(store), variables).extern(given, wanted);
}

function add(scope: Scope, kind: Direction, name: ExternName, extern: Extern, offset: number): void {
  const isImport = kind === 'import';
  nameExtern(isImport ? scope.importNames : scope.exportNames, scope.features, kind, name, extern);
  if (scope.kind !== 'instance type') checkVisible(scope, kind, name, extern, offset);
  scope.store.step();
  (isImport ? scope.imports : scope.exports).set(name.name, extern);
  scope.push(extern, !isImport);
}

/** Imports see what imports name; exports see that and what exports name. */
function checkVisible(scope: Scope, kind: Direction, name: ExternName, extern: Extern, offset: number): void {
  const { importVisible, exportVisible } = scope;
  const hidden = kind === 'import' ? importVisible.take(extern, exportVisible) : exportVisible.take(extern);
  if (hidden !== null) {
    fail(offset, 'visibility', { sort: extern.kind, kind, name: name.name, what: hidden, where: scope.kind });
  }
}

/** The extern that `item` is. An item of the sort `value` is used thereby. */
export function externOfItem(scope: Scope, item: SortIdx, offset: number): Extern {
  const { sort, index } = item;
  switch (sort) {
    case 'func':
      return { kind: 'func', type: scope.func(index, offset) };
    case 'value':
      return { kind: 'value', type: scope.useValue(index, offset) };
    case 'type':
      return { kind: 'type', type: scope.type(index, offset) };
    case 'component':
      return { kind: 'component', type: scope.component(index, offset) };
    case 'instance':
      return { kind: 'instance', type: scope.instance(index, offset) };
    case 'core module':
      return { kind: 'core module', type: scope.coreModule(index, offset) };
    default:
      return fail(offset, 'arg-sort', { sort });
  }
}
