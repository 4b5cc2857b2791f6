/**
 * Abstract instantiation. In: the root component as a closure. Out: what happens at run time, in order (`Effect`s), the
 * root's imports and exports as entities, and the component instances that came to be.
 *
 * A component is run as a program: each definition pushes an entity into an index space, each nested instantiation
 * runs the nested component with its own scope. Nothing is decided about what is needed; `linearize.ts` does that.
 * Rejected: a worklist of frames. With a limit on how deep instances make instances, recursion is as safe and easier to
 * follow.
 */
import type { CoreSort, Definition, SortIdx } from '../binary/ast.ts';
import { type CoreModuleInfo, readCoreModule } from '../binary/core-module.ts';
import { InternalError, UnsupportedError, ValidationError } from '../errors.ts';
import { intrinsicIndex, intrinsics } from '../intrinsics.ts';
import type {
  ComponentInstanceIndex,
  CoreInstanceIndex,
  CoreModuleType,
  FuncTypeIndex,
  IntrinsicIndex,
  ResourceIndex,
  TypeIndex,
} from '../plan.ts';
import { CanonDefinitions } from './canon-definitions.ts';
import type { ComponentValue } from './component-value.ts';
import type {
  AbstractFunc,
  ComponentEntity,
  CoreInstanceEntity,
  CoreItem,
  Entity,
  ExportEntry,
  ExportMap,
  ImportedComponent,
  ImportedFunc,
  InstanceEntity,
  IntrinsicFunc,
  ModuleEntity,
} from './entities.ts';
import { at, Scope } from './entities.ts';
import type { Introduce } from './evaluate-types.ts';
import { TypeEvaluator } from './evaluate-types.ts';
import { restrict } from './restrict.ts';
import { TypeTable } from './type-table.ts';

/** What happens at run time, in the order in which it must happen. */
export type Effect =
  | {
      readonly kind: 'instantiate';
      readonly instance: CoreInstanceIndex;
      readonly module: ModuleEntity;
      readonly args: readonly { readonly module: string; readonly name: string; readonly item: CoreItem }[];
      readonly componentInstance: ComponentInstanceIndex;
    }
  | { readonly kind: 'resource'; readonly resource: ResourceIndex };

/** Component and core instances together. A component of a few hundred bytes can ask for more than there are atoms. */
const MAX_INSTANCES = 20_000;
/** How deep instances may be in instances. */
const MAX_DEPTH = 500;

export class Instantiation {
  readonly table = new TypeTable();
  readonly types = new TypeEvaluator(this.table);
  readonly effects: Effect[] = [];
  readonly #canons = new CanonDefinitions(this.types, this.table);
  readonly componentInstances: { parent: ComponentInstanceIndex | null; name: string | null }[] = [];
  /** The root's imports by name, in order. */
  readonly imports = new Map<string, ExportEntry>();
  /** Names of imported components that were given, by source index - 1; and of those that are missing. */
  readonly linked: string[] = [];
  readonly unlinked: string[] = [];
  coreInstances = 0;
  /** Where the root starts, in bytes. */
  offset = 0;

  readonly #given: ReadonlyMap<string, ComponentValue>;
  readonly #linkedComponents = new Map<string, ComponentEntity>();
  readonly #sources = new Map<Uint8Array, number>();
  readonly #modules = new Map<Uint8Array, Map<number, CoreModuleInfo>>();
  /** The core modules and components that the root imports. */
  readonly #introduced = new WeakSet<ModuleEntity | ImportedComponent>();
  readonly #exportsByName = new Map<
    CoreModuleType['exports'],
    ReadonlyMap<string, CoreModuleType['exports'][number]['type']>
  >();
  /** Of the component instance in the making. */
  #depth = 0;

  constructor(given: ReadonlyMap<string, ComponentValue>) {
    this.#given = given;
  }

