/** A process that shares a cache directory that is too small: puts and gets, and checks that what it gets is whole. */
import { directoryCache } from '@gangway/host/node-cache';

const [folder = '', seed = '0'] = process.argv.slice(2);
const cache = directoryCache(folder, { maxBytes: 4000 });
let hits = 0;
for (let n = 0; n < 60; n++) {
  const which = (n * 11 + Number(seed) * 5) % 31;
  await cache.put(`k${which}`, new Uint8Array(200).fill(which));
  const other = (n * 13) % 31;
  const found = await cache.get(`k${other}`);
  if (found === undefined) continue;
  if (found.length !== 200 || found.some((byte) => byte !== other)) throw new Error(`entry ${other} is damaged`);
  hits += 1;
}
console.log(`60 puts, ${hits} hits`);
