/**
 * The 12 MB component: `examples/guest-js` turned into a component by componentize-js. Built once, kept in `.cache`
 * under a name that changes with its sources, because building takes half a minute.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

const folder = new URL('../../examples/guest-js/', import.meta.url);
const cache = new URL('../../.cache/', import.meta.url);

/** The component's bytes. */
export async function spiderMonkeyComponent(): Promise<Uint8Array<ArrayBuffer>> {
  const source = readFileSync(new URL('guest.js', folder), 'utf8');
  const witWorld = readFileSync(new URL('world.wit', folder), 'utf8');
  const key = createHash('sha256').update(source).update(witWorld).digest('hex').slice(0, 16);
  const file = new URL(`guest-js-${key}.wasm`, cache);
  if (!existsSync(file)) {
    const { componentize } = await import('@bytecodealliance/componentize-js');
    // The world as text: the library looks for files by relative path only.
    const { component } = await componentize(source, witWorld);
    mkdirSync(cache, { recursive: true });
    // Written aside and renamed, so that two test processes never see half a file.
    const aside = new URL(`guest-js-${key}.${process.pid}.tmp`, cache);
    writeFileSync(aside, component);
    renameSync(aside, file);
  }
  return new Uint8Array(readFileSync(file));
}
