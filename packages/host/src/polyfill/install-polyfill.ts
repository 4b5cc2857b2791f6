/**
 * The JavaScript API of the component model on `WebAssembly` itself (Explainer.md#js-api and its draft successor,
 * JS-Reference.md). In: options. Out: `validate`, `compile`, `instantiate` and their streaming forms take components as well
 * as modules; `Component`, `ComponentInstance` and `ComponentError` are there.
 *
 * A call that is not about a component goes to the engine's own function, with the very arguments: what that returns,
 * throws, or does with options nobody can tell from an engine without this.
 *
 * NON-SPEC: values are those of `@gangway/host` unless the option `values` says `draft`: arguments are checked, not coerced;
 * variants are `{ tag, val }`, not `{ kind, value }`; the error case of a result is `payload`, not `data`; a trap in a call is
 * a `Trap`, not a `WebAssembly.RuntimeError`. The Bytecode Alliance's tools have the same values, and programs that move from
 * one to the other should not change.
 */
import { ComponentError } from '../abi/result-error.ts';
import { validate } from '../compile/build.ts';
import { compile, compileStreaming } from '../compile/compile.ts';
import { compileNow } from '../compile/compile-now.ts';
import { Component } from '../compile/component.ts';
import { Engine } from '../engine.ts';
import { Instance } from '../instance/instance.ts';
import { InstancePre } from '../instance/instance-pre.ts';
import type { ImportsObject } from '../link/imports.ts';
import { ComponentError as DraftError } from './draft/functions.ts';
import { ComponentInstance as DraftInstance, withBuiltins } from './draft/instance.ts';
import { rethrow } from './engine-errors.ts';
import './namespace.ts';

export interface PolyfillOptions {
  /** What components are compiled with. Default: `Engine.default`. */
  readonly engine?: Engine;
  /**
   * What component values are in JavaScript: `host` is the mapping of `@gangway/host`, `draft` that of the draft of the JS
   * API (WebAssembly/component-model, pull request 686), with its names, errors and resources. Default `host`.
   */
  readonly values?: 'host' | 'draft';
  /** Installs it even where the engine has `WebAssembly.Component`. Default: off. */
  readonly force?: boolean;
}

/** What depends on the option `values`. */
interface Profile {
  /** What is kept of the options that a component is compiled with. */
  readonly compiled: (component: Component, options: unknown) => Component;
  readonly now: (component: Component, imports: ImportsObject | undefined) => object;
  readonly later: (component: Component, imports: ImportsObject | undefined) => Promise<object>;
  readonly instance: { readonly prototype: object };
  readonly error: unknown;
}

/** The namespace, with what engines may lack. */
type Namespace = { [name: string]: unknown };
type NativeFunction = (...args: unknown[]) => unknown;

let installed: (() => void) | undefined;

/**
 * Patches `globalThis.WebAssembly`. Returns a function that restores it. Does nothing where the engine knows components
 * itself, or when it has been called before: then it returns the function of that time.
 */
export function installPolyfill(options: PolyfillOptions = {}): () => void {
  const { values = 'host' } = options;
  if (values !== 'host' && values !== 'draft') throw new TypeError('the option \'values\' must be "host" or "draft"');
  if (installed !== undefined) return installed;
  const namespace = globalThis.WebAssembly as unknown as Namespace;
  if ('Component' in namespace && options.force !== true) return () => undefined;
  // Not made before it is needed: it asks whether code may be evaluated, which a page's policy may report.
  const engine = (): Engine => options.engine ?? Engine.default;
  const before = new Map<string, PropertyDescriptor | undefined>();
  const define = (name: string, value: unknown, enumerable: boolean): void => {
    before.set(name, Object.getOwnPropertyDescriptor(namespace, name));
    Object.defineProperty(namespace, name, { value, enumerable, writable: true, configurable: true });
  };

  const profile = values === 'draft' ? draftProfile : hostProfile;
  const patches = functions(namespace, engine, profile);
  for (const [name, make] of Object.entries(patches)) {
    const native = namespace[name];
    // Some engines cannot stream.
    if (typeof native !== 'function') continue;
    const patched = make(native as NativeFunction);
    Object.defineProperty(patched, 'name', { value: name, configurable: true });
    Object.defineProperty(patched, 'length', { value: native.length, configurable: true });
    define(name, patched, true);
  }
  for (const [name, value] of Object.entries(classes(engine, profile))) define(name, value, false);

  installed = () => {
    installed = undefined;
    for (const [name, descriptor] of before) {
      if (descriptor === undefined) delete namespace[name];
      else Object.defineProperty(namespace, name, descriptor);
    }
  };
  return installed;
}

