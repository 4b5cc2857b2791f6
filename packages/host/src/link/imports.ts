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
import type { ComponentPlan, RuntimeImport } from '@gangway/component/plan';
import type { JsFunction } from '../call/requests.ts';
import { Component } from '../compile/component.ts';
import { LinkError } from '../errors.ts';
import { needPart, partNow } from '../forms/parts.ts';
import type { ResourceClass } from '../resources/resource-type.ts';

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

/**
 * The value of a name in a scope: by exact name, compatible version, no version, JavaScript's spelling (null: it has no other
 * one).
 */
export function lookUp(scope: ImportScope, name: string, spelling: string | null | undefined): unknown {
  if (scope.has(name)) return scope.get(name);
  if (name.includes('@')) {
    const findCompatible = needPart('versions', 'rules for versions of imports');
    const found = findCompatible(name, scope.names(), (candidate) => scope.has(candidate));
    return found === undefined ? undefined : scope.get(found);
  }
  return spelling == null ? undefined : scope.get(spelling);
}

/** Resolves every leaf. Throws `LinkError` for the first one that is missing or of the wrong kind. */
export function resolveImports({ plan }: Component, imports: ImportsObject | ImportScope): ImportValue[] {
  const root = scopeOf(imports);
  if (root === null) throw new TypeError('the imports must be an object');
  /** By the names of the instances on the way, joined: what was looked up already. */
  const known = new Map<string, ImportScope | null>();
  const values: ImportValue[] = [];
  for (const wanted of plan.runtimeImports) {
    const { path, spellings } = wanted;
    let scope: ImportScope | null = root;
    let key = '';
    for (let i = 0; i < path.length - 1 && scope !== null; i++) {
      const name = path[i] as string;
      key += `${name}\n`;
      let inner = known.get(key);
      if (inner === undefined) {
        inner = scopeOf(lookUp(scope, name, spellings[i]));
        known.set(key, inner);
      }
      scope = inner;
    }
    const value = scope === null ? 'not found' : resolve(plan, wanted, scope);
    if (typeof value === 'string') throw new LinkError(path, expected(plan, wanted), value);
    values.push(value);
  }
  return values;
}

/** The value, or what is wrong. */
function resolve(plan: ComponentPlan, wanted: RuntimeImport, scope: ImportScope): ImportValue | string {
  const last = wanted.path.length - 1;
  const name = wanted.path[last] as string;
  const spelling = wanted.spellings[last];
  const value = wanted.kind === 'resource' ? resourceClass(scope, name, spelling) : lookUp(scope, name, spelling);
  switch (wanted.kind) {
    case 'func': {
      if (typeof value === 'function') return { kind: 'func', func: value as JsFunction };
      if (wanted.member !== undefined) {
        const { memberFunction } = needPart('resources', 'the functions of resources');
        const found = memberFunction(scope, wanted.member, plan.funcTypes[wanted.type]!.params.length);
        return typeof found === 'string' ? found : { kind: 'func', func: found };
      }
      // A module namespace with a default export, as the Bytecode Alliance's JS tools allow.
      const fallback = isObject(value) ? new ObjectScope(value).get('default') : undefined;
      if (typeof fallback === 'function') return { kind: 'func', func: fallback as JsFunction };
      break;
    }
    case 'resource':
      if (typeof value === 'function' && isObject(value.prototype)) {
        return { kind: 'resource', class: value as ResourceClass };
      }
      break;
    case 'core-module': {
      if (!(value instanceof WebAssembly.Module)) break;
      const problem = needPart('coreModules', 'the types of core modules')(value, wanted.type);
      return problem ?? { kind: 'core-module', module: value };
    }
    case 'component':
      if (value instanceof Component) return { kind: 'component', component: value };
      break;
    default:
      return wanted satisfies never;
  }
  return value === undefined ? 'not found' : `${describe(value)} is no ${nouns[wanted.kind]}`;
}

const nouns = { func: 'function', resource: 'class', 'core-module': 'WebAssembly.Module', component: 'Component' };

export function resourceClass(
  scope: ImportScope,
  name: string,
  spelling: string | null | undefined,
): ResourceClass | undefined {
  return (scope.get(name) ?? (spelling == null ? undefined : scope.get(spelling))) as ResourceClass | undefined;
}

export function describe(value: unknown): string {
  if (value === null) return 'null';
  return isObject(value) ? `an ${typeof value}`.replace('an function', 'a function') : `a ${typeof value}`;
}

/** What is expected, as full as the parts that have been loaded can say it: `InstancePre.prepare` loads them for an error. */
function expected(plan: ComponentPlan, wanted: RuntimeImport): string {
  return partNow('texts')?.(plan, wanted) ?? wanted.kind.replace('-', ' ');
}
