// biome-ignore-all lint/correctness/noConstructorReturn: constructors return what calls made.
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
import type { GuestResourceType, HandleSource, ResourceClass } from './resource-type.ts';

type FunctionExport = Extract<PlanExport, { readonly kind: 'lifted-func' | 'imported-func' }>;

export function makeResourceClass(
  instance: ComponentInstance,
  type: GuestResourceType,
): ResourceClass & { readonly prototype: ResourceHandle } {
  const shape = resourceShapes(instance.component.plan).get(type.resource);
  const members = shape?.members ?? [];
  const maker = members.find((member) => member.kind === 'constructor');
  const made =
    maker === undefined
      ? class extends ResourceHandle {}
      : withConstructor(parametersOf(instance, maker), () => call(instance, maker));
  type.bare = sourceOf(made);
  const resource = instance.component.plan.resources[type.resource];
  if (resource?.kind === 'defined' && resource.dtor === null) type.destructor = null;
  if (maker !== undefined) registerConstructor(made, () => call(instance, maker));
  Object.defineProperty(made, 'name', { value: shape?.className ?? type.name, configurable: true });
  for (const member of members) {
    if (member.kind === 'method') {
      if (member.label === 'constructor' || !Object.hasOwn(made.prototype, member.label)) {
        lazyMethod(made.prototype, member.label, () => asMethod(call(instance, member)));
      }
    } else if (member.kind === 'static' && member.label !== 'prototype') {
      lazyProperty(made, member.label, () => call(instance, member), false);
    }
  }
  return made;
}

/**
 * As `lazyProperty`, on a prototype. V8 14.6 makes a dictionary of a prototype when a property stops being a getter, and
 * where code that counts has met the prototype before, it stays one: then each access to it took as long as a call. Giving it to
 * an object as its prototype ends that.
 */
function lazyMethod(prototype: object, name: string, make: () => JsFunction): void {
  Object.defineProperty(prototype, name, {
    configurable: true,
    get() {
      const value = make();
      Object.defineProperty(prototype, name, { value, configurable: false, writable: false });
      Object.setPrototypeOf({}, prototype);
      return value;
    },
  });
}

function call(instance: ComponentInstance, member: ResourceMember): JsFunction {
  return exportFunction(instance, member.exported as FunctionExport);
}

function parametersOf({ component }: ComponentInstance, { exported }: ResourceMember): number {
  return component.plan.funcTypes[(exported as FunctionExport).type]!.params.length;
}

/** What `new` makes an object of the class with, other than the class: its constructor calls the lifted one, which makes it. */
function sourceOf({ prototype }: ResourceClass): HandleSource {
  function source(): void {}
  source.prototype = prototype;
  return source as unknown as HandleSource;
}

/** The lifted constructor makes the object. So this class calls no `super`, which a class need not that extends null. */
function withConstructor(count: number, make: () => JsFunction): ResourceClass {
  let func: JsFunction | undefined;
  const made = constructorOf(count, () => (func ??= make()) as Construct);
  // What the class takes is for its constructor's arguments to say.
  Object.defineProperty(made, 'length', { value: 0, configurable: true });
  Object.setPrototypeOf(made, ResourceHandle);
  Object.setPrototypeOf(made.prototype, ResourceHandle.prototype);
  return made;
}

type Construct = (...args: unknown[]) => object;

/** The usual call is all that the constructors hold, so that engines put them where `new` stands. */
function constructorOf(count: number, get: () => Construct): ResourceClass {
  switch (count) {
    case 0:
      return class Made extends null {
        constructor() {
          return new.target === Made ? get()() : construct(Made, new.target, get(), arguments);
        }
      };
    case 1:
      return class Made extends null {
        constructor(a?: unknown) {
          return new.target === Made && arguments.length === 1
            ? get()(a)
            : construct(Made, new.target, get(), arguments);
        }
      };
    case 2:
      return class Made extends null {
        constructor(a?: unknown, b?: unknown) {
          return new.target === Made && arguments.length === 2
            ? get()(a, b)
            : construct(Made, new.target, get(), arguments);
        }
      };
    default:
      return class Made extends null {
        constructor() {
          return construct(Made, new.target, get(), arguments);
        }
      };
  }
}

/** `new` of a subclass, or with another number of arguments. */
function construct(made: ResourceClass, target: ResourceClass, func: Construct, given: IArguments): object {
  const object = func(...given);
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
