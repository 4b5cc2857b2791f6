/**
 * What the embedder supplies. In: a component and an imports object or a `Linker`. Out: one value for each leaf of the
 * component's imports (`ComponentPlan.runtimeImports`), or a `LinkError` that names the path and the expected type.
 *
 * The imports object is that of the Bytecode Alliance's JS tools: `{ log: fn, 'wasi:io/streams': { OutputStream: class } }`.
 * A name is looked up as it stands, then as a compatible version, then without version, then as JavaScript writes it.
 * Functions of a resource are found on its class: `[method]a.b-c` is `A.prototype.bC`, `[static]a.b-c` is `A.bC`.
 *
 * Rejected: calling an interface's functions with the interface as `this`. Neither WebAssembly nor those tools do.
 */
import { camelCase, parseExternName, pascalCase } from '@gangway/component/names';
import type { ComponentPlan, RuntimeImport } from '@gangway/component/plan';
import type { JsFunction } from '../call/requests.ts';
import { Component } from '../compile/component.ts';
import { LinkError } from '../errors.ts';
import { needPart, partNow } from '../forms/parts.ts';
import type { ResourceClass } from '../resources/resource-type.ts';
import { findCompatible } from './semver.ts';

/** What a leaf of the imports is. */
export type ImportValue =
  | { readonly kind: 'func'; readonly func: JsFunction }
  | { readonly kind: 'resource'; readonly class: ResourceClass }
  | { readonly kind: 'core-module'; readonly module: WebAssembly.Module }
  | { readonly kind: 'component'; readonly component: Component };

/** An imports object: functions, classes, core modules, components, and objects of them for instances. */
export type ImportsObject = { readonly [name: string]: unknown };

/** Names with values: an object of the embedder, or what a `Linker` has defined. */
export interface ImportScope {
  has(name: string): boolean;
  get(name: string): unknown;
  names(): Iterable<string>;
}

/** An object's properties, without those of `Object.prototype`: `constructor` is an ordinary name. */
export class ObjectScope implements ImportScope {
  readonly #object: object;
  constructor(object: object) {
    this.#object = object;
  }
  has(name: string): boolean {
    for (let o: object | null = this.#object; o !== null && !bottom.has(o); o = Object.getPrototypeOf(o)) {
      if (Object.hasOwn(o, name)) return true;
    }
    return false;
  }
  get(name: string): unknown {
    return this.has(name) ? Reflect.get(this.#object, name) : undefined;
  }
  names(): Iterable<string> {
    return Object.keys(this.#object);
  }
}

const bottom: ReadonlySet<object> = new Set([Object.prototype, Function.prototype]);

export function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** Whether `value` is a scope itself (a `Linker` or an instance of one). */
function isScope(value: object): value is ImportScope {
  return scopes.has(value);
}
const scopes = new WeakSet<object>();

/** Marks an object as a scope, to be asked instead of looked into. */
export function registerScope(scope: ImportScope): void {
  scopes.add(scope);
}

export function scopeOf(value: unknown): ImportScope | null {
  if (!isObject(value)) return null;
  return isScope(value) ? value : new ObjectScope(value);
}

/** The value of a name in a scope: by exact name, compatible version, no version, JavaScript's spelling. */
export function lookUp(scope: ImportScope, name: string): unknown {
  const found = findCompatible(name, scope.names(), (candidate) => scope.has(candidate));
  if (found !== undefined) return scope.get(found);
  const parts = parseExternName(name);
  return parts.kind === 'label' ? scope.get(camelCase(parts.label)) : undefined;
}

/** Resolves every leaf. Throws `LinkError` for the first one that is missing or of the wrong kind. */
export function resolveImports(component: Component, imports: ImportsObject | ImportScope): ImportValue[] {
  const root = scopeOf(imports);
  if (root === null) throw new TypeError('the imports must be an object');
  const { plan } = component;
  /** By the names of the instances on the way, joined: what was looked up already. */
  const known = new Map<string, ImportScope | null>();
  return plan.runtimeImports.map((wanted) => {
    let scope: ImportScope | null = root;
    let key = '';
    for (const name of wanted.path.slice(0, -1)) {
      key += `${name}\n`;
      const seen = known.get(key);
      if (seen !== undefined) {
        scope = seen;
      } else {
        if (scope !== null) scope = scopeOf(lookUp(scope, name));
        known.set(key, scope);
      }
    }
    if (scope === null) throw new LinkError(wanted.path, expected(plan, wanted), 'not found');
    return resolve(plan, wanted, scope);
  });
}

function resolve(plan: ComponentPlan, wanted: RuntimeImport, scope: ImportScope): ImportValue {
  const fail = (problem: string): never => {
    throw new LinkError(wanted.path, expected(plan, wanted), problem);
  };
  const name = wanted.path.at(-1) as string;
  switch (wanted.kind) {
    case 'func': {
      const found = findFunction(scope, name, plan.funcTypes[wanted.type]!.params.length);
      return typeof found === 'function' ? { kind: 'func', func: found as JsFunction } : fail(found);
    }
    case 'resource': {
      const value = resourceClass(scope, name);
      if (value === undefined) return fail('not found');
      return typeof value === 'function' && isObject(value.prototype)
        ? { kind: 'resource', class: value }
        : fail(`${describe(value)} is no class`);
    }
    case 'core-module': {
      const value = lookUp(scope, name);
      if (value === undefined) return fail('not found');
      if (!(value instanceof WebAssembly.Module)) return fail(`${describe(value)} is no WebAssembly.Module`);
      const problem = needPart('coreModules', 'the types of core modules')(value, wanted.type);
      return problem === null ? { kind: 'core-module', module: value } : fail(problem);
    }
    case 'component': {
      const value = lookUp(scope, name);
      if (value === undefined) return fail('not found');
      return value instanceof Component
        ? { kind: 'component', component: value }
        : fail(`${describe(value)} is no Component`);
    }
    default:
      return wanted satisfies never;
  }
}

/** A function of the scope, of `count` parameters, or what is wrong. */
function findFunction(scope: ImportScope, name: string, count: number): JsFunction | string {
  const parts = parseExternName(name);
  const whole = lookUp(scope, name);
  if (typeof whole === 'function') return whole as JsFunction;
  if (parts.kind === 'label' || parts.kind === 'interface') {
    // A module namespace with a default export, as the Bytecode Alliance's JS tools allow.
    const fallback = isObject(whole) ? new ObjectScope(whole).get('default') : undefined;
    if (typeof fallback === 'function') return fallback as JsFunction;
    return whole === undefined ? 'not found' : `${describe(whole)} is no function`;
  }
  return needPart('resources', 'the functions of resources').memberFunction(scope, parts, count);
}

export function resourceClass(scope: ImportScope, name: string): ResourceClass | undefined {
  return (scope.get(name) ?? scope.get(pascalCase(name))) as ResourceClass | undefined;
}

export function describe(value: unknown): string {
  if (value === null) return 'null';
  return isObject(value) ? `an ${typeof value}`.replace('an function', 'a function') : `a ${typeof value}`;
}

/** What is expected, as full as the parts that have been loaded can say it: `InstancePre.prepare` loads them for an error. */
function expected(plan: ComponentPlan, wanted: RuntimeImport): string {
  return partNow('texts')?.(plan, wanted) ?? wanted.kind.replace('-', ' ');
}
