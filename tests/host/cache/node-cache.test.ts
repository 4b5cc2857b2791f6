/** The directory of a code cache: how large it becomes, what goes first, and what several users at once do to each other. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { directoryCache } from '@gangway/host/node-cache';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gangway-cache-'));
  try {
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Makes the entry one that was last used `minutes` ago. */
function age(folder: string, key: string, minutes: number): void {
  const time = Date.now() / 1000 - minutes * 60;
  utimesSync(join(folder, `${key}.gangway`), time, time);
}

const keys = (folder: string): string[] => readdirSync(folder).sort();
const total = (folder: string): number => readdirSync(folder).reduce((n, f) => n + statSync(join(folder, f)).size, 0);
const entry = (fill: number, size = 100) => new Uint8Array(size).fill(fill);

test('what was used least recently goes first; reading counts as use', () =>
  inFolder(async (folder) => {
    const cache = directoryCache(folder, { maxBytes: 350 });
    for (const [i, key] of ['a', 'b', 'c'].entries()) {
      await cache.put(key, entry(i));
      age(folder, key, 30 - i);
    }
    assert.equal(await cache.get('a'), entry(0));
    await cache.put('d', entry(3));
    assert.equal(keys(folder), ['a.gangway', 'c.gangway', 'd.gangway']);
    assert.is(await cache.get('b'), undefined);
    age(folder, 'a', 5);
    await cache.put('e', entry(4, 250));
    assert.equal(keys(folder), ['d.gangway', 'e.gangway']);
    // The same key again takes the place of the old entry.
    await cache.put('e', entry(5, 200));
    assert.equal(keys(folder), ['d.gangway', 'e.gangway']);
    assert.equal(await cache.get('e'), entry(5, 200));
  }));

test('an entry that is too large for the cache is not kept, and nothing goes for it', () =>
  inFolder(async (folder) => {
    const cache = directoryCache(folder, { maxBytes: 350 });
    await cache.put('a', entry(1));
    await cache.put('b', entry(2, 351));
    assert.equal(keys(folder), ['a.gangway']);
    const none = directoryCache(folder, { maxBytes: 0 });
    await none.put('c', entry(3));
    assert.is(await none.get('c'), undefined);
    await directoryCache(folder, { maxBytes: 350 }).put('d', entry(4, 350));
    assert.equal(keys(folder), ['d.gangway']);
  }));

test('no limit, the default limit, and what is no limit', () =>
  inFolder(async (folder) => {
    const cache = directoryCache(folder, { maxBytes: Number.POSITIVE_INFINITY });
    for (let i = 0; i < 20; i++) await cache.put(`k${i}`, entry(i, 5000));
    await directoryCache(folder).put('last', entry(1));
    assert.is(keys(folder).length, 21);
    for (const wrong of [-1, Number.NaN, '5' as unknown as number]) {
      assert.throws(() => directoryCache(folder, { maxBytes: wrong }), RangeError);
    }
  }));

test('files of others stay; what a process that died was writing goes after an hour', () =>
  inFolder(async (folder) => {
    const cache = directoryCache(folder, { maxBytes: 150 });
    writeFileSync(join(folder, 'notes.txt'), 'x'.repeat(1000));
    for (const name of ['old.1.tmp', 'new.2.tmp']) writeFileSync(join(folder, name), 'x'.repeat(1000));
    const then = Date.now() / 1000 - 2 * 60 * 60;
    utimesSync(join(folder, 'old.1.tmp'), then, then);
    await cache.put('a', entry(1));
    age(folder, 'a', 1);
    await cache.put('b', entry(2));
    assert.equal(keys(folder), ['b.gangway', 'new.2.tmp', 'notes.txt']);
  }));

test('many writers and readers at once in one process: nobody fails, entries are whole, the limit holds', () =>
  inFolder(async (folder) => {
    const caches = Array.from({ length: 4 }, () => directoryCache(folder, { maxBytes: 3000 }));
    const work = caches.map(async (cache, i) => {
      for (let n = 0; n < 40; n++) {
        const key = `k${(n * 7 + i) % 23}`;
        if (n % 3 === 0) await cache.put(key, entry((n * 7 + i) % 23, 200));
        const found = await cache.get(key);
        if (found !== undefined) assert.equal(found, entry((n * 7 + i) % 23, 200));
      }
    });
    await Promise.all(work);
    await caches[0]!.put('last', entry(1, 200));
    assert.ok(total(folder) <= 3000, `${total(folder)} bytes`);
    assert.ok(existsSync(join(folder, 'last.gangway')));
    assert.ok(readdirSync(folder).every((name) => name.endsWith('.gangway')));
  }));

test('and in several processes', () =>
  inFolder(async (folder) => {
    const child = fileURLToPath(new URL('eviction-child.ts', import.meta.url));
    const run = promisify(execFile);
    const outputs = await Promise.all([0, 1, 2].map((i) => run(process.execPath, [child, folder, `${i}`])));
    for (const { stdout } of outputs) assert.match(stdout, /^60 puts, \d+ hits\n$/);
    await directoryCache(folder, { maxBytes: 4000 }).put('last', entry(1, 200));
    assert.ok(total(folder) <= 4000, `${total(folder)} bytes`);
    assert.ok(existsSync(join(folder, 'last.gangway')));
  }));

const child = fileURLToPath(new URL('sources-child.ts', import.meta.url));

test('sources: what is loaded afterwards is kept as Node compiled it, in the same folder, and found again', () =>
  inFolder(async (folder) => {
    // As a user who has no such cache: the tests themselves may have one.
    const { NODE_COMPILE_CACHE, ...env } = process.env;
    const run = async (...args: string[]): Promise<string> =>
      (await promisify(execFile)(process.execPath, [child, folder, ...args], { env })).stdout.trim();
    assert.is(await run(), 'undefined');
    assert.not(existsSync(join(folder, 'sources')));
    assert.ok((await run('sources')).startsWith(join(folder, 'sources')));
    const kept = (): string[] =>
      readdirSync(join(folder, 'sources'), { recursive: true, withFileTypes: true }).flatMap((one) =>
        one.isFile() ? [`${one.name} ${statSync(join(one.parentPath, one.name)).mtimeMs}`] : [],
      );
    const first = kept();
    assert.ok(first.length > 0);
    await run('sources');
    assert.equal(kept().sort(), first.sort());
    // Entries that go make no difference to it.
    await directoryCache(folder, { maxBytes: 150, sources: false }).put('a', entry(1, 150));
    await directoryCache(folder, { maxBytes: 150 }).put('b', entry(2, 150));
    assert.equal(kept().sort(), first.sort());
  }));

test.run();
