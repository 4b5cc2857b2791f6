/**
 * What a fresh process of the cold-start benchmark does. In: the bytes of a component. Out: milliseconds of each step.
 * Nothing is loaded before it is needed: loading the library is part of starting cold.
 */
import type { Component, Instance } from '@gangway/host/runtime';
import type { WasiOptions } from '@gangway/wasi';
import type { Host } from './host.ts';

/** Milliseconds by step; `total` is from bytes in memory to the first call returned, `CPU` what the main thread took of it. */
export type Steps = Readonly<Record<string, number>> & { readonly total: number };

/** Where a process gets its inputs. */
export interface Inputs {
  readonly component: Uint8Array<ArrayBuffer>;
  /** The core module that the scalars component was made of. */
  readonly core: Uint8Array<ArrayBuffer>;
  /** A folder of the scenario's own. */
  readonly folder: URL;
  /** What was made ahead of time: prepare.ts says what lies there. */
  readonly prepared: URL;
}

class Clock {
  readonly #steps: Record<string, number> = {};
  readonly #start = performance.now();
  readonly #cpu = process.threadCpuUsage();
  #last = this.#start;

  step(name: string): void {
    const now = performance.now();
    this.#steps[name] = now - this.#last;
    this.#last = now;
  }
  end(): Steps {
    const { user, system } = process.threadCpuUsage(this.#cpu);
    return { ...this.#steps, CPU: (user + system) / 1000, total: this.#last - this.#start };
  }
}

function check(result: unknown): void {
  if (result !== 42) throw new Error(`add(40, 2) is ${String(result)}`);
}

/** `cache`: whether the component has been compiled into one before. */
function scalars(codegen: 'direct' | 'binaryen', cache = false) {
  return async ({ component: bytes, prepared }: Inputs): Promise<Steps> => {
    const { host } = await import('./host.ts');
    const clock = new Clock();
    const { compile, Engine, instantiate } = await import('@gangway/host/compile');
    const stored = cache ? { cache: (await import('@gangway/host/node-cache')).directoryCache(prepared) } : {};
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
  compile(): Promise<Component>;
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

/** The shim, loaded, and a file for the program: neither counts. */
async function prepareHello(folder: URL): Promise<{ readonly loaded: number; readonly path: string }> {
  const [{ mkdirSync, writeFileSync }, { fileURLToPath }] = await Promise.all([import('node:fs'), import('node:url')]);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL('poem.txt', folder), 'so much depends\nupon\n');
  const { shim } = await import('../../packages/wasi/src/shim.ts');
  const before = performance.now();
  await Promise.all([shim.cli(), shim.clocks(), shim.filesystem(), shim.io()]);
  return { loaded: performance.now() - before, path: fileURLToPath(folder) };
}

/** What the program is given, and what it has written. */
class Program {
  output = '';
  readonly options: WasiOptions;
  constructor(path: string) {
    this.options = {
      args: ['hello', '/data/poem.txt', 'Ada'],
      preopens: [{ host: path, guest: '/data' }],
      stdout: (piece) => {
        this.output += new TextDecoder().decode(piece);
      },
    };
  }
  check(exitCode: number): void {
    if (exitCode !== 0 || !this.output.includes('numbered 2 lines')) {
      throw new Error(`hello: ${exitCode}\n${this.output}`);
    }
  }
}

function hello(codegen: 'direct' | 'binaryen', cache = false) {
  return async ({ component: bytes, folder, prepared }: Inputs): Promise<Steps> => {
    const { loaded, path } = await prepareHello(folder);
    const clock = new Clock();
    const [{ compile, Engine }, { runCommand }] = await Promise.all([
      import('@gangway/host/compile'),
      import('@gangway/wasi'),
    ]);
    const stored = cache ? { cache: (await import('@gangway/host/node-cache')).directoryCache(prepared) } : {};
    clock.step('load');
    const component = await compile(bytes, { engine: new Engine({ codegen, ...stored }) });
    clock.step('compile');
    const program = new Program(path);
    const { exitCode } = await runCommand(component, program.options);
    clock.step('instantiate and run');
    program.check(exitCode);
    return { 'WASI shim': loaded, ...clock.end() };
  };
}

async function helloAheadOfTime({ folder, prepared }: Inputs): Promise<Steps> {
  const { loaded, path } = await prepareHello(folder);
  const clock = new Clock();
  const { compile, runCommand } = (await import(new URL('hello/main.js', prepared).href)) as Pick<Compiled, 'compile'> &
    typeof import('@gangway/wasi');
  clock.step('load');
  const component = await compile();
  clock.step('compile');
  const program = new Program(path);
  const { exitCode } = await runCommand(component, program.options);
  clock.step('instantiate and run');
  program.check(exitCode);
  return { 'WASI shim': loaded, ...clock.end() };
}

interface JcoCommand {
  instantiate(core: (path: string) => WebAssembly.Module, imports: object): Promise<{ readonly run: { run(): void } }>;
}

/** `transpiled`: where its output lies; otherwise it is made. The bindings of WASI are those of `@gangway/wasi`. */
function jcoHello(aheadOfTime: boolean) {
  return async ({ component, folder, prepared }: Inputs): Promise<Steps> => {
    const { loaded, path } = await prepareHello(folder);
    const { wasiImports } = await import('@gangway/wasi');
    const { mkdirSync, readFileSync, writeFileSync } = await import('node:fs');
    const program = new Program(path);
    const names = JSON.parse(readFileSync(new URL('hello-imports.json', prepared), 'utf8')) as string[];
    const wasi = await wasiImports({ imports: names.map((name) => ({ name })) }, program.options);
    const imports = Object.fromEntries(Object.entries(wasi).map(([name, one]) => [name.replace(/@.*/, ''), one]));
    const clock = new Clock();
    const from = aheadOfTime ? new URL('jco-hello/', prepared) : new URL('jco/', folder);
    if (!aheadOfTime) {
      const { transpile } = await import('@bytecodealliance/jco');
      clock.step('load');
      const options = { name: 'hello', instantiation: 'async', noTypescript: true } as const;
      const { files } = await transpile(component, options as unknown as Parameters<typeof transpile>[1]);
      mkdirSync(from, { recursive: true });
      for (const [file, content] of Object.entries(files)) {
        if (!file.includes('/') && !file.endsWith('.d.ts')) writeFileSync(new URL(file, from), content as Uint8Array);
      }
      clock.step('compile');
    }
    const { instantiate } = (await import(new URL('hello.js', from).href)) as JcoCommand;
    if (aheadOfTime) clock.step('load');
    const { run } = await instantiate((file) => new WebAssembly.Module(readFileSync(new URL(file, from))), imports);
    run.run();
    clock.step('instantiate and run');
    program.check(0);
    return { 'WASI shim': loaded, ...clock.end() };
  };
}

export const scenarios = {
  'scalars, raw': rawScalars,
  'scalars, gangway direct': scalars('direct'),
  'scalars, gangway binaryen': scalars('binaryen'),
  'scalars, gangway cached': scalars('direct', true),
  'scalars, gangway ahead of time': scalarsAheadOfTime,
  'scalars, jco': jcoScalars,
  'scalars, jco ahead of time': jcoScalarsAheadOfTime,
  'hello-c, gangway direct': hello('direct'),
  'hello-c, gangway binaryen': hello('binaryen'),
  'hello-c, gangway cached': hello('direct', true),
  'hello-c, gangway ahead of time': helloAheadOfTime,
  'hello-c, jco': jcoHello(false),
  'hello-c, jco ahead of time': jcoHello(true),
} satisfies Readonly<Record<string, (inputs: Inputs) => Promise<Steps>>>;
