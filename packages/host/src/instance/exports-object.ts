/**
 * What an instance exports, as JavaScript sees it. In: the plan's exports and an instance. Out: an object without
 * prototype: camelCase functions, PascalCase resource classes, interfaces by their full names. Values are made on first
 * use.
 *
 * Names come from the component, so `constructor`, `then` and `__proto__` are ordinary properties here. Of two names that
 * look the same in JavaScript the first one gets the property; `getFunc` finds both.
 */
import type { ComponentInstanceIndex, PlanExport } from '@gangway/component/plan';
import { refusing } from '../call/refusing.ts';
import type { JsFunction } from '../call/requests.ts';
import type { ExportPlace } from '../forms/forms.ts';
import { lazyProperty } from '../lazy.ts';
import { registerExport } from '../link/exported-funcs.ts';
import type { ResourceHandle } from '../resources/resource-handle.ts';
import { type ComponentInstance, roomFor } from './component-instance.ts';

/**
 * What stands behind a name: a function, a class, a core module, a component, or an object of them. Which one it is, is
 * known when the component is loaded; an embedder who knows gives `instantiate` the type.
 */
export interface Exported {
  (...args: unknown[]): unknown;
  new (...args: unknown[]): ResourceHandle;
  readonly [name: string]: Exported;
}

/** An instance's exports, by their names in JavaScript. */
export interface Exports {
  readonly [name: string]: Exported;
}

/** The object for a list of exports, the root's or an interface's. `path`: names from the root's export down to it. */
export function makeExports(
  instance: ComponentInstance,
  exports: readonly PlanExport[],
  path: readonly string[],
): Exports {
  // Not `Object.create(null)`: V8 makes that a dictionary, and every call of an export would look it up.
  const object = Object.setPrototypeOf({}, null) as Record<string, unknown>;
  const { members, eager } = shapeOf(exports);
  for (const exported of members) {
    const property = exported.property as string;
    if (!eager) lazyProperty(object, property, () => exportValue(instance, exported, path));
    else {
      const value = exportValue(instance, exported, path);
      if (property === '__proto__') Object.defineProperty(object, property, { value, enumerable: true });
      else object[property] = value;
    }
  }
  return (eager ? Object.freeze(object) : Object.preventExtensions(object)) as Exports;
}

/** So many functions are made at once: a property that makes its value later costs as much as several functions. */
export const EAGER = 8;

type FunctionExport = Extract<PlanExport, { readonly kind: 'lifted-func' | 'imported-func' }>;

/** What an exports object has, whatever the instance. */
interface Shape {
  /** Those that have a property. */
  readonly members: readonly PlanExport[];
  /** How many functions there are in it; infinitely many where something is not to be made before it is asked for. */
  readonly functions: number;
  /** Whether everything in it is made with it. */
  readonly eager: boolean;
}

/** Made once a component, with its first instance. */
const shapes = new WeakMap<readonly PlanExport[], Shape>();

function shapeOf(exports: readonly PlanExport[]): Shape {
  let shape = shapes.get(exports);
  if (shape === undefined) {
    const members = new Map<string, PlanExport>();
    let functions = 0;
    for (const exported of exports) {
      const { property, kind } = exported;
      if (property === null || members.has(property)) continue;
      members.set(property, exported);
      if (kind === 'instance') functions += shapeOf(exported.exports).functions;
      else functions += kind.endsWith('-func') ? 1 : Number.POSITIVE_INFINITY;
    }
    shape = { members: [...members.values()], functions, eager: functions <= EAGER };
    shapes.set(exports, shape);
  }
  return shape;
}

function exportValue(instance: ComponentInstance, exported: PlanExport, path: readonly string[]): unknown {
  switch (exported.kind) {
    case 'lifted-func':
    case 'imported-func':
      return exportFunction(instance, exported);
    case 'instance':
      return makeExports(instance, exported.exports, [...path, exported.name]);
    case 'resource':
      return instance.resourceType(exported.resource).class;
    case 'core-module': {
      const { module } = exported;
      if (module.kind === 'static') return instance.component.modules[module.module];
      return instance.importOf(module.import, 'core-module').module;
    }
    case 'component': {
      const { component, name } = exported;
      if (!('import' in component)) return instance.component.nested(exported, [...path, name]);
      return instance.importOf(component.import, 'component').component;
    }
    default:
      return undefined;
  }
}

/** The function behind an export; the same one each time. */
export function exportFunction(instance: ComponentInstance, exported: FunctionExport): JsFunction {
  if (exported.kind === 'imported-func') return instance.importOf(exported.import, 'func').func;
  const place = instance.component.place(exported);
  instance.functions ??= roomFor(instance.component.plan.exports.length);
  return (instance.functions[place.index] ??= lift(instance, place));
}

function lift(instance: ComponentInstance, place: ExportPlace): JsFunction {
  const { component } = instance;
  const { exported, name } = place;
  if (instance.released) throw instance.store.runtime.refuse(instance, 0 as ComponentInstanceIndex, name);
  const maker = component.exportMaker(place);
  if ('problem' in maker) {
    return refusing(maker.problem, name, component.plan.funcTypes[exported.type]!.params.length);
  }
  const { postReturn } = component.plan.options[exported.options]!;
  const func = maker(
    instance.side(exported.options),
    instance.coreFunction(exported.func),
    postReturn === null ? null : instance.functionIn('postReturns', postReturn),
  );
  const made = instance.contextSlots === null ? func : instance.contextSlots.wrap(func);
  registerExport(made, instance, exported);
  return made;
}
