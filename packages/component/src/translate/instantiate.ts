/**
 * Abstract instantiation. In: the root component as a closure. Out: what happens at run time, in order (`Effect`s), the
 * root's imports and exports as entities, and the component instances that came to be.
 *
 * A component is run as a program: each definition pushes an entity into an index space, each nested instantiation
 * runs the nested component with its own scope. Nothing is decided about what is needed; `linearize.ts` does that.
 * Rejected: a worklist of frames. With a limit on how deep instances make instances, recursion is as safe and easier to
 * follow.
 */
import type { Definition, ExternName } from '../binary/ast.ts';
import { type CoreModuleInfo, readCoreModule } from '../binary/core-module.ts';
import { UnsupportedError, ValidationError } from '../errors.ts';
import { type Intrinsic, intrinsicIndex, intrinsics } from '../intrinsics.ts';
import type {
  ComponentInstanceIndex,
  CoreInstanceIndex,
  CoreModuleType,
  FuncTypeIndex,
  IntrinsicIndex,
  PlanFuncType,
  PlanType,
  ResourceIndex,
  TypeIndex,
} from '../plan.ts';
import { put } from '../put.ts';
import { CanonDefinitions } from './canon-definitions.ts';
import type { ComponentValue } from './component-value.ts';
import { entityOf } from './component-value.ts';
import type {
  ComponentEntity,
  CoreExports,
  CoreInstanceEntity,
  CoreItem,
  Entity,
  ExportEntry,
  ExportMap,
  ImportedComponent,
  InstanceEntity,
  ModuleEntity,
} from './entities.ts';
import { found, Scope } from './entities.ts';
import type { Introduce } from './evaluate-types.ts';
import {
  abstract,
  coreExport,
  declarations,
  declare,
  defineAlias,
  defineCoreType,
  defineType,
  externSort,
} from './evaluate-types.ts';
import { restrict } from './restrict.ts';
import { type Resource, TypeTable } from './type-table.ts';

/** What happens at run time, in the order in which it must happen. */
export type Effect =
  | {
      readonly kind: 'instantiate';
      readonly instance: CoreInstanceIndex;
      readonly module: ModuleEntity;
      readonly args: readonly { readonly module: string; readonly name: string; readonly item: CoreItem }[];
      readonly componentInstance: ComponentInstanceIndex;
    }
  | { readonly kind: 'resource'; readonly resource: ResourceIndex; readonly dtor: CoreItem | null };

/** The core items that must exist before it. */
export function needs(effect: Effect): readonly CoreItem[] {
  if (effect.kind === 'instantiate') return effect.args.map((arg) => arg.item);
  return effect.dtor === null ? [] : [effect.dtor];
}

/** Component and core instances together. A component of a few hundred bytes can ask for more than there are atoms. */
const MAX_INSTANCES = 20_000;
/** How deep instances may be in instances. */
const MAX_DEPTH = 500;

