/**
 * The imports as the draft of the JS API reads them (JS-Reference.md, "Read the imports object"). In: a component's imports
 * and the embedder's object. Out: definitions by the names that the component has, for `@gangway/host` to link.
 *
 * A property is read once for each import, in their order; no other version of an interface is looked for. A class serves
 * its type and all functions of it.
 *
 * Accessors (`[get]`, `[set]`) are in the draft only: the pinned specification refuses such names.
 */
import { parseExternName } from '@gangway/component/names';
import type { ComponentPlan, NamedExtern, ResourceIndex } from '@gangway/component/plan';
import type { JsFunction } from '../../call/requests.ts';
import { Component } from '../../compile/component.ts';
import { Linker, LinkerInstance } from '../../link/linker.ts';
import type { ResourceClass } from '../../resources/resource-type.ts';
import { type CallKind, importedFunction } from './functions.ts';
import { jsName, jsTypeName } from './names.ts';
import { type HostResource, hostResource } from './resources.ts';
import type { Conversions } from './values.ts';

type Getter = { readonly [name: string]: unknown };

/** What reading needs of the instance that is being made. */
export interface ImportReader {
  readonly plan: ComponentPlan;
  readonly conversions: Conversions;
  /** By imported resource; reading fills it. */
  readonly hostResources: Map<ResourceIndex, HostResource>;
  /** The names after `wasm:` that stand for built-ins: `js/global`. */
  readonly builtins: readonly string[];
}

/** Throws `TypeError` for imports that are no object, `WebAssembly.LinkError` for one that is missing or of the wrong kind. */
export function readImports(reader: ImportReader, imports: unknown): Linker {
  const linker = new Linker();
  readScope(reader, reader.plan.imports, imports, linker, [], reader.builtins);
  return linker;
}

function readScope(
  reader: ImportReader,
  decls: readonly NamedExtern[],
  from: unknown,
  into: LinkerInstance,
  path: readonly string[],
  builtins: readonly string[],
): void {
  /** The imported resources of this scope, by label. */
  const owners = new Map<string, ResourceIndex>();
  for (const decl of decls) {
    const { name, type } = decl;
    if (type.kind === 'type') continue;
    if (type.kind === 'resource') {
      owners.set(name, type.resource);
      const known = reader.hostResources.get(type.resource);
      if (known !== undefined) {
        into.define(name, known.class);
        continue;
      }
    }
    const specifier = decl.externalId ?? (type.kind === 'resource' ? jsTypeName(name) : jsName(name));
    const where = [...path, name];
    const found = builtin(specifier, builtins);
    const { value, call } =
      found === null ? lookUp(reader, decl, specifier, from, owners, where) : { value: found.value, call: plainCall };
    into.define(name, read(reader, decl, value, call, where));
  }
}

interface Found {
  readonly value: unknown;
  readonly call: CallKind;
}
const plainCall: CallKind = { kind: 'receiver', receiver: undefined };

/** The property for an import: of the class it belongs to, or of the object. */
function lookUp(
  reader: ImportReader,
  { name, type }: NamedExtern,
  specifier: string,
  from: unknown,
  owners: ReadonlyMap<string, ResourceIndex>,
  path: readonly string[],
): Found {
  const parts = parseExternName(name);
  if (type.kind === 'func' && (parts.kind === 'constructor' || parts.kind === 'method' || parts.kind === 'static')) {
    const resource = owners.get(parts.resource);
    const owner = resource === undefined ? undefined : reader.hostResources.get(resource)?.constructor;
    if (owner === undefined) return refuse(path, `there is no class for the resource "${parts.resource}"`);
    if (parts.kind === 'constructor') return { value: owner, call: { kind: 'construct' } };
    if (parts.kind === 'static') {
      return {
        value: (owner as unknown as Getter)[specifier],
        call: { kind: 'receiver', receiver: owner },
      };
    }
    const { prototype } = owner as { readonly prototype: unknown };
    if (!isObject(prototype)) return refuse(path, 'its class has no prototype');
    return { value: (prototype as Getter)[specifier], call: { kind: 'first' } };
  }
  if (!isObject(from)) throw new TypeError('the imports must be an object');
  return { value: (from as Getter)[specifier], call: plainCall };
}

function read(
  reader: ImportReader,
  { type }: NamedExtern,
  value: unknown,
  call: CallKind,
  path: readonly string[],
): unknown {
  switch (type.kind) {
    case 'func':
      if (typeof value !== 'function') return refuse(path, 'expected a function');
      if (call.kind === 'construct' && !isConstructor(value)) return refuse(path, 'expected a constructor');
      return importedFunction(reader.plan, type.type, reader.conversions, value as JsFunction, call);
    case 'resource': {
      if (typeof value !== 'function') return refuse(path, 'expected a constructor');
      const made = hostResource(value as ResourceClass);
      reader.hostResources.set(type.resource, made);
      return made.class;
    }
    case 'instance': {
      if (!isObject(value)) return refuse(path, 'expected an object');
      const inner = new LinkerInstance();
      readScope(reader, type.exports, value, inner, path, []);
      return inner;
    }
    case 'core-module':
      if (!(value instanceof WebAssembly.Module)) return refuse(path, 'expected a WebAssembly.Module');
      return value;
    case 'component':
      if (!(value instanceof Component)) return refuse(path, 'expected a WebAssembly.Component');
      return value;
    case 'type':
    case 'value':
      return refuse(path, `imports of the kind ${type.kind} are not read`);
    default:
      return type satisfies never;
  }
}

/** JS-Reference.md, "resolve a builtin specifier"; null when it is none that is enabled. */
function builtin(specifier: string, enabled: readonly string[]): { readonly value: unknown } | null {
  if (!/^wasm:js\/global(\/|$)/.test(specifier)) return null;
  if (!enabled.includes('js/global') && !enabled.includes('js/global/*')) return null;
  let value: unknown = globalThis;
  for (const step of specifier.split('/').slice(2)) value = (value as Getter)[step];
  return { value };
}

function refuse(path: readonly string[], problem: string): never {
  throw new WebAssembly.LinkError(`import ${path.map((name) => `"${name}"`).join(' / ')}: ${problem}`);
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function isConstructor(value: object): boolean {
  try {
    // Asks for [[Construct]] of the new target without calling anything.
    Reflect.construct(Object, [], value as new () => object);
    return true;
  } catch {
    return false;
  }
}
