/**
 * Where `gangway run` keeps what it has made of components. In: the environment. Out: a folder, or null: nothing is kept.
 *
 * What is kept holds generated code, which runs in this process with all that it may do. So it must be nobody else's: a folder of
 * another user, or one that others may write into, is not used. That is so for a program that root runs with the home of
 * somebody else (`sudo`), too.
 */
import type { CodeCache } from '@gangway/host/compile';
import { directoryCache } from '@gangway/host/node-cache';

/** Says where the cache is: a folder; nothing (the empty text): there is none. */
const VARIABLE = 'GANGWAY_CACHE';

/** Bytes of a few hundred programs: what is kept of one is some hundred kilobytes. */
const MAX_BYTES = 128 * 2 ** 20;

/** Others than their owner may write: bits of a mode. */
const OTHERS_WRITE = 0o022;

/** The cache in a folder that was asked for by name. */
export function cacheIn(folder: string): CodeCache {
  return directoryCache(folder, { maxBytes: MAX_BYTES });
}

/** The cache of this user; null when there is none, or none to be trusted. */
export function userCache(): CodeCache | null {
  const asked = process.env[VARIABLE];
  if (asked !== undefined) return asked === '' ? null : cacheIn(asked);
  const folder = userFolder();
  return folder !== null && isOwn(folder) ? cacheIn(folder) : null;
}

/** As the system has it: for files that may be removed at any time. */
function userFolder(): string | null {
  const { env, platform } = process;
  const { isAbsolute, join } = process.getBuiltinModule('node:path');
  const inFolder = (folder: string | undefined, ...names: string[]): string | null =>
    folder !== undefined && isAbsolute(folder) ? join(folder, ...names) : null;
  if (platform === 'win32') return inFolder(env['LOCALAPPDATA'], 'gangway', 'cache');
  if (platform === 'darwin') return inFolder(env['HOME'], 'Library', 'Caches', 'gangway');
  return inFolder(env['XDG_CACHE_HOME'], 'gangway') ?? inFolder(env['HOME'], '.cache', 'gangway');
}

/** Whether it is this user's alone. It is made when it is not there yet, and no cache when it cannot be. */
function isOwn(folder: string): boolean {
  const { mkdirSync, statSync } = process.getBuiltinModule('node:fs');
  try {
    const stat = statSync(folder, { throwIfNoEntry: false });
    if (stat === undefined) mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Windows has no such owners and modes; the folder is in the user's own there.
    else if (process.geteuid !== undefined) return stat.uid === process.geteuid() && (stat.mode & OTHERS_WRITE) === 0;
    return true;
  } catch {
    return false;
  }
}
