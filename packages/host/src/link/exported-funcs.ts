/**
 * Which JavaScript functions are exports of instances. In: a function that an instance's exports object, a resource class
 * or `getFunc` gave out. Out: the instance and the export behind it, so that another component in the same store that is
 * given the function for an import can call it without JavaScript in between.
 *
 * Rejected: a property on the function. The embedder would see it, and could copy it to another function.
 */
import type { JsFunction } from '../call/requests.ts';
import type { LiftedExport } from '../forms/forms.ts';
import type { ComponentInstance } from '../instance/component-instance.ts';
import type { ResourceClass } from '../resources/resource-type.ts';

/** A lifted function of an instance. */
export interface ExportedFunc {
  readonly instance: ComponentInstance;
  readonly exported: LiftedExport;
}

// biome-ignore lint/complexity/noBannedTypes: methods take `this`, which `JsFunction` does not have.
type AnyFunction = Function;

const exportedFuncs = new WeakMap<AnyFunction, ExportedFunc>();
const constructors = new WeakMap<ResourceClass, () => JsFunction>();

export function registerExport(func: JsFunction, instance: ComponentInstance, exported: LiftedExport): void {
  exportedFuncs.set(func, { instance, exported });
}

/** `wrapper` is another form of `func`, if that is an export: a method, say, which gets the object as `this`. */
export function registerForm<F extends AnyFunction>(wrapper: F, func: AnyFunction): F {
  const found = exportedFuncs.get(func);
  if (found !== undefined) exportedFuncs.set(wrapper, found);
  return wrapper;
}

export function registerConstructor(made: ResourceClass, get: () => JsFunction): void {
  constructors.set(made, get);
}

/** The exported function behind a JavaScript function; undefined when it is the embedder's own. */
export function exportedFunc(func: AnyFunction): ExportedFunc | undefined {
  return exportedFuncs.get(func);
}

/** The exported constructor of a class that an instance exports. */
export function exportedConstructor(made: ResourceClass): JsFunction | undefined {
  return constructors.get(made)?.();
}
