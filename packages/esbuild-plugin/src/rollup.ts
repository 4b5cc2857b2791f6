/**
 * `@gangway/esbuild-plugin/rollup`: the same for Rollup, and for Vite, whose plugins are Rollup's. In: a component binary. Out: an
 * ES module that instantiates it.
 *
 * Builds emit core modules as assets. Vite emits none for its development server and for what runs on a server: there they are
 * part of the module.
 *
 * Neither bundler is a dependency, not even of the declarations: what is used of them is declared here.
 */
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Components, coreSpecifier, parseCoreSpecifier, parsePath } from './components.ts';
import { type GangwayOptions, resolveOptions } from './options.ts';

export type { GangwayOptions } from './options.ts';

export interface RollupOptions extends GangwayOptions {
  /**
   * Where core modules go. `file`: beside the bundle, fetched (in Node: read) when it starts. `inline`: into it. `import`: beside
   * it, and imported from there as a `WebAssembly.Module`, which is what workerd needs. Default: `file`.
   */
  readonly modules?: 'file' | 'inline' | 'import';
}

/** What the plugin uses of the context that Rollup calls it in. */
export interface BuildContext {
  resolve(source: string, importer?: string, options?: { skipSelf?: boolean }): Promise<{ readonly id: string } | null>;
  addWatchFile(file: string): void;
  emitFile(file: { type: 'asset'; name: string; source: Uint8Array }): string;
  getFileName(reference: string): string;
  /** Vite's. */
  readonly environment?: { readonly config: { readonly consumer?: string } };
}

/** The plugin, as Rollup, Rolldown and Vite take it. */
export interface RollupPlugin {
  readonly name: string;
  readonly enforce: 'pre';
  configResolved(config: { readonly root: string; readonly command: string }): void;
  resolveId(
    this: BuildContext,
    source: string,
    importer: string | undefined,
  ): Promise<string | { readonly id: string; readonly external: true } | null>;
  load(this: BuildContext, id: string): Promise<string | null>;
  renderChunk(
    this: BuildContext,
    code: string,
    chunk: { readonly fileName: string },
  ): { readonly code: string; readonly map: null } | null;
}

const runtime = '@gangway/host/runtime';
/** What the modules that this plugin makes import of the host. */
const ofHost = /^@gangway\/host\/(runtime|helpers|parts\/[a-z-]+)$/;
/** What an emitted file is imported by until its name is known. */
const reference = /gangway-file:([\w$-]+)/g;
/** Rollup's mark of ids that are no files. */
const virtual = '\0';

export function gangway(options: RollupOptions = {}): RollupPlugin {
  const { modules = 'file' } = options;
  if (modules !== 'file' && modules !== 'inline' && modules !== 'import') {
    throw new TypeError("the option 'modules' must be 'file', 'inline' or 'import'");
  }
  let components = new Components(resolveOptions(options, process.cwd()));
  let inline = modules === 'inline';
  /** Ids of modules that this plugin has made. */
  const made = new Set<string>();
  /** How a module in this environment gets at core modules. */
  const way = (context: BuildContext): 'inline' | 'file' | 'import' =>
    inline || (modules === 'file' && context.environment?.config.consumer === 'server') ? 'inline' : modules;
  return {
    name: 'gangway',
    // Before Vite's own plugin for `.wasm`.
    enforce: 'pre',

    configResolved({ root, command }) {
      components = new Components(resolveOptions(options, root));
      if (command === 'serve') inline = true;
    },

    async resolveId(source, importer) {
      if (source.startsWith('gangway-core:')) {
        const core = way(this) === 'import' ? parseCoreSpecifier(source) : null;
        if (core === null) return virtual + source;
        const { name, bytes } = await components.core(core.file, core.index);
        const emitted = this.emitFile({ type: 'asset', name: `${name}.wasm`, source: bytes });
        return { id: `gangway-file:${emitted}`, external: true };
      }
      if (ofHost.test(source) && importer !== undefined && made.has(importer)) {
        // The host is a dependency of this package, and need not be one of the project that is built.
        const found = await this.resolve(source, fileURLToPath(import.meta.url), { skipSelf: true });
        return found?.id ?? fileURLToPath(import.meta.resolve(source));
      }
      const { file, form } = parsePath(source);
      if (form === 'instance' || !file.endsWith('.wasm')) return null;
      const found = await this.resolve(file, importer, { skipSelf: true });
      return found === null ? null : `${found.id}?component`;
    },

    async load(id) {
      const core = id.startsWith(virtual) ? parseCoreSpecifier(id.slice(1)) : null;
      if (core !== null) {
        const { name, bytes } = await components.core(core.file, core.index);
        if (way(this) === 'inline') {
          const base64 = Buffer.from(bytes).toString('base64');
          return `export default Uint8Array.from(atob('${base64}'), (char) => char.charCodeAt(0));`;
        }
        const asset = this.emitFile({ type: 'asset', name: `${name}.wasm`, source: bytes });
        return `export default import.meta.ROLLUP_FILE_URL_${asset};`;
      }
      const path = parsePath(id);
      if (id.startsWith(virtual) || !path.file.endsWith('.wasm')) return null;
      const loaded = await components.load(path, {
        files: ({ inline: 'bytes', file: 'url', import: 'module' } as const)[way(this)],
        fileSpecifier: (index) => coreSpecifier(path.file, index),
        runtime,
        resolve: async (specifier) => {
          const found = await this.resolve(specifier, path.file, { skipSelf: true });
          if (found === null) throw new TypeError(`"${specifier}" could not be resolved`);
          return found.id;
        },
      });
      if (loaded === null) return null;
      made.add(id);
      for (const file of [path.file, ...loaded.watch]) this.addWatchFile(file);
      return loaded.source;
    },

    renderChunk(code, { fileName }) {
      if (code.search(reference) === -1) return null;
      // Names in bundles have slashes.
      const named = code.replace(reference, (_, emitted: string) => {
        const path = posix.relative(posix.dirname(fileName), this.getFileName(emitted));
        return path.startsWith('.') ? path : `./${path}`;
      });
      return { code: named, map: null };
    },
  };
}
