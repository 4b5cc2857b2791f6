/**
 * Compilation: from bytes to a `Component`. In: a component binary, whole or arriving. Out: plan, core modules compiled by
 * the engine, trampolines and adapters. Decoding, validation and translation run before the first await, while the engine
 * compiles the core modules; all reading of the bytes that these do is over when `compile` returns its promise.
 *
 * The bytes are neither copied nor changed. They stay reachable from the component, because linking it with other
 * components later reads them again: do not write into them while you do that.
 *
 * Rejected: a copy to be safe from that. It costs 12 MB for a component made from JavaScript.
 */
import { type EmittedComponent, emitAll } from '@gangway/adapter-codegen/emit';
import type { ComponentAst, ComponentPlan } from '@gangway/component';
import {
  type ComponentValue,
  componentValue,
  decode,
  exportedComponents,
  translateValue,
  validate as validateComponent,
} from '@gangway/component/front-end';
import { Engine } from '../engine.ts';
import { InternalError } from '../errors.ts';
import { signatures } from '../forms/signatures.ts';
import { linkEmitter, prepareLinking } from '../link/emit-link.ts';
import { Component } from './component.ts';
import { featuresOf } from './features-of.ts';
import { nestedPlans } from './nested-plans.ts';
import { usesTryTable } from './try-table.ts';

export interface CompileOptions {
  /** Default: `Engine.default`. */
  readonly engine?: Engine;
  /**
   * Name of an import, an instance, that stands for the intrinsics: `store-data-address`, `u8-native-load`,
   * `u8-native-store` and so on to u64, on the bytes of `Store({ data })`. Default: no import does. Throws
   * `ValidationError` when that instance has other functions.
   */
  readonly intrinsics?: string;
}

/** The bytes of a component. */
export type Bytes = ArrayBuffer | ArrayBufferView;

/** The core modules of a binary, by their first byte; they are compiled once, whoever uses them. */
export type ModuleCache = Map<number, Promise<WebAssembly.Module>>;
const moduleCaches = new WeakMap<Uint8Array, ModuleCache>();

/** Core modules of a binary that are being compiled already. */
export function keepModules(bytes: Uint8Array, modules: ModuleCache): void {
  moduleCaches.set(bytes, modules);
}

interface Origin {
  /** What a component was translated from; of one from the cache it is decoded when it is asked for. */
  readonly value: () => ComponentValue;
  /** The binaries that `PlanModule.source` counts; absent when there is only the one. */
  readonly sources?: readonly Uint8Array[];
}
const origins = new WeakMap<Component, Origin>();

/**
 * Compiles a component. Rejects with `DecodeError` or `ValidationError` (both with a byte offset), with
 * `UnsupportedError` for what is valid but cannot be run here, and with `WebAssembly.CompileError` for what the engine
 * says of an embedded core module.
 */
export function compile(bytes: Bytes, options: CompileOptions = {}): Promise<Component> {
  return explained(compileBytes(bytes, options));
}

/** What an invalid component is refused with gets its text. */
async function explained(component: Promise<Component>): Promise<Component> {
  try {
    return await component;
  } catch (error) {
    const { explain } = await import('@gangway/component/texts');
    throw explain(error);
  }
}

async function compileBytes(bytes: Bytes, options: CompileOptions): Promise<Component> {
  const engine = options.engine ?? Engine.default;
  const view = asBytes(bytes);
  const features = featuresOf(engine);
  // Loading from a cache takes longer than this function: what is compiled must be what was looked up.
  const own = engine.cache === null && !features.values ? view : view.slice();
  if (features.values) await loadValues();
  return throughCache(engine, own, options, () => build(engine, own, decode(own, { features }), options));
}

/** As {@link compile}; core modules are compiled as soon as their bytes have arrived. */
export function compileStreaming(
  source: Response | PromiseLike<Response>,
  options: CompileOptions = {},
): Promise<Component> {
  return explained(compileResponse(source, options));
}

async function compileResponse(source: Response | PromiseLike<Response>, options: CompileOptions): Promise<Component> {
  const engine = options.engine ?? Engine.default;
  const [response, { receive }] = await Promise.all([source, import('./streaming.ts')]);
  if (featuresOf(engine).values) await loadValues();
  const { bytes, ast } = await receive(engine, response);
  return throughCache(engine, bytes, options, () => build(engine, bytes, ast, options));
}

