/**
 * Components that `gangway compile` has written. In: the manifest's text and the core modules, or where these files are.
 * Out: a `Component`, without decoding or emitting anything.
 */
import { readPlanJson } from '@gangway/component/plan-json';
import type { Engine } from '../engine.ts';
import { Component } from './component.ts';
import type { Manifest, StoredComponent } from './stored-component.ts';

export interface LoadOptions {
  /** Default: `Engine.default`. */
  readonly engine?: Engine;
}

/** The manifest of a `NAME.plan.json`: its text, or what a bundler has made of the file. */
export function parseManifest(json: string | object): Manifest {
  return readPlanJson(typeof json === 'string' ? json : JSON.stringify(json)) as Manifest;
}

/** The component of a manifest and its modules. Errors are those of `Component.from`. */
export function loadComponent(stored: StoredComponent, options: LoadOptions = {}): Component {
  return Component.from(stored, options);
}

/** Where the files of a component are. */
export interface ComponentFiles extends Pick<StoredComponent, 'forms' | 'parts'> {
  readonly manifest: URL;
  readonly modules: readonly URL[];
}

/** Fetches, or reads from the file system in Node, manifest and modules, and compiles the modules. */
export async function loadComponentFiles(files: ComponentFiles, options: LoadOptions = {}): Promise<Component> {
  const { forms, parts } = files;
  const [manifest, ...modules] = await Promise.all([
    readText(files.manifest).then(parseManifest),
    ...files.modules.map(compileFile),
  ]);
  return loadComponent({ manifest, modules, ...(forms && { forms }), ...(parts && { parts }) }, options);
}

/**
 * Node's `fetch` reads no files. Asked of the process, so that nothing that makes a page of this looks for `node:fs`; without
 * waiting, because `node:fs/promises` takes Node longer to load than the files take to read.
 */
function fileSystem(url: URL): typeof import('node:fs') | undefined {
  if (url.protocol !== 'file:' || typeof process === 'undefined') return undefined;
  return process.getBuiltinModule?.('node:fs');
}

async function fetched(url: URL): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) throw new TypeError(`${url.href} could not be fetched: HTTP status ${response.status}`);
  return response;
}

async function readText(url: URL): Promise<string> {
  return fileSystem(url)?.readFileSync(url, 'utf8') ?? (await fetched(url)).text();
}

/** Bytes of a core module that the engine has compiled before it could have told another thread to. */
const SMALL_MODULE = 16 * 1024;

/** Fetches, or reads from the file system in Node, a core module, and compiles it. */
export async function compileFile(url: URL): Promise<WebAssembly.Module> {
  const bytes = fileSystem(url)?.readFileSync(url);
  if (bytes !== undefined)
    return bytes.length <= SMALL_MODULE ? new WebAssembly.Module(bytes) : WebAssembly.compile(bytes);
  const response = await fetched(url);
  // Servers that do not know the type are common; streaming compilation insists on it.
  return response.headers.get('content-type') === 'application/wasm'
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await response.arrayBuffer());
}
