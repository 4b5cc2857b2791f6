/**
 * `@gangway/esbuild-plugin`: `import { greet } from './greet.component.wasm'` in a bundle of esbuild. In: a component binary.
 * Out: an ES module that instantiates it, with adapters and trampolines emitted by binaryen while building; the bundle
 * contains the part of the host that runs components, and neither decoder nor code generator.
 *
 *     await build({ entryPoints: ['app.ts'], bundle: true, format: 'esm', plugins: [gangway({ imports: { log: './log.ts' } })] });
 *
 * Core modules in `.wasm` files are left to esbuild's loaders and other plugins.
 */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Message, PartialMessage, Plugin } from 'esbuild';
import { type Bundling, Components, coreSpecifier, parseCoreSpecifier, parsePath } from './components.ts';
import { type GangwayOptions, resolveOptions } from './options.ts';

export type { GangwayOptions } from './options.ts';

export interface EsbuildOptions extends GangwayOptions {
  /**
   * Where core modules go. `file`: beside the bundle, fetched (in Node: read) when it starts. `inline`: into the bundle.
   * `import`: beside the bundle, and imported from there as a `WebAssembly.Module`, which is what workerd needs. Default:
   * `file`.
   */
  readonly modules?: 'file' | 'inline' | 'import';
}

const ways = {
  file: { files: 'url', loader: 'file' },
  inline: { files: 'bytes', loader: 'binary' },
  import: { files: 'module', loader: 'copy' },
} as const;

/** What the modules of components import of the host. */
const runtime = '@gangway/host/runtime';

export function gangway(options: EsbuildOptions = {}): Plugin {
  const way = ways[options.modules ?? 'file'];
  if (way === undefined) throw new TypeError("the option 'modules' must be 'file', 'inline' or 'import'");
  return {
    name: 'gangway',
    setup(build) {
      const { format, absWorkingDir = process.cwd() } = build.initialOptions;
      if (format !== undefined && format !== 'esm') {
        throw new TypeError(`components need top-level await: format 'esm', not '${format}'`);
      }
      // Emission and loading are asynchronous all over; there is no other format for it.
      build.initialOptions.format = 'esm';
      const components = new Components(resolveOptions(options, absWorkingDir));

      build.onResolve({ filter: /\.wasm\?component$/ }, async ({ path, ...from }) => {
        const { file } = parsePath(path);
        const found = await build.resolve(file, from);
        return { ...found, suffix: '?component' };
      });

      build.onLoad({ filter: /\.wasm$/, namespace: 'file' }, async ({ path, suffix }) => {
        const from: Bundling = {
          files: way.files,
          fileSpecifier: (index) => coreSpecifier(path, index),
          runtime,
          resolve: async (specifier) => {
            const found = await build.resolve(specifier, { kind: 'import-statement', resolveDir: dirname(path) });
            const [error] = found.errors;
            if (error !== undefined) throw new TypeError(error.text);
            return found.path;
          },
        };
        try {
          const loaded = await components.load(parsePath(path + suffix), from);
          if (loaded === null) return null;
          return {
            contents: loaded.source,
            loader: 'js',
            resolveDir: dirname(path),
            watchFiles: [path, ...loaded.watch],
            // esbuild hands it to `onResolve` for what the module imports.
            pluginData: made,
          };
        } catch (error) {
          return { errors: [messageOf(error, path)], watchFiles: [path] };
        }
      });

      // The host is a dependency of this package, and need not be one of the project that is built.
      build.onResolve(
        { filter: /^@gangway\/host\/(runtime|helpers|parts\/[a-z-]+)$/ },
        async ({ path, pluginData, kind }) => {
          if (pluginData !== made) return null;
          return build.resolve(path, { kind, resolveDir: dirname(fileURLToPath(import.meta.url)) });
        },
      );

      build.onResolve({ filter: /^gangway-core:/ }, async ({ path }) => {
        const core = parseCoreSpecifier(path);
        if (core === null) return null;
        const { name, bytes } = await components.core(core.file, core.index);
        // The name of the file in the output is made from this path.
        return { path: `${core.index}/${name}.wasm`, namespace: 'gangway-core', pluginData: bytes };
      });
      build.onLoad({ filter: /.*/, namespace: 'gangway-core' }, ({ pluginData }) => ({
        contents: pluginData as Uint8Array,
        loader: way.loader,
      }));
    },
  };
}

/** Marks modules that this plugin has made. */
const made = Symbol('a component of gangway');

function messageOf(error: unknown, file: string): PartialMessage {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const location: Partial<Message['location']> = { file };
  return { text, location, detail: error };
}
