/**
 * What a fresh process of the cold-start benchmark does. In: the bytes of a component. Out: milliseconds of each step.
 * Nothing is loaded before it is needed: loading the library is part of starting cold.
 */
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

function scalars(codegen: 'direct' | 'binaryen') {
  return async ({ component: bytes }: Inputs): Promise<Steps> => {
    const { host } = await import('./host.ts');
    const clock = new Clock();
    const { compile, Engine, instantiate } = await import('@gangway/host');
    clock.step('load');
    const component = await compile(bytes, { engine: new Engine({ codegen }) });
    clock.step('compile');
    const { exports } = await instantiate<{ add(a: number, b: number): number }>(component, host);
    clock.step('instantiate');
    check(exports.add(40, 2));
    clock.step('call');
    return clock.end();
  };
}

async function rawScalars({ core }: Inputs): Promise<Steps> {
  const clock = new Clock();
  const { raw } = await import('../drivers/raw.ts');
  clock.step('load');
  const calls = await raw.start(new Uint8Array(), core);
  clock.step('instantiate');
  check(calls.add(40, 2));
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

function hello(codegen: 'direct' | 'binaryen') {
  return async ({ component: bytes, folder }: Inputs): Promise<Steps> => {
    const [{ mkdirSync, writeFileSync }, { fileURLToPath }] = await Promise.all([
      import('node:fs'),
      import('node:url'),
    ]);
    mkdirSync(folder, { recursive: true });
    writeFileSync(new URL('poem.txt', folder), 'so much depends\nupon\n');
    const { shim } = await import('../../packages/wasi/src/shim.ts');
    const before = performance.now();
    await Promise.all([shim.cli(), shim.clocks(), shim.filesystem(), shim.io()]);
    const loaded = performance.now() - before;
    const clock = new Clock();
    const [{ compile, Engine }, { runCommand }] = await Promise.all([import('@gangway/host'), import('@gangway/wasi')]);
    clock.step('load');
    const component = await compile(bytes, { engine: new Engine({ codegen }) });
    clock.step('compile');
    let output = '';
    const { exitCode } = await runCommand(component, {
      args: ['hello', '/data/poem.txt', 'Ada'],
      preopens: [{ host: fileURLToPath(folder), guest: '/data' }],
      stdout: (piece) => {
        output += new TextDecoder().decode(piece);
      },
    });
    clock.step('instantiate and run');
    if (exitCode !== 0 || !output.includes('numbered 2 lines')) throw new Error(`hello: ${exitCode}\n${output}`);
    return { 'WASI shim': loaded, ...clock.end() };
  };
}

export const scenarios = {
  'scalars, raw': rawScalars,
  'scalars, gangway direct': scalars('direct'),
  'scalars, gangway binaryen': scalars('binaryen'),
  'scalars, jco': jcoScalars,
  'hello-c, gangway direct': hello('direct'),
  'hello-c, gangway binaryen': hello('binaryen'),
} satisfies Readonly<Record<string, (inputs: Inputs) => Promise<Steps>>>;
