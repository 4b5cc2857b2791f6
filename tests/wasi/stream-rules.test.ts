/** The shim's streams, held to what `wasi:io/streams` says: a guest's mistake is its own trap, and lengths are lengths. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { wasiImports } from '@gangway/wasi';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { httpIo } from '../../packages/wasi/src/http/io.ts';
import { inScope } from '../../packages/wasi/src/scope.ts';

interface Stream extends Disposable {
  read(length: bigint): Uint8Array;
  blockingRead(length: bigint): Uint8Array;
  skip(length: bigint): bigint;
  blockingSkip(length: bigint): bigint;
  checkWrite(): bigint;
  write(contents: Uint8Array): void;
  writeZeroes(length: bigint): void;
  blockingFlush(): void;
  blockingWriteAndFlush(contents: Uint8Array): void;
  blockingWriteZeroesAndFlush(length: bigint): void;
  splice(source: Stream, length: bigint): bigint;
  blockingSplice(source: Stream, length: bigint): bigint;
  subscribe(): Disposable & { block(): void };
}

interface File {
  readViaStream(offset: bigint): Stream;
  writeViaStream(offset: bigint): Stream;
}

const context = { dir: '', open: undefined as unknown as (name: string) => File };
const test = suite('stream rules', context);

test.before(async (context) => {
  context.dir = mkdtempSync(join(tmpdir(), 'gangway-streams-'));
  writeFileSync(join(context.dir, 'letters'), 'abcdefghijklmnopqrstuvwxyz');
  const imports = await wasiImports(
    { imports: [{ name: 'wasi:filesystem/preopens' }, { name: 'wasi:io/streams' }] },
    { preopens: [{ host: context.dir, guest: '/' }] },
  );
  const { getDirectories } = imports['wasi:filesystem/preopens'] as { getDirectories(): [[object, string]] };
  const [[root]] = getDirectories();
  const { openAt } = root as { openAt(...args: unknown[]): File };
  context.open = (name) => openAt.call(root, {}, name, { create: true }, { read: true, write: true });
});
test.after(({ dir }) => rmSync(dir, { recursive: true }));

test('a write of more than fits is an error of that call, and the stream goes on', ({ dir, open }) => {
  const stream = open('out').writeViaStream(0n);
  const allowed = Number(stream.checkWrite());
  assert.ok(allowed >= 4096);
  assert.throws(() => stream.write(new Uint8Array(allowed + 1)), /are allowed/);
  assert.throws(() => stream.writeZeroes(2n ** 60n), /are allowed/);
  assert.throws(() => stream.blockingWriteZeroesAndFlush(4097n), /are allowed/);
  // All that is allowed, without asking again; then more, which waits.
  stream.write(new Uint8Array(allowed).fill(1));
  stream.blockingWriteAndFlush(new Uint8Array(4096).fill(2));
  stream.blockingWriteAndFlush(new Uint8Array(100_000).fill(3));
  // Without check-write, what fits is taken.
  stream.write(Uint8Array.of(4));
  stream.writeZeroes(2n);
  stream.blockingFlush();
  stream.blockingWriteZeroesAndFlush(1n);
  stream[Symbol.dispose]();
  const written = readFileSync(join(dir, 'out'));
  assert.is(written.length, allowed + 4096 + 100_000 + 4);
  assert.equal(
    [allowed - 1, allowed, allowed + 4096, written.length - 4, written.length - 1].map((at) => written[at]),
    [1, 2, 3, 4, 0],
  );
});

test('skip says how many bytes it skipped', ({ open }) => {
  const stream = open('letters').readViaStream(0n);
  assert.is(stream.blockingSkip(3n), 3n);
  assert.is(stream.skip(2n), 2n);
  assert.is(`${Buffer.from(stream.blockingRead(2n))}`, 'fg');
  assert.is(stream.blockingSkip(100n), 19n);
  stream[Symbol.dispose]();
});

test('splice keeps to the length', ({ dir, open }) => {
  const from = open('letters').readViaStream(0n);
  const to = open('spliced').writeViaStream(0n);
  assert.is(to.blockingSplice(from, 3n), 3n);
  assert.is(to.splice(from, 2n), 2n);
  to.blockingFlush();
  assert.is(readFileSync(join(dir, 'spliced'), 'utf8'), 'abcde');
  assert.is(to.blockingSplice(from, 1000n), 21n);
  to.blockingFlush();
  assert.is(readFileSync(join(dir, 'spliced'), 'utf8').length, 26);
  from[Symbol.dispose]();
  to[Symbol.dispose]();
});

test('what a guest has not dropped can be collected in any order, and a scope drops it', async ({ open }) => {
  const counts = async (): Promise<readonly (number | undefined)[]> => {
    const { streams, polls } = (await httpIo())!.call('counts');
    return [streams, polls];
  };
  const before = await counts();
  inScope(() => {
    for (let i = 0; i < 50; i += 1) {
      const stream = open('out').writeViaStream(0n);
      for (let n = 0; n < 3; n += 1) stream.subscribe();
      const dropped = stream.subscribe();
      dropped.block();
      dropped[Symbol.dispose]();
    }
  });
  const [, polls] = await counts();
  assert.is(polls, before[1], 'pollables of the scope are gone');

  for (let i = 0; i < 50; i += 1) {
    const stream = open('out').writeViaStream(0n);
    for (let n = 0; n < 3; n += 1) stream.subscribe();
  }
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // The shim's finalizers throw, which ends the process, when a stream is dropped before its pollable.
  let left = 50;
  for (let round = 0; round < 50 && left > 1; round += 1) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 5));
    left = (await counts())[0]! - before[0]!;
  }
  assert.ok(left <= 1, `${left} are left; the engine may hold on to the last one`);
});

test.run();
