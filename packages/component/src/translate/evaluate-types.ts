/**
 * In: type definitions of a component, and the scope in which they stand. Out: types with actual resource identities,
 * and for a declared import or export the entity that stands for it.
 *
 * Instance and component types stay closures (declarations + scope) until something has that type: only then is it known
 * which resources their `(sub resource)` declarations stand for. Rejected: evaluating them once and substituting.
 */
import type {
  Alias,
  CoreDefType,
  CoreExternType,
  CoreFuncType,
  Declaration,
  DefType,
  DefValTypeAst,
  ExternTypeAst,
  Sort,
  ValTypeAst,
} from '../binary/ast.ts';
import { InternalError, UnsupportedError } from '../errors.ts';
import type { CoreModuleType, ResourceIndex, TypeIndex, TypeOf } from '../plan.ts';
import { put } from '../put.ts';
import type {
  AbstractFunc,
  AbstractModule,
  CoreInstanceEntity,
  CoreItem,
  CoreTypeEntity,
  Entity,
  ExportEntry,
  ExportMap,
  ImportedComponent,
  InstanceEntity,
  InstanceTypeEntity,
  ResourceEntity,
  TypeSpaceEntity,
} from './entities.ts';
import { found, Scope } from './entities.ts';
import { mapFuncType, mapType } from './type-table.ts';

/** What a declared type comes down to; only the type of it is known. */
export type Leaf = AbstractFunc | ResourceEntity | AbstractModule | ImportedComponent;

/** What stands for a leaf of a declared type. `path` are names from the declaration down. */
export type Introduce = (leaf: Leaf, path: readonly string[]) => Entity;

/** For types of components, and instances of unlinked ones: nothing but the type is known. */
export const abstract: Introduce = (leaf) => leaf;

// --- definitions -----------------------------------------------------------------------------------------------------

/** Any definition but a resource's, which only an instance can make. */
export function defineType(scope: Scope, type: Exclude<DefType, { readonly kind: 'resource' }>): TypeSpaceEntity {
  const { table } = scope;
  const value = (part: ValTypeAst): TypeIndex => valueType(scope, part);
  switch (type.kind) {
    case 'func': {
      const { async, params, result = null } = type;
      return {
        kind: 'func-type',
        type: table.funcType(mapFuncType({ async, params: params.map(named), result }, value)),
      };
    }
    case 'instance-type':
    case 'component-type':
      return { kind: type.kind, declarations: type.declarations, scope };
    case 'prim':
      return { kind: 'type', type: value(type.prim) };
    default: {
      const resource = (index: number): ResourceIndex => scope.type('resource', index).resource;
      return { kind: 'type', type: table.type(mapType(asInPlan(type), value, resource)) };
    }
  }
}

/** A value type: an index or a primitive. */
function valueType(scope: Scope, type: ValTypeAst): TypeIndex {
  return typeof type === 'string' ? scope.table.type({ kind: type }) : scope.type('type', type).type;
}

/** A type of the binary with the names and nulls that a plan has. */
function asInPlan(type: Exclude<DefValTypeAst, { readonly kind: 'prim' }>): TypeOf<ValTypeAst, number> {
  switch (type.kind) {
    case 'record':
      return { kind: 'record', fields: type.fields.map(named) };
    case 'variant':
      return { kind: 'variant', cases: type.cases.map(({ label, type = null }) => ({ name: label, type })) };
    case 'flags':
    case 'enum':
      return { kind: type.kind, names: type.labels };
    case 'list':
      return { ...type, length: type.length ?? null };
    case 'result':
      return { kind: 'result', ok: type.ok ?? null, err: type.err ?? null };
    case 'stream':
    case 'future':
      return { kind: type.kind, element: type.element ?? null };
    default:
      return type;
  }
}

function named<T>({ label, type }: { readonly label: string; readonly type: T }): { name: string; type: T } {
  return { name: label, type };
}

// --- aliases ---------------------------------------------------------------------------------------------------------

/** Pushes what an alias names. */
export function defineAlias(scope: Scope, alias: Alias): void {
  const { sort } = alias;
  switch (alias.kind) {
    case 'export': {
      const { exports } = scope.at('instance', alias.instance);
      scope.push(sort, found(exports.get(alias.name), 'export', alias.name).entity);
      break;
    }
    case 'core-export':
      scope.push(sort, coreExport(scope.at('core instance', alias.instance), alias.name));
      break;
    case 'outer': {
      const outer = scope.outer(alias.count);
      const item = outer.at(sort, alias.index);
      scope.push(sort, sort === 'type' ? adopt(scope, item as TypeSpaceEntity, outer) : item);
      break;
    }
    default:
      alias satisfies never;
  }
}

/** A type of an enclosing component, which may have been translated on its own. Such types hold no resources. */
function adopt({ table }: Scope, entity: TypeSpaceEntity, { table: from }: Scope): TypeSpaceEntity {
  if (from === table) return entity;
  const copies = table.copiesFrom(from);
  if (entity.kind === 'type') return { kind: 'type', type: copies.type(entity.type) };
  if (entity.kind === 'func-type') return { kind: 'func-type', type: copies.funcType(entity.type) };
  return entity;
}

/** The item that a core instance exports under `name`. */
export function coreExport({ index, items, exports }: CoreInstanceEntity, name: string): CoreItem {
  const known = items.get(name);
  if (known !== undefined) return known;
  const type = found(exports.get(name), 'core export', name);
  const address = 'limits' in type ? type.limits.address : 'i32';
  const sort = type.kind;
  return put(
    items,
    name,
    index === null ? { kind: 'abstract', address } : { kind: 'export', instance: index, name, sort, address },
  );
}

