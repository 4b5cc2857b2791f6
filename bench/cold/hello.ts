/** What a fresh process does with a C program that imports WASI. In: its bytes. Out: milliseconds of each step. */
import type { Component } from '@gangway/host/runtime';
import type { WasiOptions } from '@gangway/wasi';
import { Clock, type Inputs, type Scenarios, type Steps } from './clock.ts';
import { storeIn } from './store.ts';

/** What was compiled ahead of time and bundled: see prepare.ts. */
type Compiled = { compile(): Promise<Component> } & typeof import('@gangway/wasi');

/** A directory of the shim, as far as it is used here. */
interface Directory {
  openAt(path: object, name: string, open: object, flags: { readonly read: true }): Readable;
}
type Directories = readonly [readonly [Directory, string]];
interface Readable {
  readViaStream(offset: bigint): { blockingRead(length: bigint): Uint8Array };
}

/**
 * The shim, loaded, and a file for the program: neither counts. A part of the shim's load comes with its first use: the
 * thread that does its input and output starts, which a program would otherwise wait for at its first file.
 */
async function prepareHello(folder: URL): Promise<{ readonly loaded: number; readonly path: string }> {
  const [{ mkdirSync, writeFileSync }, { fileURLToPath }] = await Promise.all([import('node:fs'), import('node:url')]);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL('poem.txt', folder), 'so much depends\nupon\n');
  const { shim } = await import('../../packages/wasi/src/shim.ts');
  const before = performance.now();
  const [{ createFilesystem }] = await Promise.all([
    shim.filesystem(),
    shim.cli(),
    shim.clocks(),
    shim.io(),
    shim.random(),
  ]);
  const path = fileURLToPath(folder);
  const [[data]] = createFilesystem({
    preopens: { '/data': path },
  }).preopens.getDirectories() as unknown as Directories;
  data.openAt({}, 'poem.txt', {}, { read: true }).readViaStream(0n).blockingRead(1n);
  return { loaded: performance.now() - before, path };
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

function gangway(codegen: 'direct' | 'binaryen', cache = false) {
  return async ({ component: bytes, folder, prepared }: Inputs): Promise<Steps> => {
    const { loaded, path } = await prepareHello(folder);
    const clock = new Clock();
    const stored = cache ? { cache: await storeIn(prepared) } : {};
    const { compile, Engine, runCommand } = await import('./hello-program.ts');
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

async function gangwayAheadOfTime({ folder, prepared }: Inputs): Promise<Steps> {
  const { loaded, path } = await prepareHello(folder);
  const clock = new Clock();
  const { compile, runCommand } = (await import(new URL('hello/main.js', prepared).href)) as Compiled;
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
    const { wasiImports } = await import('./hello-program.ts');
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

export const hello = {
  'hello-c, gangway direct': gangway('direct'),
  'hello-c, gangway binaryen': gangway('binaryen'),
  'hello-c, gangway cached': gangway('direct', true),
  'hello-c, gangway ahead of time': gangwayAheadOfTime,
  'hello-c, jco': jcoHello(false),
  'hello-c, jco ahead of time': jcoHello(true),
} satisfies Scenarios;