  /**
   * Instantiates the root: its imports stand for what the embedder supplies, but for the import named `intrinsics`.
   * Throws `ValidationError` when that has functions that are no intrinsics.
   */
  root(component: ComponentEntity, intrinsics?: string): ExportMap {
    this.offset = component.ast.range.start;
    this.#sources.set(component.bytes, 0);
    const declare = (definition: Definition & { readonly kind: 'import' }, scope: Scope): Entity => {
      const { name, type, offset } = definition;
      if (name.name === intrinsics)
        return this.types.declare(scope, type, [], this.#intrinsics(name.name, offset), offset);
      const entity = this.types.declare(scope, type, [name.name], this.#rootImports, offset);
      this.imports.set(name.name, { name, entity });
      return entity;
    };
    return this.#component(component, null, null, declare);
  }

  /** Takes over what validation has read of the core modules in `bytes`. */
  addModules(bytes: Uint8Array, modules: ReadonlyMap<number, CoreModuleInfo> = new Map()): void {
    if (!this.#modules.has(bytes)) this.#modules.set(bytes, new Map(modules));
  }

  /** The imports, exports and tags of a module; known modules are read once. */
  module(module: ModuleEntity & { readonly origin: 'static' }): CoreModuleInfo {
    let known = this.#modules.get(module.bytes);
    if (known === undefined) this.#modules.set(module.bytes, (known = new Map()));
    let info = known.get(module.range.start);
    if (info === undefined) known.set(module.range.start, (info = readCoreModule(module.bytes, module.range)));
    return info;
  }

  /** The index of a binary, as in `PlanModule.source`. */
  source(bytes: Uint8Array): number {
    return this.#sources.get(bytes) ?? this.#foreign('something of another component binary');
  }

  /** Exported on its own, a component no longer knows what its surroundings have imported. */
  #foreign(what: string): never {
    throw new UnsupportedError(this.offset, `a component that closes over ${what} is not supported`);
  }

  /** Checks that an imported item is an import of this root. */
  checkImport(item: ModuleEntity | ImportedComponent): void {
    if (!this.#introduced.has(item)) this.#foreign('an imported core module or component');
  }

  // --- component instances -------------------------------------------------------------------------------------------

  #component(
    component: ComponentEntity,
    parent: ComponentInstanceIndex | null,
    name: string | null,
    importOf: (definition: Definition & { readonly kind: 'import' }, scope: Scope) => Entity,
  ): ExportMap {
    const { ast, bytes } = component;
    const instance = (this.componentInstances.push({ parent, name: name ?? ast.names.component ?? null }) -
      1) as ComponentInstanceIndex;
    const frame: Frame = {
      instance,
      bytes,
      scope: new Scope(component.scope, this.table),
      exports: new Map(),
      instanceNames: ast.names.sorts.get('instance') ?? null,
    };
    if (++this.#depth > MAX_DEPTH) {
      const text = `component instances are nested deeper than ${MAX_DEPTH} levels`;
      throw new UnsupportedError(ast.range.start, text);
    }
    for (const definition of ast.definitions) {
      this.#checkSize(definition.offset);
      if (definition.kind === 'import') frame.scope.push(importOf(definition, frame.scope));
      else this.#definition(frame, definition);
    }
    this.#depth--;
    return frame.exports;
  }

  #checkSize(offset: number): void {
    if (this.componentInstances.length + this.coreInstances > MAX_INSTANCES) {
      throw new UnsupportedError(offset, `the component makes more than ${MAX_INSTANCES} instances`);
    }
  }

  #definition(frame: Frame, definition: Exclude<Definition, { readonly kind: 'import' }>): void {
    const { scope, bytes } = frame;
    switch (definition.kind) {
      case 'core-module':
        scope.modules.push({ kind: 'module', origin: 'static', bytes, range: definition.range });
        break;
      case 'core-instance':
        scope.coreInstances.push(this.#coreInstance(frame, definition.expr));
        break;
      case 'core-type':
        this.types.coreType(scope, definition.type);
        break;
      case 'component':
        scope.components.push({ kind: 'component', ast: definition.component, scope, bytes });
        break;
      case 'instance':
        scope.instances.push(this.#instance(frame, definition));
        break;
      case 'alias':
        this.#alias(scope, definition.alias);
        break;
      case 'type':
        if (definition.type.kind === 'resource') this.#resource(frame, definition.type, definition.offset);
        else scope.types.push(this.types.define(scope, definition.type));
        break;
      case 'canon':
        this.#canons.define(scope, frame.instance, definition);
        break;
      case 'export': {
        const { name, item, type } = definition;
        const defined = this.#item(scope, item, definition.offset);
        const entity =
          type === undefined ? defined : restrict(this.types, scope, type, defined, this.abstract, definition.offset);
        nameEntity(this.table, entity, name.name);
        frame.exports.set(name.name, { name, entity });
        scope.push(entity);
        break;
      }
      case 'start':
        throw new UnsupportedError(definition.offset, 'a component with a start function is not supported');
      case 'value':
        throw new UnsupportedError(definition.offset, 'value definitions are not supported');
      case 'custom':
        break;
      default:
        definition satisfies never;
    }
  }

  #instance(frame: Frame, definition: Definition & { readonly kind: 'instance' }): InstanceEntity {
    const { scope } = frame;
    const { expr } = definition;
    if (expr.kind === 'exports') {
      const exports = new Map<string, ExportEntry>();
      for (const { name, item, offset } of expr.exports) {
        const entity = this.#item(scope, item, offset);
        nameEntity(this.table, entity, name.name);
        exports.set(name.name, { name, entity });
      }
      return { kind: 'instance', exports };
    }
    const args = new Map<string, Entity>();
    for (const arg of expr.args) args.set(arg.name, this.#item(scope, arg.item, arg.offset));
    const argument = (name: string): Entity => {
      const entity = args.get(name);
      if (entity === undefined) throw new InternalError(`the instantiation argument "${name}" is missing`);
      return entity;
    };
    const component = this.#linked(at(scope.components, expr.component, 'component'));
    if (component.kind === 'imported-component') return this.#unlinkedInstance(component, argument);
    const name = frame.instanceNames?.get(scope.instances.length) ?? null;
    const exports = this.#component(component, frame.instance, name, (declared, inner) =>
      restrict(this.types, inner, declared.type, argument(declared.name.name), this.abstract, declared.offset),
    );
    return { kind: 'instance', exports };
  }

  /** The given component in place of an imported one, when there is one. */
  #linked(component: ComponentEntity | ImportedComponent): ComponentEntity | ImportedComponent {
    if (component.kind === 'component' || component.path === null) return component;
    this.checkImport(component);
    const name = importName(component.path);
    const known = this.#linkedComponents.get(name);
    if (known !== undefined) return known;
    const value = this.#given.get(name);
    if (value === undefined) {
      if (!this.unlinked.includes(name)) this.unlinked.push(name);
      return component;
    }
    const { bytes, ast, scope, modules } = value;
    const entity: ComponentEntity = { kind: 'component', bytes, ast, scope };
    this.addModules(bytes, modules);
    this.#linkedComponents.set(name, entity);
    const index = this.linked.push(name);
    if (!this.#sources.has(value.bytes)) this.#sources.set(value.bytes, index);
    return entity;
  }

  /** The exports of an instance of a component that only its type is known of. */
  #unlinkedInstance(component: ImportedComponent, argument: (name: string) => Entity): InstanceEntity {
    const { declarations, scope } = component.type;
    const inner = new Scope(scope, this.table);
    const exports = this.types.declarations(inner, declarations, [], this.abstract, (declaration) =>
      restrict(this.types, inner, declaration.type, argument(declaration.name.name), this.abstract, declaration.offset),
    );
    return { kind: 'instance', exports };
  }

