/** `node --import @gangway/host/register`: components in Node's module graph. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assemble } from '../support/assemble.ts';
import { welcomer } from '../support/component-pair.ts';
import { adapted, greeter } from '../support/greeter.ts';

const exec = promisify(execFile);
// Inside the workspace, so that packages are found.
const cache = fileURLToPath(new URL('../../.cache', import.meta.url));
mkdirSync(cache, { recursive: true });
const home = mkdtempSync(join(cache, 'register-'));
test.after(() => rmSync(home, { recursive: true, force: true }));

writeFileSync(
  join(home, 'package.json'),
  '{ "type": "module", "gangway": { "imports": { "log": "./lib/../log.js" } } }',
);
writeFileSync(join(home, 'log.js'), `export const log = (message) => console.log('log: ' + message);`);
writeFileSync(join(home, 'greet.wasm'), await assemble(greeter()));
writeFileSync(join(home, 'adapted.wasm'), await assemble(adapted));
// (module (func (export "one") (result i32) i32.const 1))
writeFileSync(
  join(home, 'core.wasm'),
  Buffer.from('0061736d01000000010501600001' + '7f030201000707010' + '36f6e6500000a0601040041010b', 'hex'),
);

async function run(source: string): Promise<{ stdout: string; stderr: string }> {
  writeFileSync(join(home, 'main.js'), source);
  const args = ['--no-warnings', '--import', '@gangway/host/register', join(home, 'main.js')];
  return exec(process.execPath, args, { cwd: home }).catch((error: { stdout: string; stderr: string }) => error);
}

test('import gives what the component exports; its imports come from the mapping in package.json', async () => {
  const { stdout, stderr } = await run(`
    import { greet } from './greet.wasm';
    import { twice, 'a:b/twice@1.0.0' as whole } from './adapted.wasm';
    console.log(greet('Ada'), twice.twiceOf(21), whole === twice, greet === (await import('./greet.wasm')).greet);`);
  assert.is(stderr, '');
  assert.is(stdout, 'log: hello, Ada\nhello, Ada 42 true true\n');
});

test('?component gives the component', async () => {
  const { stdout, stderr } = await run(`
    import { component, instantiate } from './greet.wasm?component';
    const { exports } = await instantiate({ log: (text) => console.log('mine', text) });
    console.log(component.imports[0].name, exports.greet('Ada'));`);
  assert.is(stderr, '');
  assert.is(stdout, 'mine hello, Ada\nlog hello, Ada\n');
});

test('a component that another one instantiates is mapped to its file, in a package too, or given at run time', async () => {
  const parts = join(home, 'node_modules/parts');
  mkdirSync(parts, { recursive: true });
  writeFileSync(join(parts, 'package.json'), '{ "name": "parts", "exports": { "./*": "./*" } }');
  writeFileSync(join(parts, 'hey.wasm'), await assemble(greeter('hey, ')));
  for (const [folder, specifier] of Object.entries({ beside: '../greet.wasm', packaged: 'parts/hey.wasm' })) {
    mkdirSync(join(home, folder));
    const gangway = { imports: { log: '../log.js', greeter: specifier } };
    writeFileSync(join(home, folder, 'package.json'), JSON.stringify({ gangway }));
    writeFileSync(join(home, folder, 'welcome.wasm'), await assemble(welcomer));
  }
  const { stdout, stderr } = await run(`
    import { welcome } from './beside/welcome.wasm';
    import { welcome as packaged } from './packaged/welcome.wasm';
    import { instantiate } from './beside/welcome.wasm?component';
    import { component as greeter } from './adapted.wasm?component';
    import { component as other } from 'parts/hey.wasm?component';
    console.log(welcome('Ada'), packaged('Bo'));
    console.log((await instantiate({ log() {}, greeter: other })).exports.welcome('Cy'));
    await instantiate({ log() {}, greeter }).catch(({ message }) => console.log(message));`);
  assert.is(stderr, '');
  assert.equal(stdout.split('\n').slice(4, 6), ['hello, hello, Ada hey, hey, Bo', 'hey, hey, Cy']);
  assert.match(stdout, /import "greeter": missing expected export `greet`/);
});

test('WASI comes from @gangway/wasi', async () => {
  writeFileSync(join(home, 'hello.wasm'), readFileSync(new URL('../../examples/hello-c/hello.wasm', import.meta.url)));
  const { stderr } = await run(`
    import { run } from './hello.wasm';
    run.run();`);
  assert.match(stderr, /usage/i);
});

test('core modules are left to Node', async () => {
  const { stdout, stderr } = await run(`
    import { one } from './core.wasm';
    console.log(one());`);
  assert.is(stderr, '');
  assert.is(stdout, '1\n');
});

test('what is wrong is said by the import: an invalid component, an import that is not found', async () => {
  const bytes = await assemble(greeter());
  writeFileSync(join(home, 'short.wasm'), bytes.subarray(0, bytes.length - 10));
  assert.match((await run(`import './short.wasm';`)).stderr, /DecodeError: 0x/);
  writeFileSync(join(home, 'other.wasm'), await assemble(greeter().replace('"log"', '"nowhere"')));
  assert.match(
    (await run(`import './other.wasm';`)).stderr,
    /Cannot find package 'nowhere' imported from .*other\.wasm/,
  );
});

test.run();
