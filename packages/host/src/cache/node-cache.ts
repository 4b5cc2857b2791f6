/**
 * A code cache in a directory, for Node, Deno and Bun. In: a directory, which is made when it is needed. Out: a
 * `CodeCache` that several processes may share: an entry is written beside its place and then renamed into it.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CodeCache } from './code-cache.ts';

/** Entries are files `KEY.gangway` in `directory`. Delete any of them at any time. */
export function directoryCache(directory: string | URL): CodeCache {
  const folder = directory instanceof URL ? fileURLToPath(directory) : directory;
  const path = (key: string): string => join(folder, `${key}.gangway`);
  return {
    async get(key) {
      try {
        return new Uint8Array(await readFile(path(key)));
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      }
    },
    async put(key, bytes) {
      await mkdir(folder, { recursive: true });
      const aside = join(folder, `${key}.${randomUUID()}.tmp`);
      try {
        await writeFile(aside, bytes, { flag: 'wx' });
        await rename(aside, path(key));
      } catch (error) {
        await rm(aside, { force: true });
        throw error;
      }
    },
  };
}
