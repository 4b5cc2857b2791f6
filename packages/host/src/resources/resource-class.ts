// biome-ignore-all lint/complexity/noArguments: an argument that is missing must stay missing; rest parameters cost an array a call.
/**
 * The JavaScript class of a guest's resource. In: the instance that defines it, and the functions that it exports for it.
 * Out: a subclass of `ResourceHandle` with the exported constructor, methods and statics.
 *
 * Without an exported constructor, `new` throws. A static named `prototype` cannot be a property of a class: `getFunc`
 * finds it.
 */
import type { PlanExport } from '@gangway/component/plan';
import type { JsFunction } from '../call/requests.ts';
import type { ComponentInstance } from '../instance/component-instance.ts';
import { exportFunction } from '../instance/exports-object.ts';
import { lazyProperty } from '../lazy.ts';
import { registerConstructor, registerForm } from '../link/exported-funcs.ts';
import { ResourceHandle } from './resource-handle.ts';
import { type ResourceMember, resourceShapes } from './resource-shapes.ts';
import type { GuestResourceType, ResourceClass } from './resource-type.ts';

type FunctionExport = Extract<PlanExport, { readonly kind: 'lifted-func' | 'imported-func' }>;

export function makeResourceClass(
  instance: ComponentInstance,
  type: GuestResourceType,
): ResourceClass & { readonly prototype: ResourceHandle } {
  const shape = resourceShapes(instance.component.plan).get(type.resource);
  const members = shape?.members ?? [];
  const maker = members.find((member) => member.kind === 'constructor');
  const { made, source } =
    maker === undefined
      ? withoutConstructor()
      : withConstructor(parametersOf(instance, maker), () => call(instance, maker));
  type.made = source;
  const resource = instance.component.plan.resources[type.resource];
  if (resource?.kind === 'defined' && resource.dtor === null) type.destructor = null;
  if (maker !== undefined) registerConstructor(made, () => call(instance, maker));
  Object.defineProperty(made, 'name', { value: shape?.className ?? type.name, configurable: true });
  for (const member of members) {
    if (member.kind === 'method') {
      if (member.label === 'constructor' || !Object.hasOwn(made.prototype, member.label)) {
        lazyProperty(made.prototype, member.label, () => asMethod(call(instance, member)), false);
      }
    } else if (member.kind === 'static' && member.label !== 'prototype') {
      lazyProperty(made, member.label, () => call(instance, member), false);
    }
  }
  return made;
}

function call(instance: ComponentInstance, member: ResourceMember): JsFunction {
  return exportFunction(instance, member.exported as FunctionExport);
}

function parametersOf({ component }: ComponentInstance, { exported }: ResourceMember): number {
  return component.plan.funcTypes[(exported as FunctionExport).type]!.params.length;
}

/** The class that embedders see, and the one whose `new` makes an object around a state. They share the prototype. */
interface ClassPair {
  readonly made: typeof ResourceHandle;
  readonly source: typeof ResourceHandle;
}

function withoutConstructor(): ClassPair {
  const made = sourceClass();
  return { made, source: made };
}

function sourceClass(): typeof ResourceHandle {
  return class extends ResourceHandle {
    // V8 14.6 looks for the constructor of a class without one in each `new`.
    constructor(state: unknown) {
      super(state);
    }
  };
}

/** A function, because a class would have to call `super`: here the lifted constructor makes the object. */
function withConstructor(count: number, make: () => JsFunction): ClassPair {
  // Objects come from this class, which has the same prototype: `Reflect.construct` would cost as much as a call.
  const source = sourceClass();
  let func: JsFunction | undefined;
  const made = constructorOf(count, () => (func ??= make()));
  // What the class takes is for its constructor's arguments to say.
  Object.defineProperty(made, 'length', { value: 0, configurable: true });
  Object.setPrototypeOf(made, ResourceHandle);
  Object.defineProperty(made, 'prototype', { value: source.prototype, writable: false });
  Object.defineProperty(source.prototype, 'constructor', { value: made, writable: true, configurable: true });
  return { made: made as unknown as typeof ResourceHandle, source };
}

/** The usual call is all that these functions hold, so that engines put them where `new` stands. */
function constructorOf(count: number, get: () => JsFunction): ResourceClass {
  switch (count) {
    case 0:
      return function made(): unknown {
        return new.target === made ? get()() : construct(made, new.target, get(), arguments);
      };
    case 1:
      return function made(a?: unknown): unknown {
        return new.target === made && arguments.length === 1 ? get()(a) : construct(made, new.target, get(), arguments);
      };
    case 2:
      return function made(a?: unknown, b?: unknown): unknown {
        return new.target === made && arguments.length === 2
          ? get()(a, b)
          : construct(made, new.target, get(), arguments);
      };
    default:
      return function made(): unknown {
        return construct(made, new.target, get(), arguments);
      };
  }
}

function construct(
  made: ResourceClass,
  target: ResourceClass | undefined,
  func: JsFunction,
  given: IArguments,
): object {
  if (target === undefined) throw new TypeError(`${made.name} is a class: call it with new`);
  const object = func(...given) as object;
  return target === made ? object : Object.setPrototypeOf(object, target.prototype);
}

/** A method: the object that it is called on is the function's first parameter. */
function asMethod(func: JsFunction): JsFunction {
  return registerForm(bindSelf(func), func);
}

function bindSelf(func: JsFunction): JsFunction {
  switch (func.length) {
    case 1:
      return function (this: unknown) {
        return func(this);
      };
    case 2:
      return function (this: unknown, a?: unknown) {
        return arguments.length === 0 ? func(this) : func(this, a);
      };
    case 3:
      return function (this: unknown, a?: unknown, b?: unknown) {
        return arguments.length < 2 ? func(this, ...arguments) : func(this, a, b);
      };
    default:
      return function (this: unknown, ...args) {
        return func(this, ...args);
      };
  }
}
