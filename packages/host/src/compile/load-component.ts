/**
 * Components that `gangway compile` has written. In: the manifest's text and the core modules, or where these files are.
 * Out: a `Component`, without decoding or emitting anything.
 */
import { readPlanJson } from '@gangway/component/plan-json';
import type { Engine } from '../engine.ts';
import type { PartForms } from '../forms/forms.ts';
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

/** Fetches, or reads from the file system in Node, manifest and modules, and compiles the modules. */
export async function loadComponentFiles(
  files: { readonly manifest: URL; readonly modules: readonly URL[]; readonly forms?: readonly PartForms[] },
  options: LoadOptions = {},
): Promise<Component> {
  const [manifest, ...modules] = await Promise.all([
    readText(files.manifest).then(parseManifest),
    ...files.modules.map(compileFile),
  ]);
  return loadComponent({ manifest, modules, ...(files.forms && { forms: files.forms }) }, options);
}

type ReadFile = (url: URL) => Promise<Uint8Array<ArrayBuffer>>;

/** Node's `fetch` reads no files. Asked of the process, so that nothing that makes a page of this looks for `node:fs`. */
function fileReader(url: URL): ReadFile | null {
  if (url.protocol !== 'file:' || typeof process === 'undefined') return null;
  const fs = process.getBuiltinModule?.('node:fs/promises');
  return fs === undefined ? null : async (file) => new Uint8Array(await fs.readFile(file));
}

async function fetched(url: URL): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) throw new TypeError(`${url.href} could not be fetched: HTTP status ${response.status}`);
  return response;
}

async function readText(url: URL): Promise<string> {
  const read = fileReader(url);
  return read === null ? (await fetched(url)).text() : new TextDecoder().decode(await read(url));
}

/** Fetches, or reads from the file system in Node, a core module, and compiles it. */
export async function compileFile(url: URL): Promise<WebAssembly.Module> {
  const read = fileReader(url);
  if (read !== null) return WebAssembly.compile(await read(url));
  const response = await fetched(url);
  // Servers that do not know the type are common; streaming compilation insists on it.
  return response.headers.get('content-type') === 'application/wasm'
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await response.arrayBuffer());
}
