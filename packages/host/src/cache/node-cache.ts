/**
 * A code cache in a directory, for Node, Deno and Bun. In: a directory, which is made when it is needed, and how large it
 * may become. Out: a `CodeCache` that several processes may share: an entry is written beside its place and then renamed
 * into it, and whoever has written one removes those that nobody has used for the longest time.
 *
 * When an entry was used last is the time of its file: reading sets it.
 *
 * Rejected: an index file with sizes and times (processes would have to lock it), and the time of access that the file
 * system keeps (many keep none, or one a day).
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CodeCache } from './code-cache.ts';

/** Not imported: that would load all of it, streams and promises too (7 ms of Node's start). */
const fs = process.getBuiltinModule('node:fs');

export interface DirectoryCacheOptions {
  /**
   * How many bytes the entries may have together; those that nobody has used for the longest time go first. Default: 1 GiB.
   * `Infinity`: there is no limit. `RangeError` for less than 0 and for what is no number.
   */
  readonly maxBytes?: number;
  /**
   * Whether Node keeps there as well what it compiles of JavaScript that is loaded from now on, whatever that is: its compile cache,
   * in the folder `sources`, which `maxBytes` does not count. For programs whose processes are many and short: what they load
   * afterwards, by `import()`, is loaded in half the time. Where there is no such thing, or it is on already, nothing happens.
   * Default: no.
   */
  readonly sources?: boolean;
}

const MAX_BYTES = 2 ** 30;
const SUFFIX = '.gangway';
/** The folder of Node's own. */
const SOURCES = 'sources';
/** Of an entry that is being written. */
const ASIDE = '.tmp';
/** Milliseconds after which what was being written belongs to a process that has died. */
const ABANDONED = 60 * 60 * 1000;

/** Entries are files `KEY.gangway` in `directory`. Delete any of them at any time. */
export function directoryCache(directory: string | URL, options: DirectoryCacheOptions = {}): CodeCache {
  const { maxBytes = MAX_BYTES, sources = false } = options;
  if (typeof maxBytes !== 'number' || !(maxBytes >= 0)) {
    throw new RangeError(`maxBytes must be a number of bytes, not ${maxBytes}`);
  }
  const folder = directory instanceof URL ? fileURLToPath(directory) : directory;
  const path = (key: string): string => join(folder, `${key}${SUFFIX}`);
  // Node 22.1 and later.
  if (sources) process.getBuiltinModule('node:module').enableCompileCache?.(join(folder, SOURCES));
  return {
    // Without waiting: loading what waits takes longer than reading an entry, which has no core modules of components.
    async get(key) {
      let bytes: Uint8Array<ArrayBuffer>;
      try {
        bytes = new Uint8Array(fs.readFileSync(path(key)));
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
      try {
        const now = new Date();
        fs.utimesSync(path(key), now, now);
      } catch {
        // That it was used is not worth a failure: the directory may be one that this process cannot write into.
      }
      return bytes;
    },
    async put(key, bytes) {
      if (bytes.length > maxBytes) return;
      await fs.promises.mkdir(folder, { recursive: true });
      // A number that no other writer has at this time; `node:crypto` would take 13 ms to load.
      const own = `${process.pid}-${Math.random().toString(36).slice(2)}`;
      const aside = join(folder, `${key}.${own}${ASIDE}`);
      try {
        await fs.promises.writeFile(aside, bytes, { flag: 'wx' });
        await fs.promises.rename(aside, path(key));
      } catch (error) {
        await fs.promises.rm(aside, { force: true });
        throw error;
      }
      if (maxBytes !== Number.POSITIVE_INFINITY) await evict(folder, maxBytes);
    },
  };
}

interface Kept {
  readonly path: string;
  readonly size: number;
  /** Milliseconds. */
  readonly used: number;
}

/** Removes the entries that were used least recently, until the others have no more than `maxBytes`. */
async function evict(folder: string, maxBytes: number): Promise<void> {
  const entries: Kept[] = [];
  for (const name of await fs.promises.readdir(folder)) {
    const isEntry = name.endsWith(SUFFIX);
    if (!isEntry && !name.endsWith(ASIDE)) continue;
    const found = await look(join(folder, name));
    if (found === null) continue;
    if (isEntry) entries.push(found);
    else if (found.used < Date.now() - ABANDONED) await fs.promises.rm(found.path, { force: true });
  }
  let total = entries.reduce((bytes, { size }) => bytes + size, 0);
  entries.sort((a, b) => a.used - b.used);
  for (const { path, size, used } of entries) {
    if (total <= maxBytes) return;
    const now = await look(path);
    // Somebody has used it in the meantime: it is among the newest.
    if (now !== null && now.used !== used) continue;
    await fs.promises.rm(path, { force: true });
    total -= size;
  }
}

/** Null: it is gone, another process has removed it. */
async function look(path: string): Promise<Kept | null> {
  try {
    const { size, mtimeMs } = await fs.promises.stat(path);
    return { path, size, used: mtimeMs };
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