/** By name: the patched function around the engine's. */
function functions(
  namespace: Namespace,
  engine: () => Engine,
  { compiled: keep, later }: Profile,
): Readonly<Record<string, (native: NativeFunction) => NativeFunction>> {
  const call = (native: NativeFunction, args: readonly unknown[]): unknown => Reflect.apply(native, namespace, args);
  const compiled = async (bytes: Uint8Array<ArrayBuffer>, options: unknown): Promise<Component> =>
    keep(await compile(bytes, { engine: engine() }).catch(rethrow), options);
  const streamed = async (response: Response, options: unknown): Promise<Component> =>
    keep(await compileStreaming(response, { engine: engine() }).catch(rethrow), options);
  const both = async (make: () => Promise<Component>, imports: unknown) => {
    const checked = checkImports(imports);
    const component = await make();
    return { component, instance: await later(component, checked) };
  };
  return {
    validate:
      (native) =>
      (...args) => {
        const bytes = componentBytes(args[0]);
        return bytes === null ? call(native, args) : validate(bytes, { engine: engine() });
      },
    compile:
      (native) =>
      (...args) => {
        const bytes = componentBytes(args[0]);
        return bytes === null ? call(native, args) : compiled(bytes, args[1]);
      },
    instantiate:
      (native) =>
      (...args) => {
        const [source, imports] = args;
        if (source instanceof Component) return (async () => later(source, checkImports(imports)))();
        const bytes = componentBytes(source);
        return bytes === null ? call(native, args) : both(() => compiled(bytes, args[2]), imports);
      },
    compileStreaming:
      (native) =>
      async (...args) => {
        const response = await componentResponse(args[0]);
        return response === null ? call(native, args) : streamed(response, args[1]);
      },
    instantiateStreaming:
      (native) =>
      async (...args) => {
        const response = await componentResponse(args[0]);
        return response === null ? call(native, args) : both(() => streamed(response, args[2]), args[1]);
      },
  };
}

/** The classes: JS-Reference.md, "The WebAssembly namespace". */
function classes(engine: () => Engine, profile: Profile): Readonly<Record<string, unknown>> {
  /** A class whose instances are those of `base`, made by `make`. */
  const constructorOf = (name: string, { prototype }: { readonly prototype: object }, make: NativeFunction) => {
    const made = function (this: unknown, ...args: unknown[]): unknown {
      if (new.target === undefined) throw new TypeError(`WebAssembly.${name} must be called with new`);
      const object = make(...args) as object;
      if (new.target !== made) Object.setPrototypeOf(object, new.target.prototype as object);
      return object;
    };
    Object.defineProperty(made, 'prototype', { value: prototype, writable: false });
    // Web IDL: the class string of an interface is its qualified name.
    Object.defineProperty(prototype, Symbol.toStringTag, { value: `WebAssembly.${name}`, configurable: true });
    Object.defineProperty(made, 'name', { value: name, configurable: true });
    return Object.defineProperty(made, 'length', { value: 1, configurable: true });
  };
  const component = constructorOf('Component', Component, (source, options) => {
    const bytes = bufferSource(source);
    if (bytes === null) throw new TypeError('WebAssembly.Component(): the argument must be a buffer source');
    let made: Component;
    try {
      made = compileNow(bytes.slice(), { engine: engine() });
    } catch (error) {
      return rethrow(error);
    }
    return profile.compiled(made, options);
  });
  const instance = constructorOf('ComponentInstance', profile.instance, (source, imports) => {
    if (!(source instanceof Component)) {
      throw new TypeError('WebAssembly.ComponentInstance(): the argument must be a WebAssembly.Component');
    }
    return profile.now(source, checkImports(imports));
  });
  return { Component: component, ComponentInstance: instance, ComponentError: profile.error };
}

