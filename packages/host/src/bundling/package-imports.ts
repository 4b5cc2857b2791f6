/**
 * The mapping of imports that a package declares for its components. In: the path of a component. Out: what the nearest
 * `package.json` above it says under `gangway`, `imports`, with relative specifiers made absolute:
 *
 *     { "gangway": { "imports": { "log": "./src/log.js", "wasi:cli/*": "./src/cli.js" } } }
 */
import { dirname, join } from 'node:path';
import { type ImportMap, resolveImportMap } from './import-map.ts';

export interface PackageImports {
  readonly imports: ImportMap;
  /** The `package.json`, to be watched; null when there is none. */
  readonly file: string | null;
}

/** `absolute` makes a path of the file system the specifier that is wanted: a path or a `file:` URL. */
export function packageImports(component: string, absolute: (path: string) => string): PackageImports {
  for (let folder = dirname(component); ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    const text = readText(file);
    if (text !== null) {
      const { gangway } = JSON.parse(text) as { readonly gangway?: { readonly imports?: ImportMap } };
      return { imports: resolveImportMap(gangway?.imports ?? {}, (path) => absolute(join(folder, path))), file };
    }
    if (dirname(folder) === folder) return { imports: {}, file: null };
  }
}

function readText(file: string): string | null {
  try {
    // Not imported: see builtin.ts.
    return process.getBuiltinModule('node:fs').readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null;
    throw error;
  }
}
