/**
 * Compilation: from bytes to a `Component`. In: a component binary, whole or arriving. Out: a promise of the component, from
 * the engine's cache or made by the front end (build.ts), which is loaded when it is needed first.
 *
 * The bytes are not changed. They stay reachable from the component, because linking it with other components later reads them
 * again: do not write into them while you do that. What is compiled before the front end is there, or may come from a cache, is
 * a copy: loading takes longer than this function, and what is compiled must be what was given.
 *
 * Rejected: a copy each time, to be safe from that. It costs 12 MB for a component made from JavaScript.
 */
import { Engine } from '../engine.ts';
import { part } from '../forms/parts.ts';
import { asBytes, type Bytes } from './as-bytes.ts';
import type { Component } from './component.ts';

export type { Bytes } from './as-bytes.ts';
export { coreModuleBytes } from './origins.ts';

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

type FrontEnd = typeof import('../parts/front-end.ts');

let frontEnd: FrontEnd | undefined;

/**
 * Decoder, validator, translation and code generator. What the component will be called with is asked for at the same time: where
 * they are files of their own, waiting for one before another is asked for is a round trip.
 */
export async function loadFrontEnd({ options }: Engine): Promise<FrontEnd> {
  if (frontEnd === undefined) {
    // Whoever needs it waits for it, and tries again.
    part(options.evaluate ? 'generator' : 'closures').catch(() => undefined);
    frontEnd = await import('../parts/front-end.ts');
  }
  return frontEnd;
}

type ThroughCache = typeof import('../parts/cached.ts').throughCache;

/** Compilation with a code cache. */
let throughCache: ThroughCache | undefined;

/** Not for embedders: it need not be loaded (forms/start-parts.ts). */
export function keepThroughCache(loaded: ThroughCache): void {
  throughCache = loaded;
}

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
  const isAtOnce = engine.cache === null && engine.options.features.values !== true;
  if (frontEnd !== undefined && isAtOnce) return frontEnd.build(engine, view, options);
  const own = view.slice();
  return fromCache(engine, own, options, async () => (await loadFrontEnd(engine)).build(engine, own, options));
}

/**
 * As {@link compile}; core modules are compiled as soon as their bytes have arrived, unless the engine has a cache and nothing
 * but that has been needed so far.
 */
export function compileStreaming(
  source: Response | PromiseLike<Response>,
  options: CompileOptions = {},
): Promise<Component> {
  return explained(compileResponse(source, options));
}

async function compileResponse(source: Response | PromiseLike<Response>, options: CompileOptions): Promise<Component> {
  const engine = options.engine ?? Engine.default;
  // What a cache has may be all that is ever compiled: until the front end is needed, a decoder is not worth its loading.
  if (frontEnd === undefined && usesCache(engine, options)) {
    const bytes = new Uint8Array(await checked(await source).arrayBuffer());
    return fromCache(engine, bytes, options, async () => (await loadFrontEnd(engine)).build(engine, bytes, options));
  }
  const [response, { receive }, { build, loadRules }] = await Promise.all([
    source,
    import('./streaming.ts'),
    loadFrontEnd(engine),
  ]);
  await loadRules(engine);
  const { bytes, ast } = await receive(engine, checked(response));
  return fromCache(engine, bytes, options, () => build(engine, bytes, options, ast));
}

function checked(response: Response): Response {
  if (!response.ok) throw new TypeError(`the component could not be fetched: HTTP status ${response.status}`);
  return response;
}

/** An entry does not say which import stands for the intrinsics. */
function usesCache({ cache }: Engine, { intrinsics }: CompileOptions): boolean {
  return cache !== null && intrinsics === undefined;
}

/** From the engine's cache if it has one, or as `make` makes it. */
async function fromCache(
  engine: Engine,
  bytes: Uint8Array<ArrayBuffer>,
  options: CompileOptions,
  make: () => Promise<Component>,
): Promise<Component> {
  const { cache } = engine;
  if (cache === null || !usesCache(engine, options)) return make();
  throughCache ??= (await import('../parts/cached.ts')).throughCache;
  return throughCache(engine, cache, bytes, make);
}
