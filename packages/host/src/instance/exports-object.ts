/**
 * What an instance exports, as JavaScript sees it. In: the plan's exports and an instance. Out: an object without
 * prototype: camelCase functions, PascalCase resource classes, interfaces by their full names. Values are made on first
 * use.
 *
 * Names come from the component, so `constructor`, `then` and `__proto__` are ordinary properties here. Of two names that
 * look the same in JavaScript the first one gets the property; `getFunc` finds both.
 */
import { camelCase, parseExternName, pascalCase } from '@gangway/component/names';
import type { PlanExport } from '@gangway/component/plan';
import type { CoreFunction } from '../call/guest-side.ts';
import { refusing } from '../call/refusing.ts';
import type { JsFunction } from '../call/requests.ts';
import type { Component } from '../compile/component.ts';
import { InternalError } from '../errors.ts';
import type { LiftedExport } from '../forms/forms.ts';
import { lazyProperty } from '../lazy.ts';
import { registerExport } from '../link/exported-funcs.ts';
import type { ResourceHandle } from '../resources/resource-handle.ts';
import type { ComponentInstance } from './component-instance.ts';

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

/** The object for a list of exports, the root's or an interface's. */
export function makeExports(
  instance: ComponentInstance,
  exports: readonly PlanExport[],
  path: readonly string[],
): Exports {
  return exportsObject(instance, tableOf(instance.component).shape(exports, path));
}

function exportsObject(instance: ComponentInstance, { members, eager }: Shape): Exports {
  // Not `Object.create(null)`: V8 makes that a dictionary, and every call of an export would look it up.
  const object = Object.setPrototypeOf({}, null) as Record<string, unknown>;
  if (eager) {
    for (let i = 0; i < members.length; i++) {
      const member = members[i]!;
      const value = exportValue(instance, member);
      if (member.property === '__proto__') Object.defineProperty(object, member.property, { value, enumerable: true });
      else object[member.property] = value;
    }
    return Object.freeze(object) as Exports;
  }
  for (const member of members) lazyProperty(object, member.property, () => exportValue(instance, member));
  return Object.preventExtensions(object) as Exports;
}

/** So many functions are made at once: a property that makes its value later costs as much as several functions. */
const EAGER = 8;

type FunctionExport = Extract<PlanExport, { readonly kind: 'lifted-func' | 'imported-func' }>;

/** An exported function. */
interface NumberedFunction {
  readonly exported: FunctionExport;
  /** Names from the root's export down. */
  readonly path: readonly string[];
  /** Its number in the component: where an instance keeps it. */
  readonly number: number;
}

/** A property of an exports object, and what is made for it. */
interface Member {
  readonly property: string;
  readonly exported: PlanExport;
  /** Names from the root's export down. */
  readonly path: readonly string[];
  /** Of a function; null for others. */
  readonly func: NumberedFunction | null;
  /** Of an instance; null for others. */
  readonly shape: Shape | null;
}

/** An exports object, without the instance. */
interface Shape {
  readonly members: readonly Member[];
  /** Whether everything in it is made with it. */
  readonly eager: boolean;
}

/** The exports of a component: shapes of the objects, numbers of the functions. */
class ExportTable {
  readonly #shapes = new Map<readonly PlanExport[], Shape>();
  readonly #functions = new Map<FunctionExport, NumberedFunction>();

  shape(exports: readonly PlanExport[], path: readonly string[]): Shape {
    let shape = this.#shapes.get(exports);
    if (shape === undefined) {
      const members = this.#members(exports, path);
      shape = { members, eager: eagerFunctions(members) <= EAGER };
      this.#shapes.set(exports, shape);
    }
    return shape;
  }

  function(exported: FunctionExport, path: readonly string[]): NumberedFunction {
    let func = this.#functions.get(exported);
    if (func === undefined) {
      func = { exported, path, number: this.#functions.size };
      this.#functions.set(exported, func);
    }
    return func;
  }

  #members(exports: readonly PlanExport[], path: readonly string[]): Member[] {
    const found = new Map<string, Member>();
    for (const exported of exports) {
      const property = propertyOf(exported);
      if (property === null || found.has(property)) continue;
      const own = [...path, exported.name];
      const isFunction = exported.kind === 'lifted-func' || exported.kind === 'imported-func';
      found.set(property, {
        property,
        exported,
        path: own,
        func: isFunction ? this.function(exported, own) : null,
        shape: exported.kind === 'instance' ? this.shape(exported.exports, own) : null,
      });
    }
    return [...found.values()];
  }
}

