/**
 * A scope: a component, component type or instance type under validation, with its index spaces
 * (Explainer.md#index-spaces). In: definitions, pushed in order. Out: the definition at an index, or a `ValidationError`
 * that says how many there are.
 */

import type { CoreModuleInfo } from '../binary/core-module.ts';
import { article, fail } from '../fail.ts';
import type { Features } from '../features.ts';
import { UniqueNames } from '../names/uniqueness.ts';
import type { CoreItem, CoreModuleType, CoreTypeEntry, CoreTypeScope } from './core-types.ts';
import { MAX_SCOPE_DEPTH } from './limits.ts';
import type { TypeStore } from './type-store.ts';
import type {
  AnyType,
  Binder,
  ComponentType,
  Extern,
  FuncType,
  InstanceType,
  ResourceType,
  ValueType,
} from './types.ts';
import { VisibleTypes } from './visibility.ts';

/** What all scopes of one validation share. */
export interface ValidationContext {
  readonly bytes: Uint8Array;
  readonly features: Features;
  readonly store: TypeStore;
  /** The rules for values (values.ts); undefined when their gate is closed. */
  readonly values: ValueRules | undefined;
  /** What was read of the embedded core modules, by the offset where each starts. */
  readonly modules: Map<number, CoreModuleInfo>;
}

export type ValueRules = Pick<typeof import('./values.ts'), 'defineStart' | 'defineValue'>;

export type ScopeKind = 'component' | 'component type' | 'instance type';

/** A value has to be used exactly once. */
export interface ValueSlot {
  readonly type: ValueType;
  used: boolean;
}

/** A core instance: its exports by name. */
export type CoreInstance = ReadonlyMap<string, CoreItem>;

/** Names of one direction of one scope: for uniqueness, and for annotated names the resources by name. */
export class NameContext {
  readonly unique = new UniqueNames();
  readonly resources = new Map<ResourceType, string>();
  readonly labels = new Set<string>();
}

export class Scope implements CoreTypeScope {
  readonly kind: ScopeKind;
  readonly parent: Scope | null;
  readonly context: ValidationContext;
  /** Resources that are made in this scope belong to it. */
  readonly binder: Binder;
  /** Number of enclosing scopes. */
  readonly depth: number;

  readonly coreFuncs: CoreItem[] = [];
  readonly coreTables: CoreItem[] = [];
  readonly coreMemories: CoreItem[] = [];
  readonly coreGlobals: CoreItem[] = [];
  readonly coreTags: CoreItem[] = [];
  readonly coreTypes: CoreTypeEntry[] = [];
  readonly coreModules: CoreModuleType[] = [];
  readonly coreInstances: CoreInstance[] = [];
  readonly funcs: FuncType[] = [];
  readonly values: ValueSlot[] = [];
  readonly types: AnyType[] = [];
  readonly components: ComponentType[] = [];
  readonly instances: InstanceType[] = [];

  readonly imports = new Map<string, Extern>();
  readonly exports = new Map<string, Extern>();
  readonly importNames = new NameContext();
  readonly exportNames = new NameContext();
  readonly importVisible: VisibleTypes;
  readonly exportVisible: VisibleTypes;
  /** The type of the `context.get` and `context.set` built-ins, once there is one. */
  contextType: string | null = null;

  constructor(kind: ScopeKind, parent: Scope | null, context: ValidationContext) {
    this.kind = kind;
    this.parent = parent;
    this.context = context;
    this.binder = context.store.newBinder();
    this.depth = parent === null ? 0 : parent.depth + 1;
    if (this.depth > MAX_SCOPE_DEPTH) fail(context.store.offset, 'scope-depth', { limit: MAX_SCOPE_DEPTH });
    this.importVisible = new VisibleTypes(context.store, null, this.binder);
    this.exportVisible = new VisibleTypes(context.store);
  }

  get store(): TypeStore {
    return this.context.store;
  }

  get features(): Features {
    return this.context.features;
  }

  get where(): string {
    return `this ${this.kind}`;
  }

  /** The scope `count` levels out. */
  outer(count: number, offset: number): Scope {
    let scope: Scope = this;
    for (let left = count; left > 0; left--) {
      if (scope.parent === null) return fail(offset, 'outer-count', { count, depth: this.depth });
      scope = scope.parent;
    }
    return scope;
  }

  #at<T>(space: readonly T[], noun: string, index: number, offset: number): T {
    const item = space[index];
    if (item !== undefined) return item;
    const spaceNoun = noun.replace('core ', '');
    return fail(offset, 'unknown-index', { noun, space: spaceNoun, index, where: this.where, count: space.length });
  }

  coreFunc(index: number, offset: number): CoreItem {
    return this.#at(this.coreFuncs, 'core function', index, offset);
  }
  coreMemory(index: number, offset: number): CoreItem {
    return this.#at(this.coreMemories, 'memory', index, offset);
  }
  coreTable(index: number, offset: number): CoreItem {
    return this.#at(this.coreTables, 'table', index, offset);
  }
  coreGlobal(index: number, offset: number): CoreItem {
    return this.#at(this.coreGlobals, 'global', index, offset);
  }
  coreTag(index: number, offset: number): CoreItem {
    return this.#at(this.coreTags, 'tag', index, offset);
  }
  coreType(index: number, offset: number): CoreTypeEntry {
    return this.#at(this.coreTypes, 'core type', index, offset);
  }
  coreModule(index: number, offset: number): CoreModuleType {
    return this.#at(this.coreModules, 'module', index, offset);
  }
  coreInstance(index: number, offset: number): CoreInstance {
    return this.#at(this.coreInstances, 'core instance', index, offset);
  }
  func(index: number, offset: number): FuncType {
    return this.#at(this.funcs, 'function', index, offset);
  }
  value(index: number, offset: number): ValueSlot {
    return this.#at(this.values, 'value', index, offset);
  }
  type(index: number, offset: number): AnyType {
    return this.#at(this.types, 'type', index, offset);
  }
  component(index: number, offset: number): ComponentType {
    return this.#at(this.components, 'component', index, offset);
  }
  instance(index: number, offset: number): InstanceType {
    return this.#at(this.instances, 'instance', index, offset);
  }

  /** The type at `index`, which must be of `kind`. */
  typeOfKind<K extends 'func' | 'instance' | 'component' | 'resource'>(
    kind: K,
    index: number,
    offset: number,
  ): Extract<AnyType, { kind: K }> {
    const type = this.type(index, offset);
    if (type.kind === kind) return type as Extract<AnyType, { kind: K }>;
    const noun = kind === 'func' ? 'function' : kind;
    return fail(offset, 'not-a-type', { index, what: `${article(noun)} type` });
  }

  /** Uses the value at `index`. Throws `ValidationError` when it has been used. */
  useValue(index: number, offset: number): ValueType {
    const slot = this.value(index, offset);
    if (slot.used) fail(offset, 'value-used', { index });
    slot.used = true;
    return slot.type;
  }

  /** Adds what an import, export or alias introduces to its index space. A value that an export introduces is used by that. */
  push(extern: Extern, used = false): void {
    switch (extern.kind) {
      case 'func':
        this.funcs.push(extern.type);
        break;
      case 'instance':
        this.instances.push(extern.type);
        break;
      case 'component':
        this.components.push(extern.type);
        break;
      case 'core module':
        this.coreModules.push(extern.type);
        break;
      case 'type':
        this.types.push(extern.type);
        break;
      case 'value':
        this.values.push({ type: extern.type, used });
        break;
    }
  }
}
