/**
 * In: a component that has been decoded and validated. Out: its `ComponentPlan`. Three steps: `instantiate.ts` runs the
 * component abstractly, `linearize.ts` keeps and orders what is needed, this file writes down imports and exports.
 */
import type { ComponentAst } from '../binary/ast.ts';
import { UnsupportedError } from '../errors.ts';
import { exportProperty, memberName } from '../names/js-names.ts';
import type { ComponentPlan, OptionsIndex, PlanExport } from '../plan.ts';
import { PLAN_VERSION } from '../plan.ts';
import type { ComponentValue } from './component-value.ts';
import { componentValue } from './component-value.ts';
import type { ComponentEntity, Entity, ExportMap, LiftedFunc } from './entities.ts';
import { attributes, ExternTypes } from './extern-types.ts';
import { Instantiation, importName } from './instantiate.ts';
import { Linearizer, NOTHING } from './linearize.ts';

export interface TranslateOptions {
  /**
   * Components for the root's component imports, by import name (nested in an instance: names joined by a space). One
   * that is instantiated and not given stands in `ComponentPlan.unlinked`.
   */
  readonly components?: ReadonlyMap<string, ComponentValue>;
}

/**
 * Links a valid component statically. `bytes` is what `ast` was decoded from.
 *
 * Throws `UnsupportedError` for what is valid but cannot be loaded: values, start functions, 64-bit resources.
 * What needs tasks loads; the plan says so (`unsupported` trampolines, async options of exports).
 */
export function translate(bytes: Uint8Array, ast: ComponentAst, options: TranslateOptions = {}): ComponentPlan {
  return translateValue(componentValue(bytes, ast), options);
}

/** {@link translate} for a component that may close over others. */
export function translateValue(value: ComponentValue, options: TranslateOptions = {}): ComponentPlan {
  return translateEntity(entityOf(value), options, value);
}

/**
 * The components that a component exports, as values that can be given for another component's import. By export
 * name; nested in an instance: names joined by a space.
 */
export function exportedComponents(
  value: ComponentValue,
  options: TranslateOptions = {},
): ReadonlyMap<string, ComponentValue> {
  const instantiation = new Instantiation(options.components ?? new Map());
  instantiation.addModules(value.bytes, value.modules);
  const exports = instantiation.root(entityOf(value), value.intrinsics);
  const components = new Map<string, ComponentValue>();
  const visit = (items: ExportMap, path: readonly string[]): void => {
    for (const [name, { entity }] of items) {
      if (entity.kind === 'instance') visit(entity.exports, [...path, name]);
      if (entity.kind !== 'component') continue;
      components.set(importName([...path, name]), {
        bytes: entity.bytes,
        ast: entity.ast,
        scope: entity.scope,
        exportedBy: { value, path: [...path, name] },
      });
    }
  };
  visit(exports, []);
  return components;
}

/** Plans of exported components in one plan, counted as often as they are exported. */
const MAX_EXPORTED_COMPONENTS = 1000;
const exportedPlans = new WeakMap<ComponentPlan, number>();

function entityOf({ bytes, ast, scope }: ComponentValue): ComponentEntity {
  return { kind: 'component', bytes, ast, scope };
}

function translateEntity(
  component: ComponentEntity,
  options: TranslateOptions,
  { modules, intrinsics }: Pick<ComponentValue, 'modules' | 'intrinsics'> = {},
): ComponentPlan {
  const instantiation = new Instantiation(options.components ?? new Map());
  instantiation.addModules(component.bytes, modules);
  const exports = instantiation.root(component, intrinsics);
  const linearizer = new Linearizer(instantiation, liftedFuncs(exports));
  const { numbering } = linearizer;
  const externTypes = new ExternTypes(instantiation, numbering);
  const imports = externTypes.named(instantiation.imports);
  const exportWriter = new ExportWriter(instantiation, linearizer, externTypes, options);
  const planExports = exportWriter.exports(exports);
  const resources = linearizer.resources();
  /** Whether components were given for an import, and nothing else is needed of it. */
  const replaced = (name: string): boolean =>
    instantiation.linked.some((path) => path.split(' ')[0] === name) &&
    !linearizer.runtimeImports.some(({ path }) => path[0] === name);
  const plan: ComponentPlan = {
    version: PLAN_VERSION,
    name: component.ast.names.component ?? null,
    types: numbering.types,
    funcTypes: numbering.funcTypes,
    resources,
    modules: numbering.modules,
    linked: instantiation.linked,
    unlinked: instantiation.unlinked,
    componentInstances: instantiation.componentInstances,
    imports: imports.filter(({ name }) => !replaced(name)),
    runtimeImports: linearizer.runtimeImports,
    exports: planExports,
    options: linearizer.options,
    memories: linearizer.memories.defs,
    tables: [],
    reallocs: linearizer.reallocs.defs,
    callbacks: linearizer.callbacks.defs,
    postReturns: linearizer.postReturns.defs,
    trampolines: linearizer.trampolines,
    ...(linearizer.intrinsics.length === 0 ? {} : { intrinsics: linearizer.intrinsics }),
    adapters: linearizer.adapters,
    adapterModules: linearizer.adapterModules,
    initializers: linearizer.initializers,
    mayThrow: linearizer.mayThrow,
    counts: {
      componentInstances: instantiation.componentInstances.length,
      trampolines: linearizer.trampolines.length,
      intrinsics: Math.max(0, ...linearizer.intrinsics.map((index) => index + 1)),
      lowerings: linearizer.lowerings,
      memories: linearizer.memories.defs.length,
      tables: 0,
      reallocs: linearizer.reallocs.defs.length,
      callbacks: linearizer.callbacks.defs.length,
      postReturns: linearizer.postReturns.defs.length,
      resources: resources.filter((resource) => resource.kind !== 'abstract').length,
    },
  };
  exportedPlans.set(plan, exportWriter.count);
  return plan;
}

