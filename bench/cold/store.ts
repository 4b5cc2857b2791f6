/** Where the cold-start benchmark keeps compiled code. In: the folder of what was made before. Out: a cache, and where it is. */
import type { CodeCache } from '@gangway/host/runtime';

export const storeFolder = (prepared: URL): URL => new URL('store/', prepared);

/** A cache of components; from now on Node keeps there what it compiles of JavaScript. */
export async function storeIn(prepared: URL): Promise<CodeCache> {
  const { directoryCache } = await import('@gangway/host/node-cache');
  return directoryCache(storeFolder(prepared), { sources: true });
}