const hostProfile: Profile = {
  compiled: (component) => component,
  now: (component, imports) => {
    try {
      return InstancePre.link(component, importsOf(component, imports)).instantiateSync();
    } catch (error) {
      return rethrow(error);
    }
  },
  later: async (component, imports) => {
    try {
      return await (await InstancePre.prepare(component, importsOf(component, imports))).instantiate();
    } catch (error) {
      return rethrow(error);
    }
  },
  instance: Instance,
  error: ComponentError,
};

const draftProfile: Profile = {
  compiled: withBuiltins,
  now: DraftInstance.now,
  later: DraftInstance.later,
  instance: DraftInstance,
  error: DraftError,
};

/** `optional object`: absent or an object. */
function checkImports(imports: unknown): ImportsObject | undefined {
  if (imports === undefined || typeof imports === 'function') return imports as ImportsObject | undefined;
  if (typeof imports !== 'object' || imports === null) throw new TypeError('the imports must be an object');
  return imports as ImportsObject;
}

function importsOf(component: Component, imports: ImportsObject | undefined): ImportsObject {
  if (imports === undefined && component.plan.runtimeImports.length + component.plan.unlinked.length > 0) {
    throw new TypeError('the component has imports: an object with them must be given');
  }
  return imports ?? {};
}

// --- what is a component ------------------------------------------------------------------------------------------------

/** Bytes of the preamble: magic, version, layer. */
const PREAMBLE = 8;

/** Whether the layer is that of components (Binary.md#component-definitions). */
function startsComponent(bytes: Uint8Array): boolean {
  return (
    bytes.length >= PREAMBLE &&
    bytes[0] === 0 &&
    bytes[1] === 0x61 &&
    bytes[2] === 0x73 &&
    bytes[3] === 0x6d &&
    bytes[6] === 1 &&
    bytes[7] === 0
  );
}

/** A view of the bytes; null when it is no buffer source. */
function bufferSource(source: unknown): Uint8Array | null {
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (typeof SharedArrayBuffer !== 'undefined' && source instanceof SharedArrayBuffer) return new Uint8Array(source);
  return null;
}

/** A copy of a component's bytes: whoever gave them may change them. Null: it is not for us. */
function componentBytes(source: unknown): Uint8Array<ArrayBuffer> | null {
  const bytes = bufferSource(source);
  return bytes !== null && startsComponent(bytes) ? bytes.slice() : null;
}

/**
 * The response, unread, when it is a component's. Null: it is not for us. The engine tells what is wrong with a response, so
 * everything but a good one is not for us.
 */
async function componentResponse(source: unknown): Promise<Response | null> {
  let response: unknown;
  try {
    response = await source;
  } catch {
    return null;
  }
  if (typeof Response === 'undefined' || !(response instanceof Response)) return null;
  const { ok, body, bodyUsed, headers } = response;
  if (!ok || bodyUsed || body === null || body.locked || headers.get('content-type') !== 'application/wasm')
    return null;
  // The engine knows a module's response by its address: it must get the original, so we look into a copy.
  const reader = response.clone().body!.getReader();
  const start = new Uint8Array(PREAMBLE);
  let read = 0;
  try {
    while (read < PREAMBLE) {
      const { done, value } = await reader.read();
      if (done) break;
      const part = value.subarray(0, PREAMBLE - read);
      start.set(part, read);
      read += part.length;
    }
  } catch {
    return null;
  } finally {
    // What has been read stays for the original; nothing more is kept for this one.
    reader.cancel().catch(() => undefined);
  }
  return read === PREAMBLE && startsComponent(start) ? response : null;
}
