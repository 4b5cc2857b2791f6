/**
 * The functions of a resource that the embedder supplies: they are found on its class. In: the scope and where on the class
 * the function is. Out: a function, or what is wrong.
 */
import type { MemberName } from '@gangway/component/plan';
import { callsMethod, type JsFunction } from '../call/requests.ts';
import type { ResourceClass } from '../resources/resource-type.ts';
import { exportedConstructor, registerForm } from './exported-funcs.ts';
import { type ImportScope, isObject, ObjectScope, resourceClass } from './imports.ts';

/** `count`: parameters of the function, `self` included. */
export function memberFunction(scope: ImportScope, name: MemberName, count: number): JsFunction | string {
  const { kind, resource, property: member } = name;
  const owner = resourceClass(scope, resource, name.class);
  if (typeof owner !== 'function') return `there is no class for the resource "${resource}"`;
  if (kind === 'constructor') return construct(owner);
  if (kind === 'static') {
    const value = new ObjectScope(owner).get(member);
    return typeof value === 'function'
      ? registerForm((...args: unknown[]) => Reflect.apply(value, owner, args), value)
      : `its class has no "${member}"`;
  }
  const value = isObject(owner.prototype) ? new ObjectScope(owner.prototype).get(member) : undefined;
  if (typeof value !== 'function' || value === owner) return `the prototype of its class has no "${member}"`;
  return registerForm(method(member, count), value);
}

function construct(owner: ResourceClass): JsFunction {
  const made: JsFunction = (...args) => Reflect.construct(owner, args);
  const exported = exportedConstructor(owner);
  return exported === undefined ? made : registerForm(made, exported);
}

type WithMethods = Record<string, (...args: unknown[]) => unknown>;

/** Calls the method of whatever object comes first: a subclass may override it. `count` includes that object. */
function method(member: string, count: number): JsFunction {
  return Object.assign(methodCall(member, count), { [callsMethod]: true });
}

function methodCall(member: string, count: number): JsFunction {
  switch (count) {
    case 1:
      return (self) => (self as WithMethods)[member]!();
    case 2:
      return (self, a) => (self as WithMethods)[member]!(a);
    case 3:
      return (self, a, b) => (self as WithMethods)[member]!(a, b);
    default:
      return (self, ...args) => (self as WithMethods)[member]!(...args);
  }
}
