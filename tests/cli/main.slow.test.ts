/** The command as a function: exit codes, what goes to which stream, every phase and format, help, bad usage. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commands, type Io, main } from '@gangway/cli';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const hello = fileURLToPath(new URL('../../examples/hello-c/hello.wasm', import.meta.url));

interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function gangway(...words: string[]): Promise<Result> {
  return gangwayWith('', ...words);
}

async function gangwayWith(stdin: string, ...words: string[]): Promise<Result> {
  const result = { out: '', err: '' };
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
  const io: Io = {
    out: (piece) => void (result.out += piece),
    err: (piece) => void (result.err += piece),
    guest: {
      stdin,
      stdout: (bytes) => void (result.out += text(bytes)),
      stderr: (bytes) => void (result.err += text(bytes)),
    },
  };
  return { code: await main(words, io), ...result };
}

function directory(files: Readonly<Record<string, string | Uint8Array>> = {}): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'gangway-cli-'));
  for (const [name, contents] of Object.entries(files)) writeFileSync(join(path, name), contents);
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

test('run: arguments, environment, a directory; the exit code is the guest’s', async () => {
  using dir = directory({ 'poem.txt': 'one\n' });
  const good = await gangway(
    'run',
    '--dir',
    `${dir.path}::/data`,
    '--env',
    'GREETING=Hi',
    hello,
    '/data/poem.txt',
    'Ada',
  );
  assert.equal(good, {
    code: 0,
    out: 'Hi, Ada!\nnumbered 1 lines of /data/poem.txt into /data/poem.txt.out\n',
    err: '',
  });
  const missing = await gangway('run', `--dir=${dir.path}::/data`, hello, '/data/none');
  assert.is(missing.code, 1);
  assert.is(missing.err, 'hello: cannot open /data/none: No such file or directory\n');
  const readonly = await gangway('run', '--dir', `${dir.path}::/data::ro`, hello, '/data/poem.txt');
  assert.is(readonly.code, 1);
  assert.match(readonly.err, /Read-only file system/);
});

test('run: what follows the file is the guest’s, options included', async () => {
  assert.equal(await gangwayWith('in', 'run', hello, '--stdin'), { code: 0, out: 'in', err: '' });
  const help = await gangway('run', hello, '--help');
  assert.match(help.err, /cannot open --help/);
  const dashes = await gangway('run', '--', hello, '--debug');
  assert.match(dashes.err, /cannot open --debug/);
});

test('run: a trap is 134 and shows where in the guest it happened, and the whole stack with --debug', async () => {
  const plain = await gangway('run', hello, '--trap');
  assert.is(plain.code, 134);
  assert.match(
    plain.err,
    /^gangway: wasm trap: divide by zero\n {2}at main \(function \d+ at 0x[0-9a-f]+\)\n( {2}at .*\n)*$/,
  );
  assert.is(plain.out, 'about to divide by zero\n');
  const debug = await gangway('run', '--debug', hello, '--trap');
  assert.is(debug.code, 134);
  assert.match(
    debug.err,
    /^gangway: wasm trap: divide by zero\n {2}in wasi:cli\/run@0\.2\.12#run of .*\n[\s\S]*at main \(wasm/,
  );
});

test('run: bad components are 1, each with one line that names the file', async () => {
  const bytes = readFileSync(hello);
  const broken = bytes.slice();
  broken[9] = 0xff;
  using dir = directory({
    'short.wasm': bytes.subarray(0, 3000),
    'broken.wasm': broken,
    'core.wasm': Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0),
    'text.wasm': 'hello',
    'empty.wasm': '',
    'nothing.wasm': Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0),
  });
  const cases: [string, RegExp][] = [
    ['short.wasm', /short\.wasm: 0x[0-9a-f]+: /],
    ['broken.wasm', /broken\.wasm: 0x[0-9a-f]+: /],
    ['core.wasm', /core\.wasm: this is a core module, not a component/],
    ['text.wasm', /text\.wasm: this is no WebAssembly file/],
    ['empty.wasm', /empty\.wasm: the file is empty/],
    ['nothing.wasm', /nothing\.wasm: it is no command .*--invoke/],
    ['none.wasm', /cannot read .*none\.wasm: no such file or directory/],
  ];
  for (const [file, message] of cases) {
    const { code, out, err } = await gangway('run', join(dir.path, file));
    assert.is(code, 1, file);
    assert.is(out, '');
    assert.match(err, message);
    assert.is(err.split('\n').length, 2, `one line: ${err}`);
  }
  const read = await gangway('run', dir.path);
  assert.match(read.err, /it is a directory/);
});

test('run: an import that is not WASI’s is named', async () => {
  // (component (import "my-func" (func)))
  const bytes = [
    0,
    0x61,
    0x73,
    0x6d,
    0x0d,
    0,
    1,
    0,
    7,
    5,
    1,
    0x40,
    0,
    1,
    0,
    10,
    12,
    1,
    0,
    7,
    ...Buffer.from('my-func'),
    1,
    0,
  ];
  using dir = directory({ 'own.wasm': Uint8Array.from(bytes) });
  const { code, err } = await gangway('run', join(dir.path, 'own.wasm'));
  assert.is(code, 1);
  assert.match(err, /own\.wasm: it imports "my-func", which is not part of WASI 0\.2/);
});

test('run --invoke: a call written as text', async () => {
  assert.equal(await gangwayWith('x', 'run', '--invoke', 'wasi:cli/run@0.2.12#run()', hello), {
    code: 1,
    out: '',
    err: 'usage: hello FILE [NAME...]\n',
  });
  const unknown = await gangway('run', '--invoke', 'nope(1)', hello);
  assert.is(unknown.code, 2);
  assert.match(unknown.err, /no function is exported as "nope"; it exports wasi:cli\/run@0\.2\.12#run/);
  const args = await gangway('run', '--invoke', 'run(1)', hello);
  assert.is(args.code, 2);
  assert.match(args.err, /expected 0 arguments and '\)', found '1\)'\n {2}run\(1\)\n {6}\^/);
  const both = await gangway('run', '--invoke', 'run()', hello, 'x');
  assert.is(both.code, 2);
  assert.match(both.err, /with --invoke the arguments stand in the call/);
});

test('bad usage is 2, with a hint', async () => {
  const cases: [string[], RegExp][] = [
    [[], /Usage: gangway COMMAND/],
    [['frob'], /there is no command "frob"\nTry 'gangway --help'/],
    [['help', 'frob'], /there is no command "frob"/],
    [['run'], /which file\?\nTry 'gangway run --help'/],
    [['run', '--frob', hello], /[Uu]nknown option '--frob'/],
    [['run', '--dir', 'a::b::rw', hello], /--dir takes HOST/],
    [['run', '--dir', '', hello], /--dir takes HOST/],
    [['run', '--dir', `${hello}::/x`, hello], /there is no directory .*hello\.wasm/],
    [['run', '--dir', 'not/there', hello], /there is no directory not\/there/],
    [['run', '--env', '=x', hello], /--env takes NAME=VALUE/],
    [['run', '--feature', 'frob', hello], /unknown feature 'frob'/],
    [['run', '--dir'], /argument missing/],
    [['inspect', hello, hello], /one file at a time/],
    [['inspect', '--phase', 'frob', hello], /--phase must be types, sections/],
    [['inspect', '--phase', 'constructor', hello], /--phase must be types, sections/],
    [['inspect', '--format', 'pdf', hello], /--format must be text/],
    [['inspect', '--phase', 'plan', '--format', 'svg', hello], /the phase plan is printed as text, json, not as svg/],
    [['inspect', '--pointer-size', '16', hello], /--pointer-size must be 4, 8/],
    [['validate'], /which file\?/],
  ];
  for (const [words, message] of cases) {
    const { code, out, err } = await gangway(...words);
    assert.is(code, 2, words.join(' '));
    assert.is(out, '');
    assert.match(err, message);
  }
});

test('--version is that of the package', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../../packages/cli/package.json', import.meta.url), 'utf8'));
  assert.equal(await gangway('--version'), { code: 0, out: `${version}\n`, err: '' });
});

test('help: every command and every option is in it', async () => {
  for (const words of [['--help'], ['-h'], ['help']]) {
    const { code, out } = await gangway(...words);
    assert.is(code, 0);
    for (const { name, summary } of commands) assert.ok(out.includes(name) && out.includes(summary));
  }
  for (const command of commands) {
    for (const words of [
      [command.name, '--help'],
      [command.name, '-h'],
      ['help', command.name],
    ]) {
      const { code, out } = await gangway(...words);
      assert.is(code, 0);
      for (const option of command.options)
        assert.ok(out.includes(`--${option.name}`), `${command.name} --${option.name}`);
      for (const line of out.split('\n')) assert.ok(line.length <= 110, line);
    }
  }
});

test('inspect: every phase in every format', async () => {
  const texts: [string, string, RegExp][] = [
    [
      'types',
      'text',
      /import wasi:cli\/environment@0\.2\.12[\s\S]*get-arguments: func\(\) -> list<string>[\s\S]*export wasi:cli\/run/,
    ],
    ['sections', 'text', /import "wasi:cli\/environment@0\.2\.12"[\s\S]*core module 0/],
    ['plan', 'text', /trampolines\n[\s\S]*lower/],
    ['layout', 'text', /^vmctx: \d+ bytes, pointer size 4\n/],
    ['layout', 'svg', /^<svg [\s\S]*data-field="trampoline_func_refs"[\s\S]*<\/svg>\n$/],
    ['trampolines', 'wat', /\(module \$trampolines[\s\S]*\(export "trampoline\[0\]"/],
    ['trampolines', 'text', /trampolines: \d+ bytes\n {2}import context\.memory .*context memory/],
    ['adapters', 'wat', /needs no adapters/],
  ];
  for (const [phase, format, wanted] of texts) {
    const { code, out, err } = await gangway('inspect', '--phase', phase, '--format', format, hello);
    assert.equal([code, err], [0, ''], phase);
    assert.match(out, wanted);
  }
  for (const phase of ['types', 'sections', 'plan', 'layout', 'trampolines', 'adapters']) {
    const { code, out } = await gangway('inspect', '-p', phase, '-f', 'json', hello);
    assert.is(code, 0);
    assert.type(JSON.parse(out), 'object', phase);
  }
  const wide = await gangway('inspect', '-p', 'layout', '--pointer-size', '8', hello);
  assert.match(wide.out, /^vmctx: \d+ bytes, pointer size 8\n/);
});

test('inspect: adapters, and what each connects', async () => {
  const composed = fileURLToPath(new URL('../../packages/inspector/examples/two-components.wasm', import.meta.url));
  const wanted = /adapter\[0\] "twice-the-length": component instance 2.* calls .* of component instance 1/;
  for (const format of ['wat', 'text', 'json']) {
    const { code, out } = await gangway('inspect', '-p', 'adapters', '-f', format, composed);
    assert.is(code, 0);
    assert.match(format === 'json' ? JSON.parse(out)[0].notes[0] : out, wanted, format);
  }
});

test('inspect -o: files instead of text, the modules’ bytes among them', async () => {
  using dir = directory();
  const target = join(dir.path, 'new', 'inner');
  const { code, out, err } = await gangway('inspect', '-p', 'trampolines', '-o', target, hello);
  assert.equal([code, out], [0, '']);
  assert.equal(readdirSync(target).sort(), ['trampolines.wasm', 'trampolines.wat']);
  assert.match(err, /wrote .*trampolines\.wat\n/);
  const module = new WebAssembly.Module(readFileSync(join(target, 'trampolines.wasm')));
  assert.ok(WebAssembly.Module.exports(module).some(({ name }) => name === 'trampoline[0]'));
  const bad = await gangway('inspect', '-o', hello, hello);
  assert.is(bad.code, 1);
  assert.match(bad.err, /cannot write into/);
});

test('inspect --phase sections works where compiling does not', async () => {
  // An export of a function that is not there: it decodes, and is not valid.
  const bytes = [0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0, 11, 7, 1, 0, 1, 0x66, 1, 0, 0];
  using dir = directory({ 'bad.wasm': Uint8Array.from(bytes) });
  const { code, out } = await gangway('inspect', '-p', 'sections', join(dir.path, 'bad.wasm'));
  assert.is(code, 0);
  assert.match(out, /export "f"/);
});

test('types: declarations, printed or written', async () => {
  const { code, out } = await gangway('types', hello);
  assert.is(code, 0);
  assert.match(out, /getArguments/);
  using dir = directory();
  assert.is((await gangway('types', '-o', dir.path, hello)).code, 0);
  assert.is(readFileSync(join(dir.path, 'hello.d.ts'), 'utf8'), out);
});

test('validate: all files, each with a verdict', async () => {
  using dir = directory({ 'bad.wasm': readFileSync(hello).subarray(0, 5000) });
  assert.equal(await gangway('validate', hello), { code: 0, out: `${hello}: valid\n`, err: '' });
  const bad = join(dir.path, 'bad.wasm');
  const mixed = await gangway('validate', bad, hello);
  assert.is(mixed.code, 1);
  assert.is(mixed.out, `${hello}: valid\n`);
  assert.match(mixed.err, /^gangway: .*bad\.wasm: 0x[0-9a-f]+: .*\n$/);
  assert.equal(await gangway('validate', '-q', hello), { code: 0, out: '', err: '' });
});

test.run();
