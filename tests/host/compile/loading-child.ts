/** A process that compiles a component through a directory cache, whole or as a stream, and tells which of our sources it has loaded. */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const [file = '', folder = '', stream] = process.argv.slice(2);
const loaded: string[] = [];
registerHooks({
  load(url, context, next) {
    loaded.push(url);
    return next(url, context);
  },
});
const { compile, compileStreaming, Engine, instantiate } = await import('@gangway/host/compile');
const { directoryCache } = await import('@gangway/host/node-cache');
const bytes = new Uint8Array(readFileSync(file));
const engine = folder === '' ? new Engine() : new Engine({ cache: directoryCache(folder) });
const compiling =
  stream === undefined ? compile(bytes, { engine }) : compileStreaming(new Response(bytes.slice()), { engine });
// What is compiled is what was given, whatever becomes of it while the front end is being loaded.
bytes.fill(0xff);
const { exports } = await instantiate<{ run(x: number): number }>(await compiling, { twice: (x: number) => 2 * x });
// The entry is written afterwards.
const result = exports.run(21);
if (folder !== '') await new Promise((resolve) => setTimeout(resolve, 100));
console.log(JSON.stringify({ result, loaded: loaded.filter((url) => url.includes('/packages/')) }));
