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
  ValTypeAst,
} from '../binary/ast.ts';
import { InternalError, UnsupportedError } from '../errors.ts';
import type { CoreModuleType, FuncTypeIndex, ResourceIndex, TypeIndex } from '../plan.ts';
import type {
  ComponentTypeEntity,
  CoreTypeEntity,
  Entity,
  ExportEntry,
  ExportMap,
  FuncEntity,
  ImportedComponent,
  ModuleEntity,
  TypeSpaceEntity,
} from './entities.ts';
import { at, Scope } from './entities.ts';
import type { TypeTable } from './type-table.ts';

/** What stands for the leaves of a declared type. `path` are names from the declaration down. */
export interface Introduce {
  func(path: readonly string[], type: FuncTypeIndex): FuncEntity;
  resource(path: readonly string[]): ResourceIndex;
  module(path: readonly string[], type: CoreModuleType): ModuleEntity;
  component(path: readonly string[], type: ComponentTypeEntity): ImportedComponent;
}

export class TypeEvaluator {
  readonly table: TypeTable;
  constructor(table: TypeTable) {
    this.table = table;
  }

  // --- definitions ---------------------------------------------------------------------------------------------------

  /** Any definition but a resource's, which only an instance can make. */
  define(scope: Scope, type: Exclude<DefType, { readonly kind: 'resource' }>): TypeSpaceEntity {
    switch (type.kind) {
      case 'func': {
        const params = type.params.map((param) => ({ name: param.label, type: this.value(scope, param.type) }));
        const result = type.result === undefined ? null : this.value(scope, type.result);
        return { kind: 'func-type', type: this.table.funcType({ async: type.async, params, result }) };
      }
      case 'instance-type':
      case 'component-type':
        return { kind: type.kind, declarations: type.declarations, scope };
      default:
        return { kind: 'type', type: this.#defined(scope, type) };
    }
  }

  /** A value type: an index or a primitive. */
  value(scope: Scope, type: ValTypeAst): TypeIndex {
    if (typeof type === 'string') return this.table.type({ kind: type });
    const entity = at(scope.types, type, 'type');
    if (entity.kind !== 'type') throw new InternalError(`type ${type} is a ${entity.kind}, not a value type`);
    return entity.type;
  }

  /** The resource that a type index names. */
  resource(scope: Scope, type: number): ResourceIndex {
    const entity = at(scope.types, type, 'type');
    if (entity.kind !== 'resource') throw new InternalError(`type ${type} is a ${entity.kind}, not a resource`);
    return entity.resource;
  }

  /** The function type that a type index names. */
  func(scope: Scope, type: number): FuncTypeIndex {
    const entity = at(scope.types, type, 'type');
    if (entity.kind !== 'func-type') throw new InternalError(`type ${type} is a ${entity.kind}, not a function type`);
    return entity.type;
  }

  #defined(scope: Scope, type: DefValTypeAst): TypeIndex {
    const value = (part: ValTypeAst): TypeIndex => this.value(scope, part);
    const optional = (part: ValTypeAst | undefined): TypeIndex | null => (part === undefined ? null : value(part));
    switch (type.kind) {
      case 'prim':
        return value(type.prim);
      case 'record': {
        const fields = type.fields.map((field) => ({ name: field.label, type: value(field.type) }));
        return this.table.type({ kind: 'record', fields });
      }
      case 'variant': {
        const cases = type.cases.map((item) => ({ name: item.label, type: optional(item.type) }));
        return this.table.type({ kind: 'variant', cases });
      }
      case 'list':
        return this.table.type({ kind: 'list', element: value(type.element), length: type.length ?? null });
      case 'tuple':
        return this.table.type({ kind: 'tuple', types: type.types.map(value) });
      case 'flags':
      case 'enum':
        return this.table.type({ kind: type.kind, names: type.labels });
      case 'option':
        return this.table.type({ kind: 'option', type: value(type.type) });
      case 'result':
        return this.table.type({ kind: 'result', ok: optional(type.ok), err: optional(type.err) });
      case 'own':
      case 'borrow':
        return this.table.type({ kind: type.kind, resource: this.resource(scope, type.resource) });
      case 'stream':
      case 'future':
        return this.table.type({ kind: type.kind, element: optional(type.element) });
      case 'map':
        return this.table.type({ kind: 'map', key: value(type.key), value: value(type.value) });
      default:
        return type satisfies never;
    }
  }

  // --- aliases -------------------------------------------------------------------------------------------------------

  /** What an alias of a component-level sort, or an outer alias of a core module, names. */
  alias(scope: Scope, alias: Alias): Entity {
    if (alias.kind === 'export') {
      const entry = at(scope.instances, alias.instance, 'instance').exports.get(alias.name);
      if (entry === undefined) throw new InternalError(`instance ${alias.instance} has no export "${alias.name}"`);
      return entry.entity;
    }
    if (alias.kind === 'outer') {
      const outer = scope.outer(alias.count);
      switch (alias.sort) {
        case 'type':
          return this.#adopt(at(outer.types, alias.index, 'type'), outer.table);
        case 'component':
          return at(outer.components, alias.index, 'component');
        case 'core module':
          return at(outer.modules, alias.index, 'core module');
      }
    }
    throw new InternalError(`unexpected ${alias.kind} alias of sort ${alias.sort}`);
  }

