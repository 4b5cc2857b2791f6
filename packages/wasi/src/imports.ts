/**
 * WASI 0.2 for one component. In: what the component imports, and what its guest is given. Out: an imports object with
 * exactly those WASI interfaces, under the names by which the component imports them.
 *
 * Each call makes a new set: two guests share nothing but the shim's I/O worker.
 */
import { type InterfaceMaker, interfaces } from './interfaces.ts';
import { resolveOptions, type WasiOptions } from './options.ts';
import type { InterfaceObject } from './shim.ts';

/** The part of a `Component` that is needed. */
export interface Importing {
  readonly imports: readonly { readonly name: string }[];
}

/** `wasi:cli/exit@0.2.6`: package and name, version. */
const wasiName = /^(wasi:[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*)(?:@(.+))?$/;

/** What makes an imported interface; undefined when it is none of WASI 0.2. */
function makerOf(name: string): InterfaceMaker | undefined {
  const [, path, version] = wasiName.exec(name) ?? [];
  if (path === undefined || (version !== undefined && !version.startsWith('0.2.'))) return undefined;
  return interfaces.get(path);
}

/** Whether this package supplies the import of that name. */
export function isWasiImport(name: string): boolean {
  return makerOf(name) !== undefined;
}

/** An imports object for `instantiate`. Loads only what is imported; other imports are left to the embedder. */
export async function wasiImports(
  component: Importing,
  options: WasiOptions = {},
): Promise<Record<string, InterfaceObject>> {
  const resolved = resolveOptions(options);
  const entries = component.imports.flatMap(({ name }) => {
    const maker = makerOf(name);
    return maker === undefined ? [] : [Promise.resolve(maker(resolved)).then((made) => [name, made] as const)];
  });
  return Object.fromEntries(await Promise.all(entries));
}
