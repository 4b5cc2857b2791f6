/**
 * Files as components. In: a path. Out: a compiled component, linked with those that it imports. What is wrong with a file is a
 * `CommandError` that names the file.
 */
import { type Component, compile, type Engine } from '@gangway/host/compile';
import { type Options, UsageError } from './command.ts';
import { fileError, readBytes } from './component-file.ts';
import { CommandError } from './report.ts';

export interface Loaded {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly component: Component;
}

/** `--link`: files by the names of the component imports that they are for. */
export function linksOf(options: Options): ReadonlyMap<string, string> {
  return new Map(
    options.strings('link').map((text) => {
      const [, name, file] = /^(.+?)=(.+)$/.exec(text) ?? [];
      if (name === undefined || file === undefined) throw new UsageError(`--link takes NAME=FILE, not "${text}"`);
      return [name, file] as const;
    }),
  );
}

/** Reads, compiles and links. CommandError when a component that is instantiated is not given, or one that is given not wanted. */
export async function loadLinked(file: string, engine: Engine, links: ReadonlyMap<string, string>): Promise<Component> {
  const { bytes, component } = await loadComponent(file, engine);
  const idle = new Set(links.keys());
  const find = async (name: string): Promise<Component> => {
    const given = links.get(name);
    if (given === undefined) {
      const text = `it instantiates the component that it imports as "${name}": give it with --link '${name}=FILE'`;
      throw new CommandError(`${file}: ${text}`);
    }
    idle.delete(name);
    return (await loadComponent(given, engine)).component;
  };
  let linked = component;
  if (component.plan.unlinked.length > 0) {
    // Few components need it, and it brings more than this.
    const { linkImported } = await import('@gangway/host/bundling');
    linked = await linkImported(component, find).catch((cause: unknown) => {
      throw fileError(file, bytes, cause);
    });
  }
  for (const name of idle)
    throw new CommandError(`${file}: --link: it instantiates no component that it imports as "${name}"`);
  return linked;
}

/** The same for commands that show what there is: without any link, the component as it stands. */
export async function loadToShow(file: string, engine: Engine, links: ReadonlyMap<string, string>): Promise<Component> {
  return links.size === 0 ? (await loadComponent(file, engine)).component : loadLinked(file, engine, links);
}

/** Reads and compiles. */
export async function loadComponent(file: string, engine: Engine): Promise<Loaded> {
  const bytes = await readBytes(file);
  try {
    return { bytes, component: await compile(bytes, { engine }) };
  } catch (cause) {
    throw fileError(file, bytes, cause);
  }
}