// --- declared imports and exports ------------------------------------------------------------------------------------

/** The entity for something that is only known by its declared type. `offset` is the declaration's. */
export function declare(
  scope: Scope,
  type: ExternTypeAst,
  path: readonly string[],
  introduce: Introduce,
  offset: number,
): Entity {
  switch (type.kind) {
    case 'func':
      return introduce({ kind: 'abstract-func', type: scope.type('func-type', type.type).type }, path);
    case 'type': {
      if (type.bound.kind === 'eq') return scope.at('type', type.bound.type);
      const resource = scope.table.resource({ kind: 'abstract', name: path.at(-1) ?? null });
      return introduce({ kind: 'resource', resource }, path);
    }
    case 'core-module':
      return introduce({ kind: 'module', origin: 'abstract', type: moduleType(scope, type.type) }, path);
    case 'instance':
      return declareInstance(scope, scope.type('instance-type', type.type), path, introduce);
    case 'component': {
      const declared = scope.type('component-type', type.type);
      return introduce({ kind: 'imported-component', path: null, type: declared }, path);
    }
    case 'value':
      throw new UnsupportedError(offset, 'values are not supported as imports or exports');
    default:
      return type satisfies never;
  }
}

/** An instance of `type`, which is used in `scope`. */
export function declareInstance(
  { table }: Scope,
  type: InstanceTypeEntity,
  path: readonly string[],
  introduce: Introduce,
): InstanceEntity {
  const inner = new Scope(type.scope, table);
  return { kind: 'instance', exports: declarations(inner, type.declarations, path, introduce, null) };
}

/**
 * Runs the declarations of an instance or component type in `scope`, and returns the exports that they declare. `imports`
 * says what each import of a component type stands for.
 */
export function declarations(
  scope: Scope,
  declarations: readonly Declaration[],
  path: readonly string[],
  introduce: Introduce,
  imports: ((declaration: Declaration & { readonly kind: 'import' }) => Entity) | null,
): ExportMap {
  const exports = new Map<string, ExportEntry>();
  for (const declaration of declarations) {
    switch (declaration.kind) {
      case 'type':
        if (declaration.type.kind === 'resource') throw new InternalError('a resource is defined in a type');
        scope.push('type', defineType(scope, declaration.type));
        break;
      case 'core-type':
        defineCoreType(scope, declaration.type);
        break;
      case 'alias':
        defineAlias(scope, declaration.alias);
        break;
      case 'export': {
        const { name, type, offset } = declaration;
        const entity = declare(scope, type, [...path, name.name], introduce, offset);
        exports.set(name.name, { name, entity });
        scope.push(externSort(type), entity);
        break;
      }
      case 'import':
        scope.push(externSort(declaration.type), found(imports, 'import', declaration.name.name)(declaration));
        break;
      default:
        declaration satisfies never;
    }
  }
  return exports;
}

/** The index space that an import or a declared export of that type goes to. */
export function externSort({ kind }: ExternTypeAst): Sort {
  return kind === 'core-module' ? 'core module' : kind;
}

// --- core types ------------------------------------------------------------------------------------------------------

export function defineCoreType(scope: Scope, definition: CoreDefType): void {
  switch (definition.kind) {
    case 'rec':
      for (const type of definition.types) scope.push('core type', { kind: 'sub', type });
      break;
    case 'sub':
      scope.push('core type', definition);
      break;
    case 'module-type':
      scope.push('core type', { ...definition, scope });
      break;
    default:
      definition satisfies never;
  }
}

/** The core module type that a core type index names. */
function moduleType(scope: Scope, index: number): CoreModuleType {
  const entity = coreType(scope, 'module-type', index);
  const inner = new Scope(entity.scope, scope.table);
  const imports: CoreModuleType['imports'][number][] = [];
  const exports: CoreModuleType['exports'][number][] = [];
  for (const declaration of entity.declarations) {
    switch (declaration.kind) {
      case 'type':
        defineCoreType(inner, declaration.type);
        break;
      case 'alias':
        inner.push('core type', inner.outer(declaration.count).at('core type', declaration.index));
        break;
      case 'import': {
        const { module, name, type } = declaration;
        imports.push({ module, name, type: coreExternType(inner, type) });
        break;
      }
      case 'export': {
        const { name, type } = declaration;
        exports.push({ name, type: coreExternType(inner, type) });
        break;
      }
      default:
        declaration satisfies never;
    }
  }
  return { imports, exports };
}

/** The core type at `index`, which is of `kind`. */
function coreType<K extends CoreTypeEntity['kind']>(
  scope: Scope,
  kind: K,
  index: number,
): CoreTypeEntity & { readonly kind: K } {
  const entity = scope.at('core type', index);
  return found(entity.kind === kind ? (entity as CoreTypeEntity & { readonly kind: K }) : null, kind, index);
}

/** `type` with its function type written out. */
function coreExternType(scope: Scope, type: CoreExternType): CoreExternType<CoreFuncType> {
  if (type.kind !== 'func' && type.kind !== 'tag') return type;
  const { comp } = coreType(scope, 'sub', type.type).type;
  return { kind: type.kind, type: found(comp.kind === 'func' ? comp : null, 'core func type', type.type) };
}
