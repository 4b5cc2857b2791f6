/**
 * `Recipe`: what instantiating a component takes, as far as it is the same for every instance. In: a component. Out: its
 * initializers with their imports sorted by module, and how many slots of the function table an instance fills, and with what.
 * Made once a component, with its first instance.
 */
import type { EmittedImport, ImportSource } from '@gangway/adapter-codegen/emitted';
import type { CoreDef, Initializer, RuntimeImportIndex } from '@gangway/component/plan';
import type { Component, RunnableModule } from '../compile/component.ts';
import { InternalError } from '../errors.ts';

type InstantiateModule = Extract<Initializer, { readonly kind: 'instantiate-module' }>;

/** All imports of a core module that have one module name. */
export interface ImportGroup<T> {
  readonly module: string;
  readonly entries: readonly { readonly name: string; readonly from: T }[];
}

/** An initializer that instantiates a core module. */
export interface ModuleStep {
  readonly initializer: InstantiateModule;
  /** Null: the module is imported. */
  readonly module: WebAssembly.Module | null;
  /** Bytes of the module; null when it is not known. */
  readonly size: number | null;
  readonly imports: readonly ImportGroup<CoreDef>[];
}

/** An initializer that sets slots of the vmctx. */
export interface SlotStep {
  readonly initializer: Exclude<Initializer, InstantiateModule>;
  readonly module: undefined;
  /** The function that it names, if it names one: where in the instance's slots of the function table it stands. */
  readonly func: FunctionSlot | null;
}

/** `position`: behind the first of the instance's slots; null for a trampoline or intrinsic, which the vmctx has. */
export interface FunctionSlot {
  readonly def: CoreDef;
  readonly position: number | null;
  /** Whether an earlier step has put it there. */
  readonly filled: boolean;
}

export class Recipe {
  readonly steps: readonly (ModuleStep | SlotStep)[];
  /** Slots of the function table for trampolines (two each) and intrinsics. */
  readonly emittedSlots: number;
  /** All slots of the function table: those, then the functions that the vmctx names besides. */
  readonly slots: number;
  /** By `LoweringIndex`: what it lowers. */
  readonly lowered: readonly RuntimeImportIndex[];
  /** Weakly: adapters to other components come and go. */
  readonly #imports = new WeakMap<RunnableModule['imports'], readonly ImportGroup<ImportSource>[]>();

  constructor({ plan, modules }: Component) {
    this.emittedSlots = 2 * plan.trampolines.length + (plan.intrinsics ?? []).length;
    let { emittedSlots: slots } = this;
    const positions = new Map<string, number>();
    const slotOf = (def: CoreDef): FunctionSlot => {
      if (def.kind === 'trampoline' || def.kind === 'intrinsic') return { def, position: null, filled: true };
      const key = def.kind === 'export' ? `${def.instance} ${def.name}` : `adapter ${def.adapter}`;
      const known = positions.get(key);
      if (known !== undefined) return { def, position: known, filled: true };
      positions.set(key, slots);
      slots += 1;
      return { def, position: slots - 1, filled: false };
    };
    this.steps = plan.initializers.map((initializer) => {
      if (initializer.kind !== 'instantiate-module') {
        const def = functionOf(plan, initializer);
        return { initializer, module: undefined, func: def === null ? null : slotOf(def) };
      }
      const imports = grouped(initializer.args, ({ def }) => def);
      if (initializer.module.kind !== 'static') return { initializer, module: null, size: null, imports };
      const index = initializer.module.module;
      const module = modules[index];
      const place = plan.modules[index];
      if (module === undefined || place === undefined) throw new InternalError(`there is no core module ${index}`);
      return { initializer, module, size: place.end - place.start, imports };
    });
    this.slots = slots;
    const lowered: RuntimeImportIndex[] = [];
    for (const one of plan.trampolines) if (one.kind === 'lower-import') lowered[one.lowering] = one.import;
    this.lowered = lowered;
  }

  /** The imports of an emitted module. */
  importsOf(imports: readonly EmittedImport[]): readonly ImportGroup<ImportSource>[] {
    let found = this.#imports.get(imports);
    if (found === undefined) {
      found = grouped(imports, ({ source }) => source);
      this.#imports.set(imports, found);
    }
    return found;
  }
}

/** The core function that an initializer names, if it names one. */
function functionOf(plan: Component['plan'], initializer: SlotStep['initializer']): CoreDef | null {
  switch (initializer.kind) {
    case 'extract-realloc':
      return plan.reallocs[initializer.realloc]!;
    case 'extract-callback':
      return plan.callbacks[initializer.callback]!;
    case 'extract-post-return':
      return plan.postReturns[initializer.postReturn]!;
    case 'resource': {
      const resource = plan.resources[initializer.resource]!;
      if (resource.kind !== 'defined') throw new InternalError(`resource ${initializer.resource} is not defined here`);
      return resource.dtor;
    }
    default:
      return null;
  }
}

function grouped<I extends { readonly module: string; readonly name: string }, T>(
  items: readonly I[],
  from: (item: I) => T,
): ImportGroup<T>[] {
  const groups = new Map<string, { name: string; from: T }[]>();
  for (const item of items) {
    const entry = { name: item.name, from: from(item) };
    const group = groups.get(item.module);
    if (group === undefined) groups.set(item.module, [entry]);
    else group.push(entry);
  }
  return Array.from(groups, ([module, entries]) => ({ module, entries }));
}

/** The imports object. `value`: what stands behind an import. */
export function importsObject<T>(
  groups: readonly ImportGroup<T>[],
  value: (from: T) => WebAssembly.ImportValue,
): WebAssembly.Imports {
  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  for (let i = 0; i < groups.length; i++) {
    const { module, entries } = groups[i]!;
    const members: Record<string, WebAssembly.ImportValue> = {};
    for (let j = 0; j < entries.length; j++) {
      const { name, from } = entries[j]!;
      put(members, name, value(from));
    }
    put(imports, module, members);
  }
  return imports;
}

/** Objects without prototype would need no care for this one name, but are slow to make and to read. */
function put<V>(object: Record<string, V>, name: string, value: V): void {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, enumerable: true });
}

const recipes = new WeakMap<Component, Recipe>();

export function recipeOf(component: Component): Recipe {
  let recipe = recipes.get(component);
  if (recipe === undefined) {
    recipe = new Recipe(component);
    recipes.set(component, recipe);
  }
  return recipe;
}
