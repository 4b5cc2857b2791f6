/**
 * The components of one build. In: paths. Out: for each the modules that stand for it; made again only when its bytes have
 * changed. Nothing here knows a bundler.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import {
  type ComponentModule,
  componentModule,
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
  readonly bytes: Uint8Array;
  readonly module: Promise<ComponentModule>;
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

  /** Null: the file is no component. Rejects with the errors of `compile`. */
  async load(
    { file, form }: ComponentPath,
    source: Pick<SourceOptions, 'files' | 'fileSpecifier' | 'runtime'>,
  ): Promise<LoadedComponent | null> {
    const bytes = new Uint8Array(await readFile(file));
    if (!isComponent(bytes)) return null;
    const module = await this.#make(file, bytes);
    const own = packageImports(file, (path) => path);
    const given = resolveImportMap(this.#options.imports, (path) => resolve(this.#options.root, path));
    return {
      module,
      source: moduleSource(module, { ...source, form, imports: { ...own.imports, ...given } }),
      watch: own.file === null ? [] : [own.file],
    };
  }

  /** A core module of a component that has been loaded. */
  async core(file: string, index: number): Promise<{ readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }> {
    const core = (await this.#made.get(file)?.module)?.files[index];
    if (core === undefined) throw new RangeError(`${file} has no core module ${index}`);
    return core;
  }

  #make(file: string, bytes: Uint8Array<ArrayBuffer>): Promise<ComponentModule> {
    const known = this.#made.get(file);
    if (known !== undefined && Buffer.compare(known.bytes, bytes) === 0) return known.module;
    const module = this.#compile(file, bytes);
    module.catch(() => this.#made.delete(file));
    this.#made.set(file, { bytes, module });
    return module;
  }

  async #compile(file: string, bytes: Uint8Array<ArrayBuffer>): Promise<ComponentModule> {
    const name = basename(file).replace(/\.wasm$/, '');
    const module = await componentModule(bytes, { name, engine: this.#options.engine });
    if (this.#options.types) await writeChanged(file.replace(/\.wasm$/, '.d.wasm.ts'), module.declarations);
    return module;
  }
}

/** Leaves a file alone that says the same already: watchers would start again. */
async function writeChanged(file: string, text: string): Promise<void> {
  const old = await readFile(file, 'utf8').catch(() => null);
  if (old !== text) await writeFile(file, text);
}
