/** Interfaces as the host would call them: descriptors of read-only directories, our streams beside the shim's, denied network. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExitStatus, type WasiOptions, wasiImports } from '@gangway/wasi';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

// biome-ignore lint/complexity/noBannedTypes: objects of WIT interfaces, called by name as the host does.
type Members = Record<string, Function>;

async function load(names: readonly string[], options: WasiOptions = {}): Promise<Members[]> {
  const imports = await wasiImports({ imports: names.map((name) => ({ name })) }, options);
  return names.map((name) => imports[name] as unknown as Members);
}

/** What a body throws: WASI's errors are plain values. */
function thrown(body: () => unknown): unknown {
  try {
    body();
  } catch (error) {
    return error;
  }
  return 'nothing was thrown';
}

const follow = { symlinkFollow: true };

test('a read-only directory refuses all that changes it, through whatever is opened in it', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'gangway-ro-'));
  mkdirSync(join(dir, 'inner'));
  mkdirSync(join(dir, 'other'));
  writeFileSync(join(dir, 'inner', 'file'), 'text');
  const [types, preopens] = (await load(['wasi:filesystem/types@0.2.0', 'wasi:filesystem/preopens@0.2.0'], {
    preopens: [
      { host: dir, guest: '/ro', readonly: true },
      { host: join(dir, 'other'), guest: '/rw' },
    ],
  })) as [Members, Members];
  const [[root, name], [writable]] = preopens['getDirectories']!() as [[Members, string], [Members, string]];
  assert.is(name, '/ro');
  const Descriptor = types['Descriptor'] as unknown as new () => object;
  assert.instance(root, Descriptor);

  const none = {};
  const inner = root['openAt']!(follow, 'inner', { directory: true }, { read: true }) as Members;
  const file = inner['openAt']!(follow, 'file', none, { read: true }) as Members;
  assert.instance(file, Descriptor);
  const [data] = file['read']!(10n, 0n) as [Uint8Array];
  assert.is(Buffer.from(data).toString(), 'text');

  const now = { tag: 'now' };
  const refused: [string, () => unknown][] = [];
  for (const [label, d] of [
    ['the preopen', root],
    ['a directory in it', inner],
  ] as const) {
    const path = label === 'the preopen' ? 'inner/file' : 'file';
    refused.push(
      [`${label}: create`, () => d['openAt']!(follow, 'new', { create: true }, { write: true })],
      [`${label}: open for writing`, () => d['openAt']!(follow, path, none, { write: true })],
      [`${label}: truncate`, () => d['openAt']!(follow, path, { truncate: true }, { read: true })],
      [`${label}: mkdir`, () => d['createDirectoryAt']!('new')],
      [`${label}: unlink`, () => d['unlinkFileAt']!(path)],
      [`${label}: rmdir`, () => d['removeDirectoryAt']!('inner')],
      [`${label}: symlink`, () => d['symlinkAt']!(path, 'new')],
      [`${label}: times`, () => d['setTimesAt']!(follow, path, now, now)],
      [`${label}: rename inside`, () => d['renameAt']!(path, d, 'new')],
      [`${label}: rename out of it`, () => d['renameAt']!(path, writable, 'new')],
      [`${label}: rename into it`, () => writable['renameAt']!('x', d, 'new')],
      [`${label}: link out of it`, () => d['linkAt']!(none, path, writable, 'new')],
      [`${label}: link into it`, () => writable['linkAt']!(none, 'x', d, 'new')],
    );
  }
  refused.push(
    ['write to a file', () => file['write']!(Uint8Array.of(1), 0n)],
    ['write by stream', () => file['writeViaStream']!(0n)],
    ['append', () => file['appendViaStream']!()],
    ['set its size', () => file['setSize']!(0n)],
    ['set its times', () => file['setTimes']!(now, now)],
  );
  writeFileSync(join(dir, 'other', 'x'), 'x');
  for (const [label, body] of refused) assert.is(thrown(body), 'read-only', label);
  assert.is(readFileSync(join(dir, 'inner', 'file'), 'utf8'), 'text');
  assert.not(existsSync(join(dir, 'other', 'new')));
  assert.equal(root['getFlags']!(), { read: true, write: false, mutateDirectory: false });

  // The other directory is writable, and stays so for what is opened in it.
  const made = writable['openAt']!(follow, 'made', { create: true }, { write: true }) as Members;
  assert.is(made['write']!(new TextEncoder().encode('hi'), 0n), 2n);
  writable['renameAt']!('made', writable, 'moved');
  assert.is(readFileSync(join(dir, 'other', 'moved'), 'utf8'), 'hi');
  // A preopened directory has metadata like any other.
  const stat = writable['stat']!() as { type: string };
  assert.is(stat.type, 'directory');
  assert.not.equal(root['metadataHash']!(), writable['metadataHash']!());
  rmSync(dir, { recursive: true });
});

