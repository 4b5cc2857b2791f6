/**
 * One start of each sample, on the sources, in a process that does nothing else. In, from the command line: what to do, the folder
 * for it, and names of samples. Out: a line of JSON: which functions of each source file of ours ran, by V8's own count. `prepare` makes the folder
 * ready instead.
 *
 * Node takes types out by writing spaces over them, so V8's offsets are those of the source.
 */
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { fileURLToPath } from 'node:url';
import type { Component } from '@gangway/host/runtime';

/** `jit`: compiled in the process; `cached`: taken from a code cache; `ahead`: what `gangway compile` has written. */
export type Start = 'jit' | 'cached' | 'ahead';

/** UTF-16 offsets in a source file. */
export interface Ran {
  readonly start: number;
  readonly end: number;
}

/** By path in the repository. What was loaded, but ran nothing, has an empty list. */
export type RanFunctions = Readonly<Record<string, readonly Ran[]>>;

/** Components, by name. */
export const samples: Readonly<Record<string, string>> = {
  greet: 'examples/node-embed/greet.wasm',
  bank: 'examples/shared-resource/bank.wasm',
  hello: 'examples/hello-c/hello.wasm',
};

const root = new URL('../../', import.meta.url);

/** What `gangway compile` writes. */
interface Compiled {
  compile(): Promise<Component>;
  instantiate(imports: object): Promise<{ readonly exports: object }>;
}

class Account {
  deposit(): void {}
  balance(): number {
    return 0;
  }
}
const imports = { log: (): void => {}, account: Account };

/** The first call of each. */
const calls: Readonly<Record<string, (exports: never) => void>> = {
  greet: ({ greet }: { greet(name: string): string }) => void greet('Ada'),
  bank: ({ Teller }: { Teller: new (fee: number) => { payIn(to: Account, amount: number): number } }) =>
    void new Teller(2).payIn(new Account(), 100),
};

if (import.meta.main) {
  const [what, folder, ...names] = process.argv.slice(2) as ['prepare' | Start, string, ...string[]];
  if (what === 'prepare') await prepare(names, new URL(folder));
  else {
    const ran = JSON.stringify(await recorded(() => startAll(what, names, new URL(folder))));
    // The thread of WASI's shim would keep the process alive.
    process.stdout.write(`${ran}\n`, () => process.exit(0));
  }
}

/** The cache is written when the process ends. */
async function prepare(names: readonly string[], folder: URL): Promise<void> {
  const [{ main }, { compile, Engine }, { directoryCache }] = await Promise.all([
    import('@gangway/cli'),
    import('@gangway/host/compile'),
    import('@gangway/host/node-cache'),
  ]);
  for (const sample of names) {
    const files = new URL(`${sample}/`, folder);
    mkdirSync(files, { recursive: true });
    const component = fileURLToPath(new URL('component.wasm', files));
    cpSync(new URL(samples[sample]!, root), component);
    const code = await main(['compile', '-o', fileURLToPath(files), component]);
    if (code !== 0) throw new Error(`gangway compile ${sample}: ${code}`);
    const engine = new Engine({ codegen: 'direct', cache: directoryCache(folder) });
    await compile(new Uint8Array(readFileSync(component)), { engine });
  }
}

async function startAll(start: Start, names: readonly string[], folder: URL): Promise<void> {
  for (const sample of names) {
    const files = new URL(`${sample}/`, folder);
    const compiled = start === 'ahead' ? ((await import(new URL('component.js', files).href)) as Compiled) : null;
    const component = compiled === null ? await compileNow(start, files, folder) : await compiled.compile();
    if (sample === 'hello') await runProgram(component);
    else {
      const { exports } = await (compiled?.instantiate(imports) ?? instantiateNow(component));
      calls[sample]!(exports as never);
    }
  }
}

async function compileNow(start: Start, files: URL, folder: URL): Promise<Component> {
  const { compile, Engine } = await import('@gangway/host/compile');
  const stored = start === 'cached' ? { cache: (await import('@gangway/host/node-cache')).directoryCache(folder) } : {};
  const bytes = new Uint8Array(readFileSync(new URL('component.wasm', files)));
  return compile(bytes, { engine: new Engine({ codegen: 'direct', ...stored }) });
}

async function instantiateNow(component: Component): Promise<{ readonly exports: object }> {
  const { instantiate } = await import('@gangway/host/compile');
  return instantiate(component, imports);
}

async function runProgram(component: Component): Promise<void> {
  const { runCommand } = await import('@gangway/wasi');
  const { exitCode } = await runCommand(component, { args: ['hello'], stdout: () => {}, stderr: () => {} });
  // It has no file to read.
  if (![0, 1].includes(exitCode)) throw new Error(`the program ended with ${exitCode}`);
}

async function recorded(body: () => Promise<void>): Promise<RanFunctions> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  await body();
  const { result } = await session.post('Profiler.takePreciseCoverage');
  const entries = result.flatMap(({ url, functions }): [string, Ran[]][] => {
    const path = url.startsWith(root.href) ? url.slice(root.href.length) : '';
    if (!/^packages\/[^/]+\/src\/.*\.ts$/.test(path)) return [];
    // The first is the module itself.
    const ranges = functions.slice(1).flatMap(({ ranges }) => ranges.filter(({ count }) => count > 0));
    return [[path, ranges.map(({ startOffset, endOffset }) => ({ start: startOffset, end: endOffset }))]];
  });
  return Object.fromEntries(entries);
}
