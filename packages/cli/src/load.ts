/**
 * Files as components. In: a path. Out: its bytes or a compiled component. What is wrong with a file is a `CommandError`
 * that names the file; the error of the library is its cause.
 */
import { readFile } from 'node:fs/promises';
import { resolveFeatures } from '@gangway/component/features';
import { type Component, compile, Engine, GangwayError, UnsupportedError } from '@gangway/host';
import { type Options, UsageError } from './command.ts';
import { CommandError, systemText } from './report.ts';

/** UsageError for a feature that does not exist. */
export function engineOf(options: Options, more: ConstructorParameters<typeof Engine>[0] = {}): Engine {
  try {
    // The engine itself would refuse an unknown one when it compiles something.
    const features = resolveFeatures(Object.fromEntries(options.strings('feature').map((name) => [name, true])));
    return new Engine({ ...more, features });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** The one file that a command works on. */
export function onlyFile(words: readonly string[]): string {
  const [file, ...more] = words;
  if (file === undefined) throw new UsageError('which file?');
  if (more.length > 0) throw new UsageError(`one file at a time, not also ${more.join(' ')}`);
  return file;
}

export async function readBytes(file: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await readFile(file));
  } catch (cause) {
    throw new CommandError(`cannot read ${file}: ${systemText(cause)}`, { cause });
  }
}

/** What to say of bytes that are not a component at all; null when they start like one. */
function notAComponent(bytes: Uint8Array): string | null {
  const [a, b, c, d, version, , layer] = bytes;
  if (a !== 0x00 || b !== 0x61 || c !== 0x73 || d !== 0x6d) {
    return bytes.length === 0 ? 'the file is empty' : 'this is no WebAssembly file (it does not start with "\\0asm")';
  }
  if (version === 1 && layer === 0) {
    return 'this is a core module, not a component (jco new or wasm-tools component new make one of it)';
  }
  return null;
}

/** The error as one about this file. */
export function fileError(file: string, bytes: Uint8Array, cause: unknown): unknown {
  const other = notAComponent(bytes);
  if (other !== null) return new CommandError(`${file}: ${other}`, { cause });
  if (cause instanceof UnsupportedError)
    return new CommandError(`${file}: not supported here: ${cause.message}`, { cause });
  if (cause instanceof GangwayError || cause instanceof WebAssembly.CompileError) {
    return new CommandError(`${file}: ${cause.message}`, { cause });
  }
  return cause;
}

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