test('symbolic links do not lead out of a directory', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'gangway-link-'));
  mkdirSync(join(dir, 'inner'));
  writeFileSync(join(dir, 'secret'), 'secret');
  symlinkSync('../secret', join(dir, 'inner', 'up'));
  symlinkSync(join(dir, 'secret'), join(dir, 'inner', 'absolute'));
  const [preopens] = (await load(['wasi:filesystem/preopens'], {
    preopens: [{ host: join(dir, 'inner'), guest: '/' }],
  })) as [Members];
  const [[root]] = preopens['getDirectories']!() as [[Members, string]];
  for (const path of ['up', 'absolute', '../secret', '/secret']) {
    assert.is(
      thrown(() => root['openAt']!(follow, path, {}, { read: true })),
      'not-permitted',
      path,
    );
  }
  rmSync(dir, { recursive: true });
});

test('our streams are of the shim’s classes, and splice with its files', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'gangway-splice-'));
  writeFileSync(join(dir, 'from'), 'from a file');
  const out: string[] = [];
  const [streams, stdin, stdout, preopens] = (await load(
    ['wasi:io/streams@0.2.3', 'wasi:cli/stdin@0.2.3', 'wasi:cli/stdout@0.2.3', 'wasi:filesystem/preopens@0.2.3'],
    {
      stdin: 'from the embedder',
      stdout: (bytes) => out.push(Buffer.from(bytes).toString()),
      preopens: [{ host: dir, guest: '/' }],
    },
  )) as [Members, Members, Members, Members];
  const input = stdin['getStdin']!() as Members;
  const output = stdout['getStdout']!() as Members;
  assert.instance(input, streams['InputStream'] as never);
  assert.instance(output, streams['OutputStream'] as never);
  const [[root]] = preopens['getDirectories']!() as [[Members, string]];

  // Ours to a file of the shim's.
  const to = root['openAt']!(follow, 'to', { create: true }, { write: true }) as Members;
  const fileOut = to['writeViaStream']!(0n) as Members;
  assert.is(fileOut['blockingSplice']!(input, 5n), 5n);
  assert.is(fileOut['splice']!(input, 100n), 12n);
  fileOut['blockingFlush']!();
  assert.is(readFileSync(join(dir, 'to'), 'utf8'), 'from the embedder');
  assert.equal(
    thrown(() => input['read']!(1n)),
    { tag: 'closed' },
  );

  // A file of the shim's to ours.
  const from = root['openAt']!(follow, 'from', {}, { read: true }) as Members;
  const fileIn = from['readViaStream']!(0n) as Members;
  assert.is(output['blockingSplice']!(fileIn, 100n), 11n);
  assert.is(out.join(''), 'from a file');

  output['writeZeroes']!(2n);
  assert.is(out.at(-1), '\0\0');
  assert.ok((output['checkWrite']!() as bigint) > 0n);
  assert.instance(
    thrown(() => output['writeZeroes']!(2n ** 40n)),
    RangeError,
  );
  // Waiting on ours returns at once.
  const pollable = output['subscribe']!() as Members;
  pollable['block']!();
  assert.ok(pollable['ready']!());
  rmSync(dir, { recursive: true });
});

test('exit throws an ExitStatus and leaves the process alone', async () => {
  const [exit] = (await load(['wasi:cli/exit'])) as [Members];
  const codes = [
    () => exit['exit']!({ tag: 'ok' }),
    () => exit['exit']!({ tag: 'err' }),
    () => exit['exitWithCode']!(42),
  ].map((body) => (thrown(body) as ExitStatus).code);
  assert.equal(codes, [0, 1, 42]);
  assert.instance(
    thrown(() => exit['exit']!({ tag: 'ok' })),
    ExitStatus,
  );
  assert.not(Object.hasOwn(new ExitStatus(1), 'payload'), 'it is no error case');
});

test('environment: copies, so that later changes are not seen', async () => {
  const env: Record<string, string> = { A: '1' };
  const args = ['x'];
  const [environment] = (await load(['wasi:cli/environment'], { env, args, cwd: '/home' })) as [Members];
  env['B'] = '2';
  args.push('y');
  assert.equal(environment['getEnvironment']!(), [['A', '1']]);
  assert.equal(environment['getArguments']!(), ['x']);
  assert.is(environment['initialCwd']!(), '/home');
});

test('the wall clock has no step back, terminals are only there when they are', async () => {
  const [clock, terminal] = (await load(['wasi:clocks/wall-clock', 'wasi:cli/terminal-stdout'], {
    stdout: 'ignore',
  })) as [Members, Members];
  let last = 0n;
  for (let i = 0; i < 1000; i += 1) {
    const { seconds, nanoseconds } = clock['now']!() as { seconds: bigint; nanoseconds: number };
    assert.ok(Number.isInteger(nanoseconds) && nanoseconds < 1e9);
    const time = seconds * 1_000_000_000n + BigInt(nanoseconds);
    assert.ok(time >= last);
    last = time;
  }
  assert.is(terminal['getTerminalStdout']!(), undefined);
});

test('without network, sockets and HTTP say that access is denied', async () => {
  const [instance, lookup, http] = (await load([
    'wasi:sockets/instance-network@0.2.0',
    'wasi:sockets/ip-name-lookup@0.2.0',
    'wasi:http/outgoing-handler@0.2.0',
  ])) as [Members, Members, Members];
  const network = instance['instanceNetwork']!();
  assert.is(
    thrown(() => lookup['resolveAddresses']!(network, 'localhost')),
    'permanent-resolver-failure',
  );
  assert.equal(
    thrown(() => http['handle']!({}, undefined)),
    { tag: 'HTTP-request-denied' },
  );
});

test.run();
