/** Makes `shop.wasm` of `guest.js` and `world.wit`: a component of some 12 MB, most of which is SpiderMonkey. */
import { readFile, writeFile } from 'node:fs/promises';
import { componentize } from '@bytecodealliance/componentize-js';

const read = (name) => readFile(new URL(name, import.meta.url), 'utf8');
// As texts: the library looks for files by relative path only.
const { component } = await componentize(await read('guest.js'), await read('world.wit'));
await writeFile(new URL('shop.wasm', import.meta.url), component);
