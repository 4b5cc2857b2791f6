/**
 * `Linker`: definitions that many instantiations share. In: functions, resources, core modules, components and instances
 * of them, by name. Out: something that can be given wherever an imports object can.
 *
 * Names are looked up as in an imports object (exact, compatible version, without version, JavaScript's spelling).
 */
import type { Component } from '../compile/component.ts';
import type { Exports } from '../instance/exports-object.ts';
import type { Instance } from '../instance/instance.ts';
import { InstancePre } from '../instance/instance-pre.ts';
import type { ResourceClass } from '../resources/resource-type.ts';
import type { Store } from '../store/store.ts';
import { type ImportScope, type ImportsObject, registerScope } from './imports.ts';

/** Definitions inside one imported instance. All methods return the object itself, but for `instance`. */
export class LinkerInstance implements ImportScope {
  readonly #definitions = new Map<string, unknown>();
  /** Whether a second definition of a name replaces the first. Otherwise it is a `TypeError`. */
  allowShadowing = false;

  constructor() {
    registerScope(this);
  }

  /** A function takes the component function's parameters and returns its result; a method takes `self` first. */
  func(name: string, func: (...args: never[]) => unknown): this {
    if (typeof func !== 'function') throw new TypeError(`the definition of "${name}" must be a function`);
    return this.define(name, func);
  }

  /** `name` as in WIT: `output-stream`. Its functions are found on the class, or defined by their full names. */
  resource(name: string, resourceClass: ResourceClass): this {
    if (typeof resourceClass !== 'function') throw new TypeError(`the definition of "${name}" must be a class`);
    return this.define(name, resourceClass);
  }

  module(name: string, module: WebAssembly.Module): this {
    if (!(module instanceof WebAssembly.Module)) {
      throw new TypeError(`the definition of "${name}" must be a WebAssembly.Module`);
    }
    return this.define(name, module);
  }

  component(name: string, component: Component): this {
    return this.define(name, component);
  }

  /** The instance of that name, to define things in; made on first use, or around `members` (an instance's exports, say). */
  instance(name: string, members?: ImportsObject | Exports): LinkerInstance {
    const known = this.#definitions.get(name);
    let instance: LinkerInstance;
    if (known instanceof LinkerInstance) {
      instance = known;
    } else {
      instance = new LinkerInstance();
      instance.allowShadowing = this.allowShadowing;
      this.define(name, instance);
    }
    for (const [key, value] of Object.entries(members ?? {})) instance.define(key, value);
    return instance;
  }

  /** Any definition: a function, a class, a core module, a component, or an object of them. */
  define(name: string, value: unknown): this {
    if (value === undefined) throw new TypeError(`the definition of "${name}" is undefined`);
    if (this.#definitions.has(name) && !this.allowShadowing) throw new TypeError(`"${name}" is defined already`);
    this.#definitions.set(name, value);
    return this;
  }

  has(name: string): boolean {
    return this.#definitions.has(name);
  }
  get(name: string): unknown {
    return this.#definitions.get(name);
  }
  names(): Iterable<string> {
    return this.#definitions.keys();
  }
}

export class Linker extends LinkerInstance {
  /** Resolves the imports of `component` now, for any number of instances. Throws `LinkError`. */
  instancePre(component: Component): InstancePre {
    return InstancePre.link(component, this);
  }

  /** One instance, in its own store unless it is given one. */
  async instantiate<E extends object = Exports>(component: Component, store?: Store): Promise<Instance<E>> {
    return (await InstancePre.prepare(component, this)).instantiate<E>(store);
  }
}