/** The rules for values; loaded when an engine that has their gate open compiles something. */
let valueRules: typeof import('@gangway/component/values') | undefined;

async function loadValues(): Promise<void> {
  valueRules ??= await import('@gangway/component/values');
}

/** From the engine's cache if it has one, or as `make` makes it. */
async function throughCache(
  engine: Engine,
  bytes: Uint8Array<ArrayBuffer>,
  { intrinsics }: CompileOptions,
  make: () => Promise<Component>,
): Promise<Component> {
  const { cache } = engine;
  // An entry does not say which import stands for the intrinsics.
  if (cache === null || intrinsics !== undefined) return make();
  const cached = await import('./cached.ts');
  return cached.throughCache(engine, cache, bytes, make);
}

/** What the bytes of a valid component are. */
export function validated(engine: Engine, bytes: Uint8Array): ComponentValue {
  const features = featuresOf(engine);
  const ast = decode(bytes, { features });
  return componentValue(bytes, ast, validateComponent(bytes, ast, { features, values: valueRules }).modules);
}

/**
 * Whether the bytes are a valid component. Embedded core modules are asked of the engine. Throws `TypeError` for a component
 * with values, when no engine with that gate open has compiled anything yet.
 */
export function validate(bytes: Bytes, options: CompileOptions = {}): boolean {
  const engine = options.engine ?? Engine.default;
  const view = asBytes(bytes);
  try {
    const ast = decode(view, { features: featuresOf(engine) });
    validateComponent(view, ast, { features: featuresOf(engine), values: valueRules });
    return coreModules(ast).every(({ start, end }) => WebAssembly.validate(view.subarray(start, end)));
  } catch (error) {
    if (error instanceof InternalError || !(error instanceof Error) || !('offset' in error)) throw error;
    return false;
  }
}

/** A view on the same bytes. */
export function asBytes(bytes: Bytes): Uint8Array<ArrayBuffer> {
  if (bytes instanceof Uint8Array) return bytes as Uint8Array<ArrayBuffer>;
  if (ArrayBuffer.isView(bytes)) {
    return new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
  }
  if (bytes instanceof ArrayBuffer) return new Uint8Array(bytes);
  throw new TypeError('expected the bytes of a component: an ArrayBuffer or a view of one');
}

async function build(
  engine: Engine,
  bytes: Uint8Array<ArrayBuffer>,
  ast: ComponentAst,
  options: CompileOptions,
): Promise<Component> {
  const compiled = coreModules(ast).map(({ start, end }) => moduleAt(bytes, start, end));
  const { modules } = validateComponent(bytes, ast, { features: featuresOf(engine), values: valueRules });
  const component = await assemble(engine, rootValue(componentValue(bytes, ast, modules), options), new Map());
  // Those that nothing instantiates must be valid as well.
  await Promise.all(compiled);
  return component;
}

/** The component, with what the embedder says of it. */
export function rootValue(value: ComponentValue, { intrinsics }: CompileOptions): ComponentValue {
  return intrinsics === undefined ? value : { ...value, intrinsics };
}

/** Translates and waits for what the plan needs. */
export async function assemble(
  engine: Engine,
  value: ComponentValue,
  components: ReadonlyMap<string, Component>,
): Promise<Component> {
  const given = new Map([...components].map(([name, component]) => [name, linkable(component)]));
  if (given.size > 0) {
    const { checkComponents } = await import('../link/check-components.ts');
    checkComponents(value, given, { features: featuresOf(engine), values: valueRules });
  }
  const plan = translateValue(value, { components: given });
  // Now, while the engine compiles the core modules.
  const emitting = emitPlan(engine, plan);
  emitting.catch(() => undefined);
  const made = await assemblePlan(engine, plan, value, given, () => emitting);
  await Promise.all([made.prepare(), prepareLinking(engine)]);
  return made;
}

function emitPlan(engine: Engine, plan: ComponentPlan): Promise<EmittedComponent> {
  const { pointerSize, multiMemory, codegen } = engine.options;
  return emitAll(plan, { pointerSize, adapters: multiMemory, codegen, tryTable: usesTryTable(engine) });
}

