/**
 * What the command loads for each thing that it does, and what `gangway run` keeps. Each is a process of its own, which tells at its
 * end what it has loaded: a start is fast by what it does not load.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const packages = new URL('../../packages/', import.meta.url).href;
const program = path('../../packages/cli/src/main.ts');
const hello = path('../../examples/hello-c/hello.wasm');

const home = mkdtempSync(join(tmpdir(), 'gangway-loaded-'));
test.after(() => rmSync(home, { recursive: true, force: true }));

/** Preloaded: writes what has been loaded, files and modules of Node, to the file that the environment names. */
const teller = join(home, 'teller.mjs');
writeFileSync(
  teller,
  `import { registerHooks } from 'node:module';
   const urls = [];
   registerHooks({ load(url, context, next) { urls.push(url); return next(url, context); } });
   const before = new Set(process.moduleLoadList);
   process.on('exit', () => {
     const builtin = process.moduleLoadList.filter((one) => !before.has(one)).map((one) => one.split(' ')[1]);
     process.getBuiltinModule('node:fs').writeFileSync(process.env.TOLD, JSON.stringify({ urls, builtin }));
   });`,
);

interface Run {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
  /** Sources of ours: `cli/src/main.ts`. */
  readonly ours: readonly string[];
  /** Other files. */
  readonly others: readonly string[];
  /** Modules of Node. */
  readonly builtin: readonly string[];
}

function gangway(
  words: readonly string[],
  { input = '', env = {} as Readonly<Record<string, string>>, file = program } = {},
): Run {
  const told = join(home, 'told.json');
  const args = ['--no-warnings', '--import', pathToFileURL(teller).href, file, ...words];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    input,
    encoding: 'utf8',
    env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1', ...env, TOLD: told },
  });
  const { urls, builtin } = JSON.parse(readFileSync(told, 'utf8')) as { urls: string[]; builtin: string[] };
  const ours = urls.filter((url) => url.startsWith(packages) && !url.includes('/node_modules/'));
  return {
    status,
    out: stdout,
    err: stderr,
    ours: ours.map((url) => url.slice(packages.length)),
    others: urls.filter((url) => !ours.includes(url)),
    builtin,
  };
}

/** Folders and files of ours that run nothing that was compiled before. */
const compiler =
  /^(adapter-codegen\/|component\/src\/(binary|validate|translate\/(?!may-enter)|names|reflect)|host\/src\/abi\/generate\/)/;
const otherCommands = /^cli\/src\/(inspect\/(?!phases)|compile|wast|wave\/(?!wave-error)|actions\/(?!run))/;

test('help and version load the table of commands', () => {
  const needed =
    /^cli\/src\/(main|program|command|help|standard-output|engine-options|commands\/[\w-]+|inspect\/phases)\.ts$/;
  for (const word of ['--help', '--version']) {
    const { status, ours, others } = gangway([word]);
    assert.is(status, 0);
    assert.ok(ours.length > 0);
    assert.equal(
      ours.filter((file) => !needed.test(file)),
      [],
      word,
    );
    assert.equal(others, [], 'what Node has is asked for, not imported');
  }
});

test('a run that has been kept loads what runs it, and nothing of the WASI shim', () => {
  const cache = join(home, 'cache');
  const words = ['run', '--cache', cache, hello, '--clock'];
  const first = gangway(words);
  assert.is(first.status, 0, first.err);
  assert.ok(
    first.ours.some((file) => compiler.test(file)),
    'nothing was kept before',
  );
  assert.is(readdirSync(cache).length, 1);
  const again = gangway(words);
  assert.is(again.out, first.out);
  assert.ok(again.ours.includes('wasi/src/run-command.ts'));
  for (const run of [first, again]) {
    assert.equal(
      run.ours.filter((file) => otherCommands.test(file) || file.startsWith('wasi/src/http/')),
      [],
    );
    assert.equal(
      run.others.filter((url) => !/^node:(path|url)$/.test(url)),
      [],
    );
    // What writes into the cache waits by promises, which have streams with them.
    const costly = /^(worker_threads|internal\/worker|net|tty|crypto|child_process)$/;
    assert.equal(
      run.builtin.filter((name) => costly.test(name)),
      [],
    );
  }
  assert.equal(
    again.ours.filter((file) => compiler.test(file)),
    [],
  );
  assert.equal(
    again.builtin.filter((name) => /^(stream|internal\/fs\/promises)$/.test(name)),
    [],
  );
});

test('the shim is loaded by a program that reads', () => {
  const { status, out, others } = gangway(['run', '--no-cache', hello, '--stdin'], { input: 'a line\n' });
  assert.equal([status, out], [0, 'a line\n']);
  assert.ok(others.some((url) => url.includes('preview2-shim')));
});

/** The command as it is when it has been built: it keeps what it makes. */
const built = join(home, 'built.ts');
writeFileSync(
  built,
  `import { main, processIo } from ${JSON.stringify(pathToFileURL(path('../../packages/cli/src/program.ts')).href)};
   process.exitCode = await main(process.argv.slice(2), { ...processIo, keepsCode: true });`,
);

test('where a run is kept: in a folder of the user that nobody else can write into, or nowhere', () => {
  const folder = join(home, 'user');
  const kept = platform() === 'darwin' ? join(folder, 'Library/Caches/gangway') : join(folder, 'caches/gangway');
  const user = { HOME: folder, XDG_CACHE_HOME: join(folder, 'caches'), LOCALAPPDATA: join(folder, 'local') };
  const entries = (): number => (existsSync(kept) ? readdirSync(kept).length : 0);
  const run = (env: Readonly<Record<string, string>>, ...words: string[]): void => {
    const { status, out, err } = gangway(['run', ...words, hello, '--clock'], {
      env: { ...user, ...env },
      file: built,
    });
    assert.equal([status, err], [0, '']);
    assert.match(out, /clock goes forward: yes/);
  };
  // From sources, which may change, nothing is kept.
  assert.is(gangway(['run', hello, '--clock'], { env: user }).status, 0);
  assert.not(existsSync(kept));
  run({}, '--no-cache');
  run({ GANGWAY_CACHE: '' });
  assert.not(existsSync(kept));
  run({ GANGWAY_CACHE: join(home, 'elsewhere') });
  assert.equal([entries(), readdirSync(join(home, 'elsewhere')).length], [0, 1]);

  run({});
  assert.is(entries(), 1);
  assert.is(statSync(kept).mode & 0o777, 0o700);
  // Others can write into it: what is in there is not believed, and nothing is added.
  for (const name of readdirSync(kept)) rmSync(join(kept, name));
  chmodSync(kept, 0o777);
  run({});
  assert.is(entries(), 0);

  // It cannot be made.
  writeFileSync(join(home, 'file'), '');
  run({ HOME: join(home, 'file'), XDG_CACHE_HOME: join(home, 'file') });
  run({ GANGWAY_CACHE: join(home, 'file') });
});

test.run();