export class Instantiation {
  readonly table = new TypeTable();
  readonly effects: Effect[] = [];
  readonly canons = new CanonDefinitions();
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
  /** By name; modules with thousands of exports are aliased export by export. */
  readonly #exportsByName = new Map<CoreModuleType['exports'], CoreExports>();
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
    return this.#component(component, null, null, ({ name, type, offset }, scope) => {
      if (name.name === intrinsics) return declare(scope, type, [], this.#intrinsics(name.name, offset), offset);
      const entity = declare(scope, type, [name.name], this.#import, offset);
      this.imports.set(name.name, { name, entity });
      return entity;
    });
  }

  /** Takes over what validation has read of the core modules in `bytes`. */
  addModules(bytes: Uint8Array, modules: ReadonlyMap<number, CoreModuleInfo> = new Map()): void {
    if (!this.#modules.has(bytes)) this.#modules.set(bytes, new Map(modules));
  }

  /** The imports, exports and tags of a module; known modules are read once. */
  module(module: ModuleEntity & { readonly origin: 'static' }): CoreModuleInfo {
    const { bytes, range } = module;
    const known = this.#modules.get(bytes) ?? put(this.#modules, bytes, new Map());
    return known.get(range.start) ?? put(known, range.start, readCoreModule(bytes, range));
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
    importOf: (definition: Import, scope: Scope) => Entity,
  ): ExportMap {
    const { ast, bytes } = component;
    const instance = (this.componentInstances.push({ parent, name: name ?? ast.names.component ?? null }) -
      1) as ComponentInstanceIndex;
    const frame: Frame = {
      instance,
      bytes,
      scope: new Scope(component.scope, this.table),
      exports: new Map(),
      instanceNames: ast.names.instances,
    };
    if (++this.#depth > MAX_DEPTH) {
      const text = `component instances are nested deeper than ${MAX_DEPTH} levels`;
      throw new UnsupportedError(ast.range.start, text);
    }
    for (const definition of ast.definitions) {
      if (this.componentInstances.length + this.coreInstances > MAX_INSTANCES) {
        throw new UnsupportedError(definition.offset, `the component makes more than ${MAX_INSTANCES} instances`);
      }
      if (definition.kind === 'import')
        frame.scope.push(externSort(definition.type), importOf(definition, frame.scope));
      else this.#definition(frame, definition);
    }
    this.#depth--;
    return frame.exports;
  }

  #definition(frame: Frame, definition: Exclude<Definition, Import>): void {
    const { scope, bytes } = frame;
    switch (definition.kind) {
      case 'core-module':
        scope.push('core module', { kind: 'module', origin: 'static', bytes, range: definition.range });
        break;
      case 'core-instance':
        scope.push('core instance', this.#coreInstance(frame, definition.expr));
        break;
      case 'core-type':
        defineCoreType(scope, definition.type);
        break;
      case 'component':
        scope.push('component', { kind: 'component', ast: definition.component, scope, bytes });
        break;
      case 'instance':
        scope.push('instance', this.#instance(frame, definition));
        break;
      case 'alias':
        defineAlias(scope, definition.alias);
        break;
      case 'type':
        if (definition.type.kind === 'resource') this.#resource(frame, definition.type, definition.offset);
        else scope.push('type', defineType(scope, definition.type));
        break;
      case 'canon':
        this.canons.define(scope, frame.instance, definition);
        break;
      case 'export': {
        const { name, item, type } = definition;
        const defined = scope.at(item.sort, item.index) as Entity;
        const entity = type === undefined ? defined : restrict(scope, type, defined);
        this.#export(frame.exports, name, entity);
        scope.push(item.sort, entity);
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

  /** Adds an export, and remembers the first name that a function or resource was exported under. */
  #export(exports: Map<string, ExportEntry>, extern: ExternName, entity: Entity): void {
    const { name } = extern;
    exports.set(name, { name: extern, entity });
    if (entity.kind === 'lifted-func') entity.name ??= name;
    else if (entity.kind === 'resource') (this.table.resources[entity.resource] as Resource).name ??= name;
    else if (entity.kind === 'instance' && name.includes(':')) {
      for (const [member, { entity: inner }] of entity.exports) {
        if (inner.kind === 'lifted-func' && inner.name === member) inner.name = `${name}#${member}`;
      }
    }
  }

  #instance({ scope, instance, instanceNames }: Frame, { expr }: Definition & { kind: 'instance' }): InstanceEntity {
    if (expr.kind === 'exports') {
      const exports = new Map<string, ExportEntry>();
      for (const { name, item } of expr.exports) this.#export(exports, name, scope.at(item.sort, item.index) as Entity);
      return { kind: 'instance', exports };
    }
    const args = new Map<string, Entity>();
    for (const { name, item } of expr.args) args.set(name, scope.at(item.sort, item.index) as Entity);
    const argument = ({ name, type }: Import, inner: Scope): Entity =>
      restrict(inner, type, found(args.get(name.name), 'argument', name.name));
    const component = this.#linked(scope.at('component', expr.component));
    if (component.kind === 'component') {
      const name = instanceNames.get(scope.count('instance')) ?? null;
      return { kind: 'instance', exports: this.#component(component, instance, name, argument) };
    }
    // Only its type is known.
    const { type } = component;
    const inner = new Scope(type.scope, this.table);
    const exports = declarations(inner, type.declarations, [], abstract, (item) => argument(item, inner));
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
    const { bytes, modules } = value;
    const entity = entityOf(value);
    this.addModules(bytes, modules);
    this.#linkedComponents.set(name, entity);
    const index = this.linked.push(name);
    if (!this.#sources.has(bytes)) this.#sources.set(bytes, index);
    return entity;
  }

  #resource(frame: Frame, type: { readonly rep: unknown; readonly dtor?: number }, offset: number): void {
    if (type.rep !== 'i32')
      throw new UnsupportedError(offset, 'resources with a 64-bit representation are not supported');
    const dtor = type.dtor === undefined ? null : frame.scope.at('core func', type.dtor);
    const resource = this.table.resource({ kind: 'defined', name: null, instance: frame.instance, dtor });
    this.effects.push({ kind: 'resource', resource, dtor });
    frame.scope.push('type', { kind: 'resource', resource });
  }

  // --- core instances ------------------------------------------------------------------------------------------------

  #coreInstance(
    { scope, instance: componentInstance }: Frame,
    expr: (Definition & { kind: 'core-instance' })['expr'],
  ): CoreInstanceEntity {
    const items = new Map<string, CoreItem>();
    if (expr.kind === 'exports') {
      for (const { name, item } of expr.exports) {
        items.set(name, scope.at(`core ${item.sort}`, item.index) as CoreItem);
      }
      return { index: null, items, exports: new Map() };
    }
    const module = scope.at('core module', expr.module);
    const type = module.origin === 'static' ? this.module(module) : module.type;
    let exports = this.#exportsByName.get(type.exports);
    if (exports === undefined) {
      const byName = new Map<string, CoreModuleType['exports'][number]['type']>();
      for (const entry of type.exports) byName.set(entry.name, entry.type);
      exports = put(this.#exportsByName, type.exports, byName);
    }
    if (module.origin === 'abstract') return { index: null, items, exports };
    const instances = new Map<string, CoreInstanceEntity>();
    for (const arg of expr.args) instances.set(arg.name, scope.at('core instance', arg.instance));
    const args: { module: string; name: string; item: CoreItem }[] = [];
    for (const { module, name } of type.imports) {
      args.push({ module, name, item: coreExport(found(instances.get(module), 'core argument', module), name) });
    }
    const index = this.coreInstances++ as CoreInstanceIndex;
    this.effects.push({ kind: 'instantiate', instance: index, module, args, componentInstance });
    return { index, items, exports };
  }

  // --- what declared leaves stand for --------------------------------------------------------------------------------

  /** An import of the root. */
  readonly #import: Introduce = (leaf, path) => {
    switch (leaf.kind) {
      case 'abstract-func':
        return { kind: 'imported-func', path, type: leaf.type };
      case 'resource':
        this.table.resources[leaf.resource] = { kind: 'imported', name: path.at(-1) ?? null, path };
        return leaf;
      case 'module':
        return this.#introduce({ kind: 'module', origin: 'import', path, type: leaf.type });
      case 'imported-component':
        return this.#introduce({ ...leaf, path });
      default:
        return leaf satisfies never;
    }
  };

  #introduce<T extends ModuleEntity | ImportedComponent>(item: T): T {
    this.#introduced.add(item);
    return item;
  }

  /** The functions of the import `instance`, which stands at `offset`. */
  #intrinsics(instance: string, offset: number): Introduce {
    return (leaf, path) => {
      const refuse = (problem: string): never => {
        throw new ValidationError(offset, `import "${instance}" / "${path.join('" / "')}": ${problem}`);
      };
      if (leaf.kind !== 'abstract-func') return refuse('intrinsics are functions');
      const intrinsic = path.length === 1 ? intrinsicIndex(path[0] as string) : undefined;
      if (intrinsic === undefined) return refuse('there is no such intrinsic');
      if (!this.#isIntrinsic(leaf.type, intrinsic)) return refuse('the intrinsic has another type');
      return { kind: 'intrinsic-func', intrinsic, type: leaf.type };
    };
  }

  #isIntrinsic(index: FuncTypeIndex, intrinsic: IntrinsicIndex): boolean {
    const type = this.table.funcTypes[index] as PlanFuncType;
    const wanted = intrinsics[intrinsic] as Intrinsic;
    const kind = (part: TypeIndex | null): string | null =>
      part === null ? null : (this.table.types[part] as PlanType).kind;
    const kinds = [...type.params.map((param) => kind(param.type)), kind(type.result)];
    return !type.async && kinds.join() === [...wanted.params, wanted.result].join();
  }
}

type Import = Definition & { readonly kind: 'import' };

/** One component instance in the making. */
interface Frame {
  readonly instance: ComponentInstanceIndex;
  readonly bytes: Uint8Array;
  readonly scope: Scope;
  readonly exports: Map<string, ExportEntry>;
  /** From the names section, by index. */
  readonly instanceNames: ReadonlyMap<number, string>;
}

/** How an imported component is named in `ComponentPlan.linked`, `.unlinked` and `TranslateOptions.components`. */
export function importName(path: readonly string[]): string {
  return path.join(' ');
}
