/** The C example, run in this process: streams, arguments, files, read-only directories, exit codes, traps, isolation. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Component, compile, instantiate, LinkError, Store, Trap } from '@gangway/host';
import { type CommandOptions, ExitStatus, exitStatus, runCommand, wasiImports } from '@gangway/wasi';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const bytes = readFileSync(new URL('../../examples/hello-c/hello.wasm', import.meta.url));

interface Context {
  component: Component;
  dir: string;
}

const test = suite<Context>('wasi', { component: undefined as never, dir: '' });

test.before(async (context) => {
  context.component = await compile(bytes);
  context.dir = mkdtempSync(join(tmpdir(), 'gangway-wasi-'));
});
test.after(({ dir }) => rmSync(dir, { recursive: true }));
test.before.each(({ dir }) => {
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir);
  writeFileSync(join(dir, 'poem.txt'), 'one\ntwo\nthree\n');
});

/** Runs it and catches what it writes. */
async function run(component: Component, args: readonly string[], options: CommandOptions = {}) {
  const out: Uint8Array[] = [];
  const err: Uint8Array[] = [];
  const { exitCode } = await runCommand(component, {
    args: ['hello', ...args],
    stdout: (piece) => out.push(piece),
    stderr: (piece) => err.push(piece),
    ...options,
  });
  const text = (pieces: Uint8Array[]) => Buffer.concat(pieces).toString();
  return { exitCode, out: text(out), err: text(err) };
}

test('arguments, environment, a file read and a file written', async ({ component, dir }) => {
  const got = await run(component, ['/data/poem.txt', 'Ada', 'Grace'], {
    env: { GREETING: 'Ahoy' },
    preopens: [{ host: dir, guest: '/data' }],
  });
  assert.equal(got, {
    exitCode: 0,
    out: 'Ahoy, Ada!\nAhoy, Grace!\nnumbered 3 lines of /data/poem.txt into /data/poem.txt.out\n',
    err: '',
  });
  assert.is(readFileSync(join(dir, 'poem.txt.out'), 'utf8'), '  1  one\n  2  two\n  3  three\n');
});

test('a file that is not there: its own message, exit code 1', async ({ component, dir }) => {
  const got = await run(component, ['/data/nothing.txt'], { preopens: [{ host: dir, guest: '/data' }] });
  assert.is(got.exitCode, 1);
  assert.is(got.err, 'hello: cannot open /data/nothing.txt: No such file or directory\n');
});

test('without options the guest sees no files, no arguments, no environment', async ({ component }) => {
  const got = await run(component, ['/data/poem.txt', 'Ada']);
  assert.is(got.exitCode, 1);
  assert.is(got.out, 'Hello, Ada!\n');
  assert.match(got.err, /cannot open \/data\/poem.txt/);
});

test('a read-only directory: reading works, everything that changes it is refused', async ({ component, dir }) => {
  const got = await run(component, ['/data/poem.txt'], { preopens: [{ host: dir, guest: '/data', readonly: true }] });
  assert.is(got.exitCode, 1);
  assert.is(got.err, 'hello: cannot write /data/poem.txt.out: Read-only file system\n');
  assert.throws(() => readFileSync(join(dir, 'poem.txt.out')), /ENOENT/);
});

test('the guest cannot leave its directory', async ({ component, dir }) => {
  const secret = join(dir, 'secret.txt');
  writeFileSync(secret, 'secret\n');
  mkdirSync(join(dir, 'inner'));
  for (const path of ['/data/../secret.txt', secret]) {
    const got = await run(component, [path], { preopens: [{ host: join(dir, 'inner'), guest: '/data' }] });
    assert.is(got.exitCode, 1, path);
  }
});

test('standard input: bytes, text, and a function that is asked piece by piece', async ({ component }) => {
  const long = 'line\n'.repeat(20_000);
  assert.equal(await run(component, ['--stdin'], { stdin: long }), { exitCode: 0, out: long, err: '' });
  const data = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
  const pieces: Uint8Array[] = [];
  await runCommand(component, { args: ['hello', '--stdin'], stdin: data, stdout: (piece) => pieces.push(piece) });
  assert.equal(new Uint8Array(Buffer.concat(pieces)), data);
  // More than it asked for, then the end.
  const limits: number[] = [];
  const given: (Uint8Array | null)[] = [
    new TextEncoder().encode('x'.repeat(5000)),
    new TextEncoder().encode('end'),
    null,
  ];
  const stdin = (limit: number) => {
    limits.push(limit);
    return given.shift() ?? null;
  };
  assert.is((await run(component, ['--stdin'], { stdin })).out, `${'x'.repeat(5000)}end`);
  assert.ok(limits.every((limit) => limit > 0));
  assert.is((await run(component, ['--stdin'])).out, '', 'empty by default');
});

