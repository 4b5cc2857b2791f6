/** What is there without the shim's thread: that the shim is not loaded for it, and that both go together when it is. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type WasiOptions, wasiImports } from '@gangway/wasi';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

// biome-ignore lint/complexity/noBannedTypes: objects of WIT interfaces, called by name as the host does.
type Members = Record<string, Function>;

const loaded: string[] = [];
registerHooks({
  load(url, context, next) {
    if (url.includes('preview2-shim')) loaded.push(url);
    return next(url, context);
  },
});

async function load(names: readonly string[], options: WasiOptions = {}): Promise<Members[]> {
  const imports = await wasiImports({ imports: names.map((name) => ({ name })) }, options);
  return names.map((name) => imports[name] as unknown as Members);
}

/** What a program without directories and network may import. */
const plain = [
  'wasi:io/error',
  'wasi:io/poll',
  'wasi:io/streams',
  'wasi:clocks/monotonic-clock',
  'wasi:clocks/wall-clock',
  'wasi:random/random',
  'wasi:random/insecure',
  'wasi:random/insecure-seed',
  'wasi:cli/environment',
  'wasi:cli/exit',
  'wasi:cli/stdin',
  'wasi:cli/stdout',
  'wasi:cli/stderr',
  'wasi:cli/terminal-input',
  'wasi:cli/terminal-output',
  'wasi:cli/terminal-stdin',
  'wasi:cli/terminal-stdout',
  'wasi:cli/terminal-stderr',
  'wasi:filesystem/types',
  'wasi:filesystem/preopens',
] as const;

const MILLISECOND = 1_000_000n;

test('a program that waits, writes, reads and draws lots loads nothing of the shim', async () => {
  const written: string[] = [];
  const [error, poll, streams, clock, wall, random, insecure, seed, , , stdin, stdout] = await load(plain, {
    stdin: 'in',
    stdout: (bytes) => written.push(Buffer.from(bytes).toString()),
  });
  assert.ok([error, streams].every((one) => one !== undefined));

  const start = clock!['now']!() as bigint;
  const soon = clock!['subscribeDuration']!(3n * MILLISECOND) as Members;
  const never = clock!['subscribeInstant']!(start + 3_600_000n * MILLISECOND) as Members;
  assert.is(never['ready']!(), false);
  assert.equal(poll!['poll']!([never, soon]), Uint32Array.of(1));
  assert.is(soon['ready']!(), true);
  assert.ok((clock!['now']!() as bigint) - start >= 3n * MILLISECOND);
  const again = clock!['subscribeDuration']!(MILLISECOND) as Members;
  const before = clock!['now']!() as bigint;
  again['block']!();
  assert.ok((clock!['now']!() as bigint) - before > 0n && again['ready']!() === true);
  assert.throws(() => poll!['poll']!([]), /empty/);

  const output = stdout!['getStdout']!() as Members;
  assert.equal(poll!['poll']!([output['subscribe']!(), never, soon]), Uint32Array.of(0, 2));
  output['blockingWriteAndFlush']!(new TextEncoder().encode('out'));
  assert.equal(written, ['out']);
  const input = stdin!['getStdin']!() as Members;
  assert.is(Buffer.from(input['blockingRead']!(10n) as Uint8Array).toString(), 'in');

  const { seconds } = wall!['now']!() as { seconds: bigint };
  assert.ok(seconds > 1_600_000_000n);
  // Few come from the system itself, many from Node's generator.
  for (const length of [32n, 1000n]) {
    const bytes = random!['getRandomBytes']!(length) as Uint8Array;
    assert.is(bytes.length, Number(length));
    assert.ok(new Set(bytes).size > 8, 'they differ from each other');
    assert.not.equal(bytes, random!['getRandomBytes']!(length));
  }
  assert.is((random!['getRandomBytes']!(0n) as Uint8Array).length, 0);
  assert.not.equal(random!['getRandomU64']!(), random!['getRandomU64']!());
  assert.is(typeof insecure!['getInsecureRandomU64']!(), 'bigint');
  assert.is((insecure!['getInsecureRandomBytes']!(3n) as Uint8Array).length, 3);
  // One for each process: it may be asked for again.
  assert.equal(seed!['insecureSeed']!(), seed!['insecureSeed']!());
  assert.equal(loaded, []);
});