/** The lifted functions among exports, at any depth, in order. */
function liftedFuncs(exports: ExportMap): LiftedFunc[] {
  const funcs: LiftedFunc[] = [];
  for (const { entity } of exports.values()) {
    if (entity.kind === 'lifted-func') funcs.push(entity);
    else if (entity.kind === 'instance') funcs.push(...liftedFuncs(entity.exports));
  }
  return funcs;
}

/** Writes down the root's exports. */
class ExportWriter {
  readonly #instantiation: Instantiation;
  readonly #linearizer: Linearizer;
  readonly #externTypes: ExternTypes;
  readonly #options: TranslateOptions;
  readonly #components = new Map<ComponentEntity, ComponentPlan>();
  /** Plans of exported components so far, those that they hold included. */
  count = 0;

  constructor(
    instantiation: Instantiation,
    linearizer: Linearizer,
    externTypes: ExternTypes,
    options: TranslateOptions,
  ) {
    this.#instantiation = instantiation;
    this.#linearizer = linearizer;
    this.#externTypes = externTypes;
    this.#options = options;
  }

  exports(items: ExportMap): PlanExport[] {
    const exports: PlanExport[] = [];
    for (const { name, entity } of items.values()) {
      const item = this.#item(entity);
      if (item === null) continue;
      const property = exportProperty({ name: name.name, kind: item.kind });
      const member = item.kind.endsWith('-func') ? memberName(name.name) : null;
      exports.push({ ...attributes(name), name: name.name, property, ...(member === null ? {} : { member }), ...item });
    }
    return exports;
  }

  /** Null for names of function, instance and component types: they are nothing at run time. */
  #item(entity: Entity): PlanExportItem | null {
    const { numbering } = this.#linearizer;
    switch (entity.kind) {
      case 'lifted-func': {
        const type = numbering.funcType(entity.type);
        const func = this.#linearizer.def(entity.func);
        return { kind: 'lifted-func', type, func, options: this.#linearizer.optionsIndex(entity.options) };
      }
      case 'abstract-func': {
        const type = numbering.funcType(entity.type);
        return { kind: 'lifted-func', type, func: NOTHING, options: 0 as OptionsIndex };
      }
      case 'imported-func': {
        const type = numbering.funcType(entity.type);
        return {
          kind: 'imported-func',
          type,
          import: this.#linearizer.runtimeImport(entity.path, { kind: 'func', type }),
        };
      }
      case 'intrinsic-func':
        throw new UnsupportedError(this.#instantiation.offset, 'an intrinsic cannot be exported');
      case 'instance':
        return { kind: 'instance', exports: this.exports(entity.exports) };
      case 'module': {
        const type = this.#externTypes.moduleType(entity);
        return { kind: 'core-module', module: this.#linearizer.moduleRef(entity), type };
      }
      case 'type':
        return { kind: 'type', type: numbering.type(entity.type) };
      case 'resource':
        return { kind: 'resource', resource: numbering.resource(entity.resource) };
      case 'component':
        return {
          kind: 'component',
          source: this.#instantiation.source(entity.bytes),
          component: this.#component(entity),
        };
      case 'imported-component': {
        const index = this.#linearizer.runtimeImport(entity.path ?? [], { kind: 'component' });
        return { kind: 'component', source: 0, component: { import: index } };
      }
      case 'func-type':
      case 'instance-type':
      case 'component-type':
        return null;
      default:
        return entity satisfies never;
    }
  }

  #component(entity: ComponentEntity): ComponentPlan {
    let plan = this.#components.get(entity);
    if (plan === undefined) {
      plan = translateEntity(entity, this.#options);
      this.#components.set(entity, plan);
    }
    this.count += 1 + (exportedPlans.get(plan) ?? 0);
    if (this.count > MAX_EXPORTED_COMPONENTS) {
      const text = `the component exports more than ${MAX_EXPORTED_COMPONENTS} components`;
      throw new UnsupportedError(entity.ast.range.start, text);
    }
    return plan;
  }
}

/** The part of an export that its name does not say. */
type PlanExportItem = PlanExport extends infer E
  ? E extends PlanExport
    ? Omit<E, 'name' | 'property' | 'member' | 'implements' | 'externalId'>
    : never
  : never;
