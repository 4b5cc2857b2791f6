/**
 * Component types and instance types (Explainer.md#declarators). In: declarators. Out: the type that they declare. Each is
 * a scope of its own, with empty index spaces.
 */

import type { Declaration, DefType } from '../binary/ast.ts';
import { fail } from '../fail.ts';
import { defineAlias } from './aliases.ts';
import { defineCoreType } from './core-types.ts';
import { declareExport, declareImport } from './externs.ts';
import { resolveDefValType, resolveFuncType, resolveResourceType } from './resolve.ts';
import { Scope, type ScopeKind } from './scope.ts';
import type { AnyType } from './types.ts';

/** Resolves a `deftype`. */
export function resolveDefType(scope: Scope, type: DefType, offset: number): AnyType {
  switch (type.kind) {
    case 'func':
      return resolveFuncType(scope, type, offset);
    case 'resource':
      return resolveResourceType(scope, type.rep, type.dtor, offset);
    case 'component-type': {
      const inner = declare(scope, 'component type', type.declarations);
      return scope.store.componentType(inner.imports, inner.exports, inner.binder);
    }
    case 'instance-type': {
      const inner = declare(scope, 'instance type', type.declarations);
      return scope.store.instanceType(inner.exports, inner.binder);
    }
    default:
      return resolveDefValType(scope, type, offset);
  }
}

function declare(parent: Scope, kind: ScopeKind, declarations: readonly Declaration[]): Scope {
  const scope = new Scope(kind, parent, parent.context);
  const { store } = scope;
  for (const declaration of declarations) {
    const { offset } = declaration;
    store.begin(offset);
    switch (declaration.kind) {
      case 'core-type':
        defineCoreType(scope, declaration.type, offset);
        break;
      case 'type':
        scope.types.push(resolveDefType(scope, declaration.type, offset));
        break;
      case 'alias':
        checkAliasSort(declaration, offset);
        defineAlias(scope, declaration.alias, offset);
        break;
      case 'import':
        declareImport(scope, declaration.name, declaration.type, offset);
        break;
      case 'export':
        declareExport(scope, declaration.name, declaration.type, offset);
        break;
    }
  }
  return scope;
}

/** Alias declarators have fewer sorts than alias definitions. */
function checkAliasSort({ alias }: Declaration & { kind: 'alias' }, offset: number): void {
  const { sort } = alias;
  const allowed =
    alias.kind === 'outer' ? sort === 'type' || sort === 'core type' : sort === 'type' || sort === 'instance';
  if (alias.kind === 'core-export' || !allowed) fail(offset, 'type-alias-sort', { sort });
}