  #item(scope: Scope, { sort, index }: SortIdx, offset: number): Entity {
    switch (sort) {
      case 'func':
        return at(scope.funcs, index, sort);
      case 'instance':
        return at(scope.instances, index, sort);
      case 'component':
        return at(scope.components, index, sort);
      case 'type':
        return at(scope.types, index, sort);
      case 'core module':
        return at(scope.modules, index, sort);
      case 'value':
        throw new UnsupportedError(offset, 'values are not supported as imports or exports');
      default:
        throw new InternalError(`a ${sort} stands where only component-level items can`);
    }
  }

  #resource(frame: Frame, type: { readonly rep: unknown; readonly dtor?: number }, offset: number): void {
    if (type.rep !== 'i32')
      throw new UnsupportedError(offset, 'resources with a 64-bit representation are not supported');
    const dtor = type.dtor === undefined ? null : at(frame.scope.coreFuncs, type.dtor, 'core func');
    const resource = this.table.resource({ kind: 'defined', name: null, instance: frame.instance, dtor });
    this.effects.push({ kind: 'resource', resource });
    frame.scope.types.push({ kind: 'resource', resource });
  }

  // --- core instances and aliases ------------------------------------------------------------------------------------

  #coreInstance(frame: Frame, expr: (Definition & { readonly kind: 'core-instance' })['expr']): CoreInstanceEntity {
    const { scope } = frame;
    if (expr.kind === 'exports') {
      const items = new Map<string, CoreItem>();
      for (const { name, item } of expr.exports) {
        items.set(name, at(scope.coreItems(item.sort), item.index, `core ${item.sort}`));
      }
      return { kind: 'exports', items };
    }
    const module = at(scope.modules, expr.module, 'core module');
    const type: Pick<CoreModuleType, 'imports' | 'exports'> =
      module.origin === 'static' ? this.module(module) : module.type;
    const instances = new Map<string, CoreInstanceEntity>();
    for (const arg of expr.args) instances.set(arg.name, at(scope.coreInstances, arg.instance, 'core instance'));
    const args = type.imports.map((entry) => {
      const instance = instances.get(entry.module);
      if (instance === undefined)
        throw new InternalError(`the core instantiation argument "${entry.module}" is missing`);
      return { module: entry.module, name: entry.name, item: this.#coreExport(instance, entry.type.kind, entry.name) };
    });
    if (module.origin === 'abstract') return { kind: 'abstract', exports: type.exports };
    const instance = this.coreInstances++ as CoreInstanceIndex;
    this.effects.push({ kind: 'instantiate', instance, module, args, componentInstance: frame.instance });
    return { kind: 'instantiated', index: instance, exports: type.exports };
  }

  #coreExport(
    instance: CoreInstanceEntity,
    sort: Exclude<CoreSort, 'type' | 'module' | 'instance'>,
    name: string,
  ): CoreItem {
    if (instance.kind === 'exports') {
      const item = instance.items.get(name);
      if (item === undefined) throw new InternalError(`a core instance has no export "${name}"`);
      return item;
    }
    const type = this.#exportTypes(instance.exports).get(name);
    if (type === undefined) throw new InternalError(`a core instance has no export "${name}"`);
    const address = type.kind === 'memory' || type.kind === 'table' ? type.limits.address : 'i32';
    if (instance.kind === 'abstract') return { kind: 'abstract', address };
    const key = `export ${instance.index} ${sort} ${name}`;
    return this.#canons.intern(key, () => ({ kind: 'export', instance: instance.index, name, sort, address }));
  }

  /** By name; modules with thousands of exports are aliased export by export. */
  #exportTypes(exports: CoreModuleType['exports']): ReadonlyMap<string, CoreModuleType['exports'][number]['type']> {
    let types = this.#exportsByName.get(exports);
    if (types === undefined) {
      types = new Map(exports.map((entry) => [entry.name, entry.type]));
      this.#exportsByName.set(exports, types);
    }
    return types;
  }

  #alias(scope: Scope, alias: (Definition & { readonly kind: 'alias' })['alias']): void {
    if (alias.kind === 'core-export') {
      const sort = alias.sort.replace(/^core /, '') as CoreSort;
      if (sort === 'type' || sort === 'module' || sort === 'instance') {
        throw new InternalError(`unexpected core alias of sort ${alias.sort}`);
      }
      const instance = at(scope.coreInstances, alias.instance, 'core instance');
      scope.coreItems(sort).push(this.#coreExport(instance, sort, alias.name));
    } else if (alias.sort === 'core type') {
      scope.coreTypes.push(this.types.coreTypeAlias(scope, alias));
    } else {
      scope.push(this.types.alias(scope, alias));
    }
  }

  // --- what declared leaves stand for --------------------------------------------------------------------------------

  readonly #rootImports: Introduce = {
    func: (path, type): ImportedFunc => ({ kind: 'imported-func', path, type }),
    resource: (path) => this.table.resource({ kind: 'imported', name: path.at(-1) ?? null, path }),
    module: (path, type) => this.#introduce<ModuleEntity>({ kind: 'module', origin: 'import', path, type }),
    component: (path, type) => this.#introduce<ImportedComponent>({ kind: 'imported-component', path, type }),
  };

  /** The functions of the import `instance`, which stands at `offset`. */
  #intrinsics(instance: string, offset: number): Introduce {
    const refuse = (path: readonly string[], problem: string): never => {
      throw new ValidationError(offset, `import "${instance}" / "${path.join('" / "')}": ${problem}`);
    };
    return {
      func: (path, type): IntrinsicFunc => {
        const intrinsic = path.length === 1 ? intrinsicIndex(path[0] as string) : undefined;
        if (intrinsic === undefined) return refuse(path, 'there is no such intrinsic');
        if (!this.#isIntrinsic(type, intrinsic)) return refuse(path, 'the intrinsic has another type');
        return { kind: 'intrinsic-func', intrinsic, type };
      },
      resource: (path) => refuse(path, 'intrinsics are functions'),
      module: (path) => refuse(path, 'intrinsics are functions'),
      component: (path) => refuse(path, 'intrinsics are functions'),
    };
  }

  #isIntrinsic(index: FuncTypeIndex, intrinsic: IntrinsicIndex): boolean {
    const type = at(this.table.funcTypes, index, 'function type');
    const { params, result } = at(intrinsics, intrinsic, 'intrinsic');
    const kind = (part: TypeIndex): string => at(this.table.types, part, 'type').kind;
    return (
      !type.async &&
      type.params.length === params.length &&
      type.params.every((param, i) => kind(param.type) === params[i]) &&
      (type.result === null ? null : kind(type.result)) === result
    );
  }

  #introduce<T extends ModuleEntity | ImportedComponent>(item: T): T {
    this.#introduced.add(item);
    return item;
  }

  /** For types of components, and instances of unlinked ones. */
  readonly abstract: Introduce = {
    func: (_path, type): AbstractFunc => ({ kind: 'abstract-func', type }),
    resource: (path) => this.table.resource({ kind: 'abstract', name: path.at(-1) ?? null }),
    module: (_path, type): ModuleEntity => ({ kind: 'module', origin: 'abstract', type }),
    component: (_path, type): ImportedComponent => ({ kind: 'imported-component', path: null, type }),
  };
}

/** One component instance in the making. */
interface Frame {
  readonly instance: ComponentInstanceIndex;
  readonly bytes: Uint8Array;
  readonly scope: Scope;
  readonly exports: Map<string, ExportEntry>;
  /** From the names section, by index. */
  readonly instanceNames: ReadonlyMap<number, string> | null;
}

/** How an imported component is named in `ComponentPlan.linked`, `.unlinked` and `TranslateOptions.components`. */
export function importName(path: readonly string[]): string {
  return path.join(' ');
}

/** Remembers the first name that a function or resource was exported under. */
function nameEntity(table: TypeTable, entity: Entity, name: string): void {
  if (entity.kind === 'lifted-func') entity.name ??= name;
  else if (entity.kind === 'resource') (table.resources[entity.resource] ?? entityMissing()).name ??= name;
  else if (entity.kind === 'instance' && name.includes(':')) {
    for (const [member, { entity: inner }] of entity.exports) {
      if (inner.kind === 'lifted-func' && inner.name === member) inner.name = `${name}#${member}`;
    }
  }
}

function entityMissing(): never {
  throw new InternalError('a resource entity has no resource');
}
