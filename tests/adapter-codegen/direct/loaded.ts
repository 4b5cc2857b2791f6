/**
 * A process that compiles, instantiates and calls a component, and tells which modules were loaded. In: options of the
 * engine (JSON) and the component in base64, as arguments. Out: the URLs of the modules, a line each.
 */
import { registerHooks } from 'node:module';

const urls: string[] = [];
registerHooks({
  load(url, context, nextLoad) {
    urls.push(url);
    return nextLoad(url, context);
  },
});
const { compile, Engine, instantiate } = await import('@gangway/host');
const [options = '{}', bytes = ''] = process.argv.slice(2);
const engine = new Engine(JSON.parse(options) as ConstructorParameters<typeof Engine>[0]);
const component = await compile(Uint8Array.from(Buffer.from(bytes, 'base64')), { engine });
const { exports } = await instantiate<{ run(x: number): number }>(component, { twice: (x: number) => 2 * x });
if (exports.run(20) !== 41) throw new Error('wrong result');
console.log(urls.join('\n'));