test('guests know the same classes before and after the shim is loaded, and may wait for both kinds of pollables', async () => {
  const before = await load(plain);
  const names = ['wasi:io/poll', 'wasi:io/streams', 'wasi:clocks/monotonic-clock', 'wasi:filesystem/types'] as const;
  const dir = mkdtempSync(join(tmpdir(), 'gangway-threadless-'));
  writeFileSync(join(dir, 'file'), 'text');
  const [poll, streams, clock, types, preopens] = (await load([...names, 'wasi:filesystem/preopens'], {
    preopens: [{ host: dir, guest: '/' }],
  })) as [Members, Members, Members, Members, Members];
  assert.ok(loaded.length > 0);
  for (const [i, name] of names.entries()) {
    const earlier = before[plain.indexOf(name)] as Members;
    for (const [member, value] of Object.entries([poll, streams, clock, types][i] as Members)) {
      if (/^[A-Z]/.test(member)) assert.is(earlier[member], value, `${name} ${member}`);
    }
  }

  const [[root]] = preopens['getDirectories']!() as [[Members, string]];
  const file = root['openAt']!({}, 'file', {}, { read: true }) as Members;
  assert.instance(file, types['Descriptor'] as never);
  const inner = root['openAt']!({}, '.', { directory: true }, { read: true }) as Members;
  assert.instance(inner['readDirectory']!(), types['DirectoryEntryStream'] as never);
  const stream = file['readViaStream']!(0n) as Members;
  assert.instance(stream, streams['InputStream'] as never);
  assert.instance(file['writeViaStream']!(0n), streams['OutputStream'] as never);
  const readable = stream['subscribe']!() as Members;
  assert.instance(readable, poll['Pollable'] as never);
  const late = clock['subscribeDuration']!(3_600_000n * MILLISECOND);
  assert.equal(poll['poll']!([late, readable]), Uint32Array.of(1));
  // And a timer that is over sooner than what never happens.
  const other = clock['subscribeDuration']!(2n * MILLISECOND);
  assert.equal(poll['poll']!([late, other]), Uint32Array.of(1));
  assert.equal(poll['poll']!([readable, other, late]), Uint32Array.of(0, 1));
  rmSync(dir, { recursive: true });
});

test('the classes that stand for the shim’s have the methods of those', async () => {
  const { resolve } = createRequire(new URL('../../packages/wasi/package.json', import.meta.url));
  const [{ streams, poll, error }, { types }] = (await Promise.all(
    ['io', 'filesystem'].map((part) => import(pathToFileURL(resolve(`@bytecodealliance/preview2-shim/${part}`)).href)),
  )) as [{ streams: object; poll: object; error: object }, { types: object }];
  const [ownError, ownPoll, ownStreams, ownTypes] = (await load([
    'wasi:io/error',
    'wasi:io/poll',
    'wasi:io/streams',
    'wasi:filesystem/types',
  ])) as [Members, Members, Members, Members];
  const theirs: Readonly<Record<string, unknown>> = { ...streams, ...poll, ...error, ...types };
  const ours: Readonly<Record<string, unknown>> = { ...ownStreams, ...ownPoll, ...ownError, ...ownTypes };
  assert.equal(Object.keys(ours).sort(), Object.keys(theirs).sort());
  const members = (value: unknown): string[] =>
    Object.getOwnPropertyNames((value as { readonly prototype: object }).prototype).sort();
  const classes = Object.keys(theirs).filter((name) => /^[A-Z]/.test(name));
  assert.is(classes.length, 6);
  for (const name of classes) assert.equal(members(ours[name]), members(theirs[name]), name);
});

test.run();