  /** A type of an enclosing component, which may have been translated on its own. Such types hold no resources. */
  #adopt(entity: TypeSpaceEntity, from: TypeTable): TypeSpaceEntity {
    if (from === this.table) return entity;
    if (entity.kind === 'type') return { kind: 'type', type: this.table.adoptType(entity.type, from) };
    if (entity.kind === 'func-type') return { kind: 'func-type', type: this.table.adoptFuncType(entity.type, from) };
    return entity;
  }

  // --- declared imports and exports ----------------------------------------------------------------------------------

  /** The entity for something that is only known by its declared type. `offset` is the declaration's. */
  declare(scope: Scope, type: ExternTypeAst, path: readonly string[], introduce: Introduce, offset: number): Entity {
    switch (type.kind) {
      case 'func':
        return introduce.func(path, this.func(scope, type.type));
      case 'type':
        if (type.bound.kind === 'eq') return at(scope.types, type.bound.type, 'type');
        return { kind: 'resource', resource: introduce.resource(path) };
      case 'core-module':
        return introduce.module(path, this.moduleType(scope, type.type));
      case 'instance': {
        const entity = at(scope.types, type.type, 'type');
        if (entity.kind !== 'instance-type') throw new InternalError(`type ${type.type} is no instance type`);
        const inner = new Scope(entity.scope, this.table);
        return { kind: 'instance', exports: this.declarations(inner, entity.declarations, path, introduce, null) };
      }
      case 'component': {
        const entity = at(scope.types, type.type, 'type');
        if (entity.kind !== 'component-type') throw new InternalError(`type ${type.type} is no component type`);
        return introduce.component(path, entity);
      }
      case 'value':
        throw new UnsupportedError(offset, 'values are not supported as imports or exports');
      default:
        return type satisfies never;
    }
  }

  /**
   * Runs the declarations of an instance or component type in `scope`, and returns the exports that they declare. `imports`
   * says what each import of a component type stands for.
   */
  declarations(
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
          scope.types.push(this.define(scope, declaration.type));
          break;
        case 'core-type':
          this.coreType(scope, declaration.type);
          break;
        case 'alias':
          if (declaration.alias.sort === 'core type')
            scope.coreTypes.push(this.coreTypeAlias(scope, declaration.alias));
          else scope.push(this.alias(scope, declaration.alias));
          break;
        case 'export': {
          const { name, type, offset } = declaration;
          const entity = this.declare(scope, type, [...path, name.name], introduce, offset);
          exports.set(name.name, { name, entity });
          scope.push(entity);
          break;
        }
        case 'import':
          if (imports === null) throw new InternalError('an instance type declares an import');
          scope.push(imports(declaration));
          break;
        default:
          declaration satisfies never;
      }
    }
    return exports;
  }

  // --- core types ----------------------------------------------------------------------------------------------------

  coreType(scope: Scope, definition: CoreDefType): void {
    switch (definition.kind) {
      case 'rec':
        for (const type of definition.types) scope.coreTypes.push({ kind: 'sub', type });
        break;
      case 'sub':
        scope.coreTypes.push({ kind: 'sub', type: definition.type });
        break;
      case 'module-type':
        scope.coreTypes.push({ kind: 'module-type', declarations: definition.declarations, scope });
        break;
      default:
        definition satisfies never;
    }
  }

  coreTypeAlias(scope: Scope, alias: Alias): CoreTypeEntity {
    if (alias.kind !== 'outer') throw new InternalError(`unexpected ${alias.kind} alias of a core type`);
    return at(scope.outer(alias.count).coreTypes, alias.index, 'core type');
  }

  /** The core module type that a core type index names. */
  moduleType(scope: Scope, index: number): CoreModuleType {
    const entity = at(scope.coreTypes, index, 'core type');
    if (entity.kind !== 'module-type') throw new InternalError(`core type ${index} is no module type`);
    const inner = new Scope(entity.scope, this.table);
    const imports: CoreModuleType['imports'][number][] = [];
    const exports: CoreModuleType['exports'][number][] = [];
    for (const declaration of entity.declarations) {
      switch (declaration.kind) {
        case 'type':
          this.coreType(inner, declaration.type);
          break;
        case 'alias':
          inner.coreTypes.push(at(inner.outer(declaration.count).coreTypes, declaration.index, 'core type'));
          break;
        case 'import':
          imports.push({
            module: declaration.module,
            name: declaration.name,
            type: coreExternType(inner, declaration.type),
          });
          break;
        case 'export':
          exports.push({ name: declaration.name, type: coreExternType(inner, declaration.type) });
          break;
        default:
          declaration satisfies never;
      }
    }
    return { imports, exports };
  }
}

/** `type` with its function type written out. */
function coreExternType(scope: Scope, type: CoreExternType): CoreExternType<CoreFuncType> {
  if (type.kind !== 'func' && type.kind !== 'tag') return type;
  const entity = at(scope.coreTypes, type.type, 'core type');
  if (entity.kind !== 'sub' || entity.type.comp.kind !== 'func') {
    throw new InternalError(`core type ${type.type} is no function type`);
  }
  return { kind: type.kind, type: entity.type.comp };
}
