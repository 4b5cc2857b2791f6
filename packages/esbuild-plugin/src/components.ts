/**
 * The components of one build. In: paths. Out: for each the modules that stand for it; made again only when its bytes have
 * changed. Nothing here knows a bundler.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import {
  type ComponentModule,
  componentModule,
  type ImportMap,
  importOrigin,
  isComponent,
  moduleSource,
  packageImports,
  resolveImportMap,
  type SourceOptions,
} from '@gangway/host/bundling';
import type { ResolvedOptions } from './options.ts';

/** A path as it is imported: with `?component` for the component itself. */
export interface ComponentPath {
  readonly file: string;
  readonly form: 'instance' | 'component';
}

const suffix = '?component';

export function parsePath(path: string): ComponentPath {
  return path.endsWith(suffix)
    ? { file: path.slice(0, -suffix.length), form: 'component' }
    : { file: path, form: 'instance' };
}

/** What is imported for core module `index` of the component in `file`. */
export function coreSpecifier(file: string, index: number): string {
  return `gangway-core:${index}:${file}`;
}

export function parseCoreSpecifier(specifier: string): { readonly file: string; readonly index: number } | null {
  const match = /^gangway-core:(\d+):(.*)$/s.exec(specifier);
  return match === null ? null : { index: Number(match[1]), file: match[2] as string };
}

interface Made {
  readonly module: Promise<ComponentModule>;
  /** Of imports; JSON. */
  readonly mapping: string;
  /** All component binaries that were read for it, by path. */
  readonly files: Map<string, Uint8Array>;
}

/** What the bundler does for the modules of components. */
export interface Bundling extends Pick<SourceOptions, 'files' | 'fileSpecifier' | 'runtime'> {
  /** The path of the file that `specifier` stands for, when the component imports it. */
  readonly resolve: (specifier: string) => Promise<string>;
}

export interface LoadedComponent {
  readonly source: string;
  readonly module: ComponentModule;
  /** Whatever else the source depends on. */
  readonly watch: readonly string[];
}

export class Components {
  readonly #options: ResolvedOptions;
  readonly #made = new Map<string, Made>();

  constructor(options: ResolvedOptions) {
    this.#options = options;
  }

  /** Null: the file is no component. Rejects with the errors of `compile`, and when a component that it needs is not mapped. */
  async load({ file, form }: ComponentPath, { resolve: find, ...bundling }: Bundling): Promise<LoadedComponent | null> {
    const bytes = await readBytes(file);
    if (!isComponent(bytes)) return null;
    const own = packageImports(file, (path) => path);
    const given = resolveImportMap(this.#options.imports, (path) => resolve(this.#options.root, path));
    const imports = { ...own.imports, ...given };
    const made = await this.#make(file, bytes, imports, find);
    const module = await made.module;
    const watch = [...made.files.keys()].filter((path) => path !== file);
    return {
      module,
      source: moduleSource(module, { ...bundling, form, imports }),
      watch: own.file === null ? watch : [...watch, own.file],
    };
  }

  /** A core module of a component that has been loaded. */
  async core(file: string, index: number): Promise<{ readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }> {
    const core = (await this.#made.get(file)?.module)?.files[index];
    if (core === undefined) throw new RangeError(`${file} has no core module ${index}`);
    return core;
  }

  async #make(
    file: string,
    bytes: Uint8Array<ArrayBuffer>,
    imports: ImportMap,
    find: Bundling['resolve'],
  ): Promise<Made> {
    const known = this.#made.get(file);
    const mapping = JSON.stringify(imports);
    if (known !== undefined && known.mapping === mapping && (await sameFiles(known.files))) return known;
    const files = new Map<string, Uint8Array>([[file, bytes]]);
    const importedComponent = async (name: string): Promise<Uint8Array<ArrayBuffer>> => {
      const path = await find(componentSpecifier(name, imports));
      const given = await readBytes(path);
      files.set(path, given);
      return given;
    };
    const made = { module: this.#compile(file, bytes, importedComponent), mapping, files };
    made.module.catch(() => this.#made.delete(file));
    this.#made.set(file, made);
    return made;
  }

  async #compile(
    file: string,
    bytes: Uint8Array<ArrayBuffer>,
    importedComponent: (name: string) => Promise<Uint8Array<ArrayBuffer>>,
  ): Promise<ComponentModule> {
    const name = basename(file).replace(/\.wasm$/, '');
    const module = await componentModule(bytes, { name, engine: this.#options.engine, importedComponent });
    if (this.#options.types) await writeChanged(file.replace(/\.wasm$/, '.d.wasm.ts'), module.declarations);
    return module;
  }
}

/** What the mapping says of a component that a component instantiates. */
function componentSpecifier(name: string, imports: ImportMap): string {
  const origin = importOrigin(name, imports);
  if (origin.kind === 'module' && origin.mapped && origin.member === null) return origin.specifier;
  throw new TypeError(
    `it instantiates the component that it imports as "${name}": map that name to a component, { ${JSON.stringify(name)}: './file.wasm' }`,
  );
}

async function readBytes(file: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(file));
}

/** Whether files still have the bytes that were read. */
async function sameFiles(files: ReadonlyMap<string, Uint8Array>): Promise<boolean> {
  for (const [file, bytes] of files) {
    const now = await readFile(file).catch(() => null);
    if (now === null || Buffer.compare(now, bytes) !== 0) return false;
  }
  return true;
}

/** Leaves a file alone that says the same already: watchers would start again. */
async function writeChanged(file: string, text: string): Promise<void> {
  const old = await readFile(file, 'utf8').catch(() => null);
  if (old !== text) await writeFile(file, text);
}