/** How many functions there are in it; infinitely many where something is not to be made before it is asked for. */
function eagerFunctions(members: readonly Member[]): number {
  let count = 0;
  for (const { func, shape } of members) {
    if (func !== null) count += 1;
    else count += shape?.eager === true ? eagerFunctions(shape.members) : Number.POSITIVE_INFINITY;
  }
  return count;
}

const tables = new WeakMap<Component, ExportTable>();

/** Made once a component, with its first instance. */
function tableOf(component: Component): ExportTable {
  let table = tables.get(component);
  if (table === undefined) {
    table = new ExportTable();
    tables.set(component, table);
  }
  return table;
}

/** The property that an export has in `instance.exports`; null when it has none of its own. */
export function propertyOf(exported: PlanExport): string | null {
  const parts = parseExternName(exported.name);
  switch (exported.kind) {
    case 'type':
      return null;
    case 'resource':
      return pascalCase(exported.name);
    case 'lifted-func':
    case 'imported-func':
      // Constructors, methods and statics are found on their class.
      return parts.kind === 'label' ? camelCase(parts.label) : parts.kind === 'interface' ? exported.name : null;
    default:
      return parts.kind === 'label' ? camelCase(parts.label) : exported.name;
  }
}

function exportValue(instance: ComponentInstance, { exported, path, func, shape }: Member): unknown {
  if (func !== null) return functionOf(instance, func);
  if (shape !== null) return exportsObject(instance, shape);
  switch (exported.kind) {
    case 'resource':
      return instance.resourceType(exported.resource).class;
    case 'core-module': {
      if (exported.module.kind === 'static') return instance.component.modules[exported.module.module];
      const value = instance.imports[exported.module.import];
      if (value?.kind !== 'core-module') throw new InternalError(`import ${exported.module.import} is no core module`);
      return value.module;
    }
    case 'component': {
      if (!('import' in exported.component)) return instance.component.nested(exported, path);
      const value = instance.imports[exported.component.import];
      if (value?.kind !== 'component') throw new InternalError(`import ${exported.component.import} is no component`);
      return value.component;
    }
    default:
      return undefined;
  }
}

/** The function behind an export; the same one each time. */
export function exportFunction(
  instance: ComponentInstance,
  exported: FunctionExport,
  path: readonly string[],
): JsFunction {
  return functionOf(instance, tableOf(instance.component).function(exported, path));
}

function functionOf(instance: ComponentInstance, { exported, path, number }: NumberedFunction): JsFunction {
  instance.functions ??= [];
  let found = instance.functions[number];
  if (found === undefined) {
    found = exported.kind === 'lifted-func' ? lift(instance, exported, path) : imported(instance, exported);
    instance.functions[number] = found;
  }
  return found;
}

function lift(instance: ComponentInstance, exported: LiftedExport, path: readonly string[]): JsFunction {
  const { plan } = instance.component;
  const maker = instance.component.exportMaker(exported, path);
  if ('problem' in maker) {
    return refusing(maker.problem, path.join('#'), plan.funcTypes[exported.type]!.params.length);
  }
  const side = instance.side(exported.options);
  const options = plan.options[exported.options]!;
  const postReturn: CoreFunction | null =
    options.postReturn === null ? null : instance.functionAt(instance.vmctx.postReturn(options.postReturn));
  const made = maker(side, instance.coreFunction(exported.func), postReturn);
  const func = instance.contextSlots === null ? made : instance.contextSlots.wrap(made);
  registerExport(func, instance, exported);
  return func;
}

function imported(
  instance: ComponentInstance,
  exported: Extract<PlanExport, { readonly kind: 'imported-func' }>,
): JsFunction {
  const value = instance.imports[exported.import];
  if (value?.kind !== 'func') throw new InternalError(`import ${exported.import} is no function`);
  return value.func;
}
