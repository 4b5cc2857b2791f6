/**
 * The functions of the `WebAssembly` namespace for components (Explainer.md#JS-API): in goes a component or its bytes,
 * with imports; out comes an instance, or both.
 */
import { type Bytes, type CompileOptions, compile, compileStreaming } from '../compile/compile.ts';
import { Component } from '../compile/component.ts';
import type { ImportScope, ImportsObject } from '../link/imports.ts';
import type { Store } from '../store/store.ts';
import type { Exports } from './exports-object.ts';
import type { Instance } from './instance.ts';
import { InstancePre } from './instance-pre.ts';

export interface InstantiateOptions extends CompileOptions {
  /** Default: a new one. Instances in one store trap together and can share resources. */
  readonly store?: Store;
}

/** What comes of bytes. */
export interface CompiledAndInstantiated<E extends object = Exports> {
  readonly component: Component;
  readonly instance: Instance<E>;
}

/**
 * Instantiates a component, or compiles bytes and instantiates that. Rejects as `compile` does, with `LinkError` when an
 * import is missing or of the wrong kind, and with `Trap` when a start function traps.
 */
export function instantiate<E extends object = Exports>(
  component: Component,
  imports?: ImportsObject | ImportScope,
  options?: InstantiateOptions,
): Promise<Instance<E>>;
export function instantiate<E extends object = Exports>(
  bytes: Bytes,
  imports?: ImportsObject | ImportScope,
  options?: InstantiateOptions,
): Promise<CompiledAndInstantiated<E>>;
export async function instantiate<E extends object = Exports>(
  source: Component | Bytes,
  imports: ImportsObject | ImportScope = {},
  options: InstantiateOptions = {},
): Promise<Instance<E> | CompiledAndInstantiated<E>> {
  if (source instanceof Component) return start<E>(source, imports, options);
  const component = await compile(source, withEngine(options));
  return { component, instance: await start<E>(component, imports, options) };
}

/** As {@link instantiate} for a component that is being fetched. */
export async function instantiateStreaming<E extends object = Exports>(
  source: Response | PromiseLike<Response>,
  imports: ImportsObject | ImportScope = {},
  options: InstantiateOptions = {},
): Promise<CompiledAndInstantiated<E>> {
  const component = await compileStreaming(source, withEngine(options));
  return { component, instance: await start<E>(component, imports, options) };
}

function withEngine({ store, ...options }: InstantiateOptions): CompileOptions {
  const engine = options.engine ?? store?.engine;
  return engine === undefined ? options : { ...options, engine };
}

async function start<E extends object>(
  component: Component,
  imports: ImportsObject | ImportScope,
  options: InstantiateOptions,
): Promise<Instance<E>> {
  return (await InstancePre.prepare(component, imports)).instantiate<E>(options.store);
}
