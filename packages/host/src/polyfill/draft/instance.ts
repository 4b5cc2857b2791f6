/**
 * `WebAssembly.ComponentInstance` as the draft of the JS API has it. In: a component of `@gangway/host` and the embedder's
 * imports. Out: an instance whose exports have the draft's values and errors.
 *
 * Each instance has a store of its own, and what one exports is JavaScript to another (JS-Reference.md, "Component store").
 */
import type { ResourceIndex } from '@gangway/component/plan';
import type { Component } from '../../compile/component.ts';
import type { Instance } from '../../instance/instance.ts';
import { InstancePre } from '../../instance/instance-pre.ts';
import type { Linker } from '../../link/linker.ts';
import { rethrow } from '../engine-errors.ts';
import { type ExportMaker, fillClasses, makeClasses, makeExports } from './exports.ts';
import { readImports } from './imports.ts';
import { type GuestClass, guestConversion, type HostResource } from './resources.ts';
import { Conversions } from './values.ts';

/** The built-ins that a component was compiled with: the names after `wasm:`. */
const enabledBuiltins = new WeakMap<Component, readonly string[]>();

/** `WebAssemblyCompileOptions.builtins`. */
export function withBuiltins(component: Component, options: unknown): Component {
  const { builtins } = (options ?? {}) as { readonly builtins?: Iterable<unknown> };
  if (builtins !== undefined) enabledBuiltins.set(component, Array.from(builtins, String));
  return component;
}

/** An instance whose imports have been read and that is not there yet. */
interface Start {
  readonly linker: Linker;
  finish(instance: Instance): object;
}

/** Throws as `readImports` does. */
function begin(component: Component, imports: unknown): Start {
  const { plan } = component;
  const hostResources = new Map<ResourceIndex, HostResource>();
  let made: Instance | undefined;
  let guestClasses: Map<ResourceIndex, GuestClass>;
  const conversionOf = (resource: ResourceIndex) => {
    const known = guestClasses.get(resource);
    if (known !== undefined) return guestConversion(known);
    // Looked up when a value is converted: functions are read before the types of other imports.
    const host = () => (hostResources.get(resource) as HostResource).conversion;
    return {
      out: (value: unknown) => (host().out as (value: unknown) => unknown)(value),
      in: (value: unknown) => host().in(value),
    };
  };
  const conversions = new Conversions(plan, { own: conversionOf, borrow: conversionOf });
  guestClasses = makeClasses(plan, conversions, () => made as Instance);
  const builtins = enabledBuiltins.get(component) ?? [];
  const linker = readImports({ plan, conversions, hostResources, builtins }, imports);
  return {
    linker,
    finish: (instance) => {
      made = instance;
      const maker: ExportMaker = { plan, instance, conversions, hostResources, guestClasses };
      fillClasses(maker);
      return makeExports(maker);
    },
  };
}

/** What an instance is made of, for the constructor: not for embedders. */
const made = new WeakSet<object>();

export class ComponentInstance {
  readonly #exports: object;

  /** Not for embedders: {@link ComponentInstance.now}, or `new WebAssembly.ComponentInstance`. */
  constructor(exports: object) {
    if (!made.has(exports)) throw new TypeError('not made from a component');
    this.#exports = exports;
  }

  get exports(): object {
    return this.#exports;
  }

  static now(component: Component, imports: unknown): ComponentInstance {
    const { linker, finish } = begin(component, imports);
    try {
      return ComponentInstance.#of(finish(InstancePre.link(component, linker).instantiateSync()));
    } catch (error) {
      return rethrow(error);
    }
  }

  static async later(component: Component, imports: unknown): Promise<ComponentInstance> {
    const { linker, finish } = begin(component, imports);
    try {
      const pre = await InstancePre.prepare(component, linker);
      return ComponentInstance.#of(finish(await pre.instantiate()));
    } catch (error) {
      return rethrow(error);
    }
  }

  static #of(exports: object): ComponentInstance {
    made.add(exports);
    return new ComponentInstance(exports);
  }

  static {
    Object.defineProperty(ComponentInstance.prototype, 'exports', { enumerable: true });
  }
}
