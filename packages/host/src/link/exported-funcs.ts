/**
 * Which JavaScript functions are exports of instances. In: a function that an instance's exports object, a resource class
 * or `getFunc` gave out. Out: the instance and the export behind it, so that another component in the same store that is
 * given the function for an import can call it without JavaScript in between.
 *
 * Private fields on the function say it, put there by a class whose base returns the function for `this`: nobody else
 * sees or copies them, and they go with the function.
 *
 * Rejected: a property on the function (the embedder would see it, and could copy it to another function), and a
 * `WeakMap` (an entry costs three times what making the function costs, and the garbage collector looks at each).
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

class Given {
  constructor(func: AnyFunction) {
    // biome-ignore lint/correctness/noConstructorReturn: the fields of a subclass are put on what is returned.
    return func;
  }
}

class Marked extends Given {
  readonly #instance: ComponentInstance;
  readonly #exported: LiftedExport;

  constructor(func: AnyFunction, instance: ComponentInstance, exported: LiftedExport) {
    super(func);
    this.#instance = instance;
    this.#exported = exported;
  }

  static find(func: AnyFunction): ExportedFunc | undefined {
    return #instance in func ? { instance: func.#instance, exported: func.#exported } : undefined;
  }
}

const constructors = new WeakMap<ResourceClass, () => JsFunction>();

/** `func` is new: it has been marked by nobody. */
export function registerExport(func: JsFunction, instance: ComponentInstance, exported: LiftedExport): void {
  new Marked(func, instance, exported);
}

/** `wrapper`, which is new, is another form of `func`, if that is an export: a method, say, which gets the object as `this`. */
export function registerForm<F extends AnyFunction>(wrapper: F, func: AnyFunction): F {
  const found = Marked.find(func);
  if (found !== undefined) new Marked(wrapper, found.instance, found.exported);
  return wrapper;
}

export function registerConstructor(made: ResourceClass, get: () => JsFunction): void {
  constructors.set(made, get);
}

/** The exported function behind a JavaScript function; undefined when it is the embedder's own. */
export function exportedFunc(func: AnyFunction): ExportedFunc | undefined {
  return Marked.find(func);
}

/** The exported constructor of a class that an instance exports. */
export function exportedConstructor(made: ResourceClass): JsFunction | undefined {
  return constructors.get(made)?.();
}
