/**
 * A scope: a component, component type, instance type or core module type under validation, with its index spaces
 * (Explainer.md#index-spaces). In: definitions, pushed in order. Out: the definition at an index, or a `ValidationError`
 * that says how many there are.
 */

import type { Sort } from '../binary/ast.ts';
import type { CoreModuleInfo } from '../binary/core-module.ts';
import { fail } from '../fail.ts';
import type { Features } from '../features.ts';
import { UniqueNames } from '../names/uniqueness.ts';
import type { CoreItem, CoreItemOf, CoreModuleType, CoreTypeEntry } from './core-types.ts';
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

export type ScopeKind = 'component' | 'component type' | 'instance type' | 'module type';

/** A value has to be used exactly once. */
export interface ValueSlot {
  readonly type: ValueType;
  used: boolean;
}

/** A core instance: its exports by name. */
export type CoreInstance = ReadonlyMap<string, CoreItem>;

/** What the index spaces hold. */
interface Spaces {
  'core func': CoreItemOf<'func'>;
  'core table': CoreItemOf<'table'>;
  'core memory': CoreItemOf<'memory'>;
  'core global': CoreItemOf<'global'>;
  'core tag': CoreItemOf<'tag'>;
  'core type': CoreTypeEntry;
  'core module': CoreModuleType;
  'core instance': CoreInstance;
  func: FuncType;
  value: ValueSlot;
  type: AnyType;
  component: ComponentType;
  instance: InstanceType;
}

type TypeOfKind<K> = K extends ValueType['kind'] ? ValueType : Extract<AnyType, { readonly kind: K }>;

/** Names of one direction of one scope: for uniqueness, and for annotated names the resources by name. */
export class NameContext {
  readonly unique = new UniqueNames();
  readonly resources = new Map<ResourceType, string>();
  readonly labels = new Set<string>();
}

export class Scope {
  readonly kind: ScopeKind;
  readonly parent: Scope | null;
  readonly context: ValidationContext;
  readonly store: TypeStore;
  /** Resources that are made in this scope belong to it. */
  readonly binder: Binder;
  /** Number of enclosing scopes. */
  readonly depth: number;
  readonly #spaces = new Map<Sort, unknown[]>();

  readonly imports = new Map<string, Extern>();
  readonly exports = new Map<string, Extern>();
  readonly importNames = new NameContext();
  readonly exportNames = new NameContext();
  readonly importVisible: VisibleTypes;
  readonly exportVisible: VisibleTypes;
  /** The type of the `context.get` and `context.set` built-ins, once there is one. */
  contextType: string | null = null;

  constructor(kind: ScopeKind, parent: Scope | null, context: ValidationContext) {
    const { store } = context;
    this.kind = kind;
    this.parent = parent;
    this.context = context;
    this.store = store;
    this.binder = store.newBinder();
    this.depth = parent === null ? 0 : parent.depth + 1;
    if (this.depth > MAX_SCOPE_DEPTH) fail(store.offset, 'scope-depth', { limit: MAX_SCOPE_DEPTH });
    this.importVisible = new VisibleTypes(store, null, this.binder);
    this.exportVisible = new VisibleTypes(store);
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

  /** The index space of a sort. */
  space<S extends Sort>(sort: S): Spaces[S][] {
    let space = this.#spaces.get(sort);
    if (space === undefined) this.#spaces.set(sort, (space = []));
    return space as Spaces[S][];
  }

  /** The definition of a sort at `index`. Throws `ValidationError` when there is none. */
  at<S extends Sort>(sort: S, index: number, offset: number): Spaces[S] {
    return this.space(sort)[index] ?? this.unknown(sort, index, offset);
  }

  unknown(sort: Sort, index: number, offset: number): never {
    return fail(offset, 'unknown-index', { sort, index, where: this.kind, count: this.space(sort).length });
  }

  add<S extends Sort>(sort: S, item: Spaces[S]): void {
    this.space(sort).push(item);
  }

  /** The type at `index`, which must be of `kind`. */
  typeOfKind<K extends AnyType['kind']>(kind: K, index: number, offset: number): TypeOfKind<K> {
    const type = this.at('type', index, offset);
    if (type.kind !== kind) fail(offset, 'not-a-type', { index, what: kind });
    return type as TypeOfKind<K>;
  }

  /** Uses the value at `index`. Throws `ValidationError` when it has been used. */
  useValue(index: number, offset: number): ValueType {
    const slot = this.at('value', index, offset);
    if (slot.used) fail(offset, 'value-used', { index });
    slot.used = true;
    return slot.type;
  }

  /** Adds what an import, export or alias introduces to its index space. A value that an export introduces is used by that. */
  push({ kind, type }: Extern, used = false): void {
    this.add(kind, kind === 'value' ? { type, used } : type);
  }
}
