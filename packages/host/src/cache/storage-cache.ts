/**
 * A code cache in the browser's Cache Storage. In: the name of the storage. Out: a `CodeCache` that outlives the page.
 * It is there in pages and workers of secure contexts.
 */
import type { CodeCache } from './code-cache.ts';

/** Cache Storage keeps responses by address; this one is never asked of a server. */
const address = (key: string): string => `https://gangway.invalid/${key}`;

/** TypeError where there is no Cache Storage. */
export function storageCache(name = 'gangway'): CodeCache {
  if (typeof caches === 'undefined') throw new TypeError('there is no Cache Storage here');
  const opened = caches.open(name);
  // Who uses the cache first is told.
  opened.catch(() => undefined);
  return {
    async get(key) {
      const response = await (await opened).match(address(key));
      return response === undefined ? undefined : new Uint8Array(await response.arrayBuffer());
    },
    async put(key, bytes) {
      await (await opened).put(address(key), new Response(bytes));
    },
  };
}