test('clocks and random numbers', async ({ component }) => {
  const got = await run(component, ['--clock']);
  assert.is(got.out, 'clock goes forward: yes\nafter 2024: yes\nrandom bytes differ: yes\n');
});

test('a trap is a Trap, and no exit', async ({ component }) => {
  const out: Uint8Array[] = [];
  try {
    await runCommand(component, { args: ['hello', '--trap'], stdout: (piece) => out.push(piece) });
    assert.unreachable();
  } catch (error) {
    assert.instance(error, Trap);
    assert.match((error as Trap).message, /divide by zero/);
    assert.is(exitStatus(error), null);
  }
  assert.is(Buffer.concat(out).toString(), 'about to divide by zero\n');
});

test('exit ends the guest, not this process: the embedder sees a Trap caused by an ExitStatus, and the store is locked', async ({
  component,
}) => {
  const store = new Store();
  const imports = await wasiImports(component, { args: ['hello'], stderr: 'ignore' });
  const instance = await instantiate(component, imports, { store });
  const start = instance.getFunc('wasi:cli/run@0.2.12', 'run') as () => void;
  for (const round of ['first', 'second']) {
    try {
      start();
      assert.unreachable();
    } catch (error) {
      assert.instance(error, Trap);
      if (round === 'first') {
        assert.is((error as Trap).code, 'host-error');
        assert.instance((error as Trap).cause, ExitStatus);
        assert.is(exitStatus(error)?.code, 1);
      } else {
        assert.is((error as Trap).code, 'cannot-enter');
      }
    }
  }
});

test('an error of the embedder’s own sink is the cause of the Trap', async ({ component }) => {
  const failure = new Error('disk full');
  try {
    await run(component, ['--clock'], {
      stdout: () => {
        throw failure;
      },
    });
    assert.unreachable();
  } catch (error) {
    assert.is((error as Trap).code, 'host-error');
    assert.is((error as Trap).cause, failure);
  }
});

test('two guests at a time share nothing', async ({ component, dir }) => {
  mkdirSync(join(dir, 'a'));
  mkdirSync(join(dir, 'b'));
  writeFileSync(join(dir, 'a', 'f'), 'a\n');
  writeFileSync(join(dir, 'b', 'f'), 'b\nb\n');
  const [a, b] = await Promise.all(
    ['a', 'b'].map((name) =>
      run(component, ['/data/f', name], {
        env: { GREETING: name },
        preopens: [{ host: join(dir, name), guest: '/data' }],
      }),
    ),
  );
  assert.is(a?.out, 'a, a!\nnumbered 1 lines of /data/f into /data/f.out\n');
  assert.is(b?.out, 'b, b!\nnumbered 2 lines of /data/f into /data/f.out\n');
  // Many in a row: dropping a stream in one must not close another's.
  for (let i = 0; i < 20; i += 1) assert.is((await run(component, ['--stdin'], { stdin: `${i}` })).out, `${i}`);
});

test('only what is imported is made, under the names by which it is imported', async ({ component }) => {
  const imports = await wasiImports(component);
  assert.equal(Object.keys(imports).sort(), component.imports.map(({ name }) => name).sort());
  const some = await wasiImports({
    imports: [
      { name: 'wasi:random/random@0.2.3' },
      { name: 'wasi:cli/exit' },
      { name: 'wasi:cli/run@0.3.0' },
      { name: 'my:own/thing' },
    ],
  });
  assert.equal(Object.keys(some), ['wasi:random/random@0.2.3', 'wasi:cli/exit']);
});

test('an import that is left out is a LinkError; one that is given replaces WASI’s', async ({ component }) => {
  const imports = await wasiImports(component);
  const { 'wasi:random/random@0.2.12': _, ...rest } = imports;
  try {
    await instantiate(component, rest);
    assert.unreachable();
  } catch (error) {
    assert.instance(error, LinkError);
    assert.is((error as LinkError).path[0], 'wasi:random/random@0.2.12');
  }
  const got = await run(component, ['--clock'], {
    imports: { 'wasi:random/random': { getRandomBytes: (n: bigint) => new Uint8Array(Number(n)) } },
  });
  assert.match(got.out, /random bytes differ: yes/, 'the full name wins');
  const replaced = await run(component, ['--clock'], {
    imports: { 'wasi:random/random@0.2.12': { getRandomBytes: (n: bigint) => new Uint8Array(Number(n)) } },
  });
  assert.match(replaced.out, /random bytes differ: no/);
});

test.run();
