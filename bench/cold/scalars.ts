/**
 * What a fresh process does with the scalars component. In: its bytes. Out: milliseconds of each step. Nothing is loaded before
 * it is needed: loading the library is part of starting cold.
 */
import type { Instance } from '@gangway/host/runtime';
import { Clock, type Inputs, type Scenarios, type Steps } from './clock.ts';
import type { Host } from './host.ts';
import { storeIn } from './store.ts';

function check(result: unknown): void {
  if (result !== 42) throw new Error(`add(40, 2) is ${String(result)}`);
}

/** `cache`: whether the component has been compiled into one before. */
function gangway(codegen: 'direct' | 'binaryen', cache = false) {
  return async ({ component: bytes, prepared }: Inputs): Promise<Steps> => {
    const { host } = await import('./host.ts');
    const clock = new Clock();
    // First of all: Node keeps what is loaded from then on.
    const stored = cache ? { cache: await storeIn(prepared) } : {};
    const { compile, Engine, instantiate } = await import('@gangway/host/compile');
    clock.step('load');
    const component = await compile(bytes, { engine: new Engine({ codegen, ...stored }) });
    clock.step('compile');
    const { exports } = await instantiate<{ add(a: number, b: number): number }>(component, host);
    clock.step('instantiate');
    check(exports.add(40, 2));
    clock.step('call');
    return clock.end();
  };
}

/** What the entry of `gangway compile` exports. */
interface Compiled {
  compile(): Promise<unknown>;
  instantiate(imports: object): Promise<Instance<{ add(a: number, b: number): number }>>;
}

async function scalarsAheadOfTime({ prepared }: Inputs): Promise<Steps> {
  const { host } = await import('./host.ts');
  const clock = new Clock();
  const { compile, instantiate } = (await import(new URL('scalars/calls.js', prepared).href)) as Compiled;
  clock.step('load');
  await compile();
  clock.step('compile');
  const { exports } = await instantiate(host);
  clock.step('instantiate');
  check(exports.add(40, 2));
  clock.step('call');
  return clock.end();
}

async function rawScalars({ core }: Inputs): Promise<Steps> {
  const clock = new Clock();
  const { host } = await import('./host.ts');
  clock.step('load');
  const nothing = (): void => {};
  const { instance } = await WebAssembly.instantiate(core, {
    $root: { scalar: host.scalar, log: nothing },
    'example:bench/host': { '[method]counter.bump': nothing, '[resource-drop]counter': nothing },
    '[export]example:bench/things': { '[resource-new]thing': nothing },
  });
  clock.step('instantiate');
  check((instance.exports as { add: (a: number, b: number) => number }).add(40, 2) >>> 0);
  clock.step('call');
  return clock.end();
}

const jcoImports = (host: Host): object => ({
  ...host,
  scalar: { default: host.scalar },
  log: { default: host.log },
});
interface JcoModule {
  instantiate(
    core: (path: string) => WebAssembly.Module,
    imports: object,
  ): Promise<{ add(a: number, b: number): number }>;
}

async function jcoScalars({ component, folder }: Inputs): Promise<Steps> {
  const [{ host }, { mkdirSync, readFileSync, writeFileSync }] = await Promise.all([
    import('./host.ts'),
    import('node:fs'),
  ]);
  const clock = new Clock();
  const { transpile } = await import('@bytecodealliance/jco');
  clock.step('load');
  const options = { name: 'calls', instantiation: 'async', noTypescript: true } as const;
  const { files } = await transpile(component, options as unknown as Parameters<typeof transpile>[1]);
  mkdirSync(folder, { recursive: true });
  for (const [file, content] of Object.entries(files)) {
    if (!file.endsWith('.d.ts')) writeFileSync(new URL(file, folder), content as Uint8Array);
  }
  clock.step('compile');
  const { instantiate } = (await import(new URL('calls.js', folder).href)) as JcoModule;
  const calls = await instantiate(
    (path) => new WebAssembly.Module(readFileSync(new URL(path, folder))),
    jcoImports(host),
  );
  clock.step('instantiate');
  check(calls.add(40, 2));
  clock.step('call');
  return clock.end();
}

async function jcoScalarsAheadOfTime({ prepared }: Inputs): Promise<Steps> {
  const [{ host }, { readFileSync }] = await Promise.all([import('./host.ts'), import('node:fs')]);
  const folder = new URL('jco-scalars/', prepared);
  const clock = new Clock();
  const { instantiate } = (await import(new URL('calls.js', folder).href)) as JcoModule;
  clock.step('load');
  const calls = await instantiate(
    (path) => new WebAssembly.Module(readFileSync(new URL(path, folder))),
    jcoImports(host),
  );
  clock.step('instantiate');
  check(calls.add(40, 2));
  clock.step('call');
  return clock.end();
}

export const scalars = {
  'scalars, raw': rawScalars,
  'scalars, gangway direct': gangway('direct'),
  'scalars, gangway binaryen': gangway('binaryen'),
  'scalars, gangway cached': gangway('direct', true),
  'scalars, gangway ahead of time': scalarsAheadOfTime,
  'scalars, jco': jcoScalars,
  'scalars, jco ahead of time': jcoScalarsAheadOfTime,
} satisfies Scenarios;
