/** Opens a directory as a cache, with `sources` or without, and loads something. Out: where Node keeps what it compiles. */
import { getCompileCacheDir } from 'node:module';
import { directoryCache } from '@gangway/host/node-cache';

const [folder = '', sources] = process.argv.slice(2);
directoryCache(folder, sources === undefined ? {} : { sources: true });
await import('@gangway/host/runtime');
console.log(getCompileCacheDir());
