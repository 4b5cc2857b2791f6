/**
 * In: a component that has been decoded and validated. Out: its `ComponentPlan`. Three steps: `instantiate.ts` runs the
 * component abstractly, `linearize.ts` keeps and orders what is needed, `externs.ts` writes down imports and exports.
 */
import type { ComponentAst } from '../binary/ast.ts';
import { UnsupportedError } from '../errors.ts';
import type { ComponentPlan } from '../plan.ts';
import { PLAN_VERSION } from '../plan.ts';
import { put } from '../put.ts';
import type { ComponentValue } from './component-value.ts';
import { componentValue, entityOf } from './component-value.ts';
import type { ComponentEntity, ExportMap, LiftedFunc } from './entities.ts';
import { Externs } from './externs.ts';
import { Instantiation, importName } from './instantiate.ts';
import { Linearizer } from './linearize.ts';

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

function translateEntity(
  component: ComponentEntity,
  options: TranslateOptions,
  { modules, intrinsics }: Pick<ComponentValue, 'modules' | 'intrinsics'> = {},
): ComponentPlan {
  const instantiation = new Instantiation(options.components ?? new Map());
  instantiation.addModules(component.bytes, modules);
  const exports = instantiation.root(component, intrinsics);
  const linearizer = new Linearizer(instantiation, liftedFuncs(exports));
  const { numbering, slots } = linearizer;
  const plans = new Map<ComponentEntity, ComponentPlan>();
  let count = 0;
  const externs = new Externs(instantiation, linearizer, (exported) => {
    const plan = plans.get(exported) ?? put(plans, exported, translateEntity(exported, options));
    count += 1 + (exportedPlans.get(plan) ?? 0);
    if (count > MAX_EXPORTED_COMPONENTS) {
      const text = `the component exports more than ${MAX_EXPORTED_COMPONENTS} components`;
      throw new UnsupportedError(exported.ast.range.start, text);
    }
    return plan;
  });
  const imports = externs.types(instantiation.imports);
  const planExports = externs.exports(exports);
  const resources = linearizer.resources();
  /** Whether components were given for an import, and nothing else is needed of it. */
  const replaced = (name: string): boolean =>
    instantiation.linked.some((path) => path.split(' ')[0] === name) &&
    !linearizer.runtimeImports.some(({ path }) => path[0] === name);
  const plan: ComponentPlan = {
    version: PLAN_VERSION,
    name: component.ast.names.component ?? null,
    types: numbering.table.types,
    funcTypes: numbering.table.funcTypes,
    resources,
    modules: numbering.modules,
    linked: instantiation.linked,
    unlinked: instantiation.unlinked,
    componentInstances: instantiation.componentInstances,
    imports: imports.filter(({ name }) => !replaced(name)),
    runtimeImports: linearizer.runtimeImports,
    exports: planExports,
    options: linearizer.options,
    memories: slots.memory.defs,
    tables: [],
    reallocs: slots.realloc.defs,
    callbacks: slots.callback.defs,
    postReturns: slots['post-return'].defs,
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
      memories: slots.memory.defs.length,
      tables: 0,
      reallocs: slots.realloc.defs.length,
      callbacks: slots.callback.defs.length,
      postReturns: slots['post-return'].defs.length,
      resources: resources.filter((resource) => resource.kind !== 'abstract').length,
    },
  };
  exportedPlans.set(plan, count);
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