async function assemblePlan(
  engine: Engine,
  plan: ComponentPlan,
  value: ComponentValue,
  given: ReadonlyMap<string, ComponentValue>,
  emit = () => emitPlan(engine, plan),
): Promise<Component> {
  const sources = sourcesOf(plan, value, given);
  const modules = await Promise.all(
    plan.modules.map(({ source, start, end }) => moduleAt(sources[source]!, start, end)),
  );
  const exported = uniqueByPlan(nestedPlans(plan));
  const exportedValues = exported.length === 0 ? null : exportedComponents(value, { components: given });
  const inner = await Promise.all(
    exported.map(async ({ component, path }) => {
      const nestedValue = exportedValues?.get(path.join(' '));
      if (nestedValue === undefined) throw new InternalError(`no component is exported as "${path.join(' ')}"`);
      return [component, await assemblePlan(engine, component, nestedValue, given)] as const;
    }),
  );
  const nested = new Map(inner);
  const component = new Component({
    engine,
    plan,
    modules,
    emit,
    nested: (exported) => {
      const found = 'import' in exported.component ? undefined : nested.get(exported.component);
      if (found === undefined) throw new InternalError(`the exported component "${exported.name}" was not compiled`);
      return found;
    },
    link: (components) => assemble(engine, value, components),
    linking: linkEmitter(engine),
    signatures: signatures(plan),
  });
  register(component, { value: () => value, sources });
  return component;
}

/** Makes the component one that can be given for an import of another. */
export function register(component: Component, origin: Origin): void {
  origins.set(component, origin);
}

/** The bytes of a core module of the plan. Throws `TypeError` for a component that was stored without them. */
export function coreModuleBytes(component: Component, index: number): Uint8Array {
  const origin = origins.get(component);
  if (origin === undefined) throw new TypeError('a stored component does not have its bytes any more');
  const { source, start, end } = component.plan.modules[index]!;
  const { sources = [origin.value().bytes] } = origin;
  return sources[source]!.subarray(start, end);
}

/** The same plan may be exported several times. */
export function uniqueByPlan(nested: ReturnType<typeof nestedPlans>): ReturnType<typeof nestedPlans> {
  return [...new Map([...nested].reverse().map((one) => [one.component, one])).values()].reverse();
}

/** The binaries that `PlanModule.source` counts. */
function sourcesOf(
  plan: ComponentPlan,
  value: ComponentValue,
  given: ReadonlyMap<string, ComponentValue>,
): readonly Uint8Array[] {
  return [value.bytes, ...plan.linked.map((name) => given.get(name)!.bytes)];
}

function linkable(component: Component): ComponentValue {
  const origin = origins.get(component);
  if (origin === undefined) throw new TypeError('a stored component cannot be given for an import of another');
  return origin.value();
}

/** The core modules of a component, at any depth. */
export function coreModules(ast: ComponentAst): { readonly start: number; readonly end: number }[] {
  return ast.definitions.flatMap((definition) => {
    if (definition.kind === 'core-module') return [definition.range];
    return definition.kind === 'component' ? coreModules(definition.component) : [];
  });
}

/** The core module that the bytes have there, compiled once. */
export function moduleAt(bytes: Uint8Array, start: number, end: number): Promise<WebAssembly.Module> {
  let cache = moduleCaches.get(bytes);
  if (cache === undefined) {
    cache = new Map();
    moduleCaches.set(bytes, cache);
  }
  let module = cache.get(start);
  if (module === undefined) {
    module = compileModule(bytes.subarray(start, end) as Uint8Array<ArrayBuffer>, start);
    cache.set(start, module);
  }
  return module;
}

/** What the engine says of an embedded core module, with the module's place. */
export function coreModuleError(cause: unknown, start: number): WebAssembly.CompileError {
  const text = cause instanceof Error ? cause.message : String(cause);
  const error = new WebAssembly.CompileError(`0x${start.toString(16)}: invalid core module: ${text}`);
  error.cause = cause;
  return error;
}

/** Bytes of a core module that the engine has compiled before it could have told another thread to. */
const SMALL_MODULE = 16 * 1024;

async function engineModule(bytes: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Module> {
  return bytes.length <= SMALL_MODULE ? new WebAssembly.Module(bytes) : WebAssembly.compile(bytes);
}

/** Has the engine compile a core module that starts at the byte offset `start` of its component. */
export function compileModule(bytes: Uint8Array<ArrayBuffer>, start: number): Promise<WebAssembly.Module> {
  const compiling = engineModule(bytes).catch((cause: unknown) => {
    throw coreModuleError(cause, start);
  });
  // Validation may fail before anyone waits for this one.
  compiling.catch(() => undefined);
  return compiling;
}
