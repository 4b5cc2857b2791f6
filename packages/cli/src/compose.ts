/**
 * Composition on the command line. In: files whose exports satisfy imports, in order, and the component that is run. Out:
 * imports for that component, and the store in which all of them are linked.
 *
 * A name serves an import when it is the same or a compatible version. Earlier plugs go before later ones, and all of them
 * before WASI, so that a plug can stand between a program and the system. All components see one set of WASI objects:
 * they may hand each other streams.
 */
import {
  type Component,
  type Engine,
  findCompatible,
  type ImportsObject,
  instantiate,
  Store,
} from '@gangway/host/compile';
import { isWasiImport, type WasiOptions, wasiImports } from '@gangway/wasi';
import { loadComponent } from './load.ts';
import { CommandError } from './report.ts';

export interface Composition {
  readonly imports: ImportsObject;
  readonly store: Store;
}

interface Loaded {
  readonly file: string;
  readonly component: Component;
}

/** Compiles plugs. */
export async function loadPlugs(files: readonly string[], engine: Engine): Promise<readonly Loaded[]> {
  const plugs: Loaded[] = [];
  for (const file of files) plugs.push({ file, component: (await loadComponent(file, engine)).component });
  return plugs;
}

/** In a new store. CommandError for an import that nothing satisfies, and for a plug that satisfies none. */
export async function compose(
  main: Loaded,
  plugs: readonly Loaded[],
  wasi: WasiOptions,
  engine: Engine,
): Promise<Composition> {
  const system = await wasiOf([...plugs, main], wasi);
  const store = new Store({ engine });
  const offers: Offer[] = [];
  for (const plug of plugs) {
    const values = await exportsOf(plug, importsOf(plug, offers, system), store);
    offers.push({ file: plug.file, values, used: false });
  }
  const imports = importsOf(main, offers, system);
  const idle = offers.find(({ used }) => !used);
  if (idle !== undefined) throw new CommandError(`${idle.file}: nothing imports what it exports`);
  return { imports, store };
}

/** What a plug has for those behind it. */
interface Offer {
  readonly file: string;
  readonly values: ReadonlyMap<string, unknown>;
  used: boolean;
}

/** What a plug exports, by name, once it has been instantiated. */
async function exportsOf({ component }: Loaded, imports: ImportsObject, store: Store): Promise<Offer['values']> {
  const { pascalCase } = await import('@gangway/component/names');
  const instance = await instantiate(component, imports, { store });
  const exports = instance.exports as Readonly<Record<string, unknown>>;
  const values = component.exports.map(({ name, kind }) => {
    if (kind === 'func') return [name, instance.getFunc(name)] as const;
    return [name, exports[kind === 'resource' ? pascalCase(name) : name]] as const;
  });
  return new Map(values.filter(([, value]) => value !== undefined));
}

/** WASI's interfaces by the names that the components import them by; each is made once, whatever versions are asked for. */
async function wasiOf(all: readonly Loaded[], options: WasiOptions): Promise<ReadonlyMap<string, unknown>> {
  const names = new Set(all.flatMap(({ component }) => component.imports.map(({ name }) => name)).filter(isWasiImport));
  const byPath = new Map<string, string>();
  for (const name of names) byPath.set(name.replace(/@.*/, ''), name);
  const made = await wasiImports({ imports: [...byPath.values()].map((name) => ({ name })) }, options);
  return new Map([...names].map((name) => [name, made[byPath.get(name.replace(/@.*/, '')) as string]]));
}

/** One value for each import of a component. */
function importsOf(
  { file, component }: Loaded,
  offers: readonly Offer[],
  system: ReadonlyMap<string, unknown>,
): ImportsObject {
  const imports: Record<string, unknown> = Object.create(null);
  for (const { name, kind } of component.imports) {
    if (kind === 'type') continue;
    const found = offers
      .map((offer) => ({ offer, key: findCompatible(name, offer.values.keys(), (key) => offer.values.has(key)) }))
      .find(({ key }) => key !== undefined);
    if (found !== undefined) {
      found.offer.used = true;
      imports[name] = found.offer.values.get(found.key as string);
    } else if (system.has(name)) {
      imports[name] = system.get(name);
    } else {
      const who =
        offers.length === 0 ? 'give a component that exports it: --plug FILE' : 'no plug before it exports it';
      throw new CommandError(`${file}: it imports "${name}", which is not part of WASI 0.2; ${who}`);
    }
  }
  return imports;
}
