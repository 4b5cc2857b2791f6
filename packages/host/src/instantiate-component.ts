/**
 * The functions of the `WebAssembly` namespace for components (Explainer.md#JS-API): in goes a component or its bytes,
 * with imports; out comes an instance, or both.
 */
import { type Bytes, type CompileOptions, compile, compileStreaming } from './compile.ts';
import { Component } from './component.ts';
import type { ImportScope, ImportsObject } from './imports.ts';
import type { Instance } from './instance.ts';
import { InstancePre } from './instance-pre.ts';
import type { Store } from './store.ts';

export interface InstantiateOptions extends CompileOptions {
  /** Default: a new one. Instances in one store trap together and can share resources. */
  readonly store?: Store;
}

/** What comes of bytes. */
export interface CompiledAndInstantiated {
  readonly component: Component;
  readonly instance: Instance;
}

/**
 * Instantiates a component, or compiles bytes and instantiates that. Rejects as `compile` does, with `LinkError` when an
 * import is missing or of the wrong kind, and with `Trap` when a start function traps.
 */
export function instantiate(
  component: Component,
  imports?: ImportsObject | ImportScope,
  options?: InstantiateOptions,
): Promise<Instance>;
export function instantiate(
  bytes: Bytes,
  imports?: ImportsObject | ImportScope,
  options?: InstantiateOptions,
): Promise<CompiledAndInstantiated>;
export async function instantiate(
  source: Component | Bytes,
  imports: ImportsObject | ImportScope = {},
  options: InstantiateOptions = {},
): Promise<Instance | CompiledAndInstantiated> {
  if (source instanceof Component) return start(source, imports, options);
  const component = await compile(source, withEngine(options));
  return { component, instance: await start(component, imports, options) };
}

/** As {@link instantiate} for a component that is being fetched. */
export async function instantiateStreaming(
  source: Response | PromiseLike<Response>,
  imports: ImportsObject | ImportScope = {},
  options: InstantiateOptions = {},
): Promise<CompiledAndInstantiated> {
  const component = await compileStreaming(source, withEngine(options));
  return { component, instance: await start(component, imports, options) };
}

function withEngine(options: InstantiateOptions): CompileOptions {
  const engine = options.engine ?? options.store?.engine;
  return engine === undefined ? {} : { engine };
}

async function start(
  component: Component,
  imports: ImportsObject | ImportScope,
  options: InstantiateOptions,
): Promise<Instance> {
  return (await InstancePre.prepare(component, imports)).instantiate(options.store);
}
