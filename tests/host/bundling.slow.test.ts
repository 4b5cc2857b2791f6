/** Components as ES modules: where imports come from, what the module exports and under which names, its declarations. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  componentModule,
  importOrigin,
  isComponent,
  moduleSource,
  packageImports,
  resolveImportMap,
} from '@gangway/host/bundling';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assemble } from '../support/assemble.ts';
import { welcomer } from '../support/component-pair.ts';
import { adapted, greeter } from '../support/greeter.ts';

const from = (specifier: string, member: string | null = null) => ({ kind: 'module', specifier, member, mapped: true });

test('an import name is mapped exactly, then without version, then by the longest pattern', () => {
  const map = {
    log: './log.js',
    now: './time.js#now',
    'wasi:cli/stdout@0.2.1': 'exact',
    'wasi:cli/stdout': 'versionless',
    'wasi:cli/*': 'cli/*.js',
    'wasi:*': 'wasi-*#all',
  };
  assert.equal(importOrigin('log', map), from('./log.js'));
  assert.equal(importOrigin('now', map), from('./time.js', 'now'));
  assert.equal(importOrigin('wasi:cli/stdout@0.2.1', map), from('exact'));
  assert.equal(importOrigin('wasi:cli/stdout@0.2.3', map), from('versionless'));
  assert.equal(importOrigin('wasi:cli/stdin@0.2.3', map), from('cli/stdin.js'));
  assert.equal(importOrigin('wasi:io/poll@0.2.0', map), from('wasi-io/poll', 'all'));
  assert.equal(importOrigin('x', { x: '#own' }), from('#own'));
});

test('without a mapping WASI 0.2 comes from its package, and other names are specifiers', () => {
  assert.equal(importOrigin('wasi:io/poll@0.2.6'), { kind: 'wasi' });
  assert.equal(importOrigin('wasi:io/poll'), { kind: 'wasi' });
  for (const name of ['log', 'a:b/c@1.0.0', 'wasi:io/poll@0.3.0', 'wasi:io', 'constructor', '__proto__']) {
    assert.equal(importOrigin(name, {}), { kind: 'module', specifier: name, member: null, mapped: false });
  }
  assert.throws(
    () => importOrigin('log', { log: 7 as unknown as string }),
    (error: unknown) => error instanceof TypeError && error.message.includes('"log"'),
  );
});

test('relative specifiers start at whoever wrote the mapping: the nearest package.json', () => {
  assert.equal(
    resolveImportMap({ a: './a.js', b: '../b.js#c', d: 'pkg/x', e: '#e' }, (path) => `/base/${path}`),
    { a: '/base/./a.js', b: '/base/../b.js#c', d: 'pkg/x', e: '#e' },
  );
  const home = mkdtempSync(join(tmpdir(), 'gangway-imports-'));
  try {
    mkdirSync(join(home, 'inner/deep'), { recursive: true });
    const component = join(home, 'inner/deep/x.wasm');
    writeFileSync(join(home, 'package.json'), '{ "gangway": { "imports": { "log": "./lib/log.js" } } }');
    assert.equal(
      packageImports(component, (path) => path),
      {
        imports: { log: join(home, 'lib/log.js') },
        file: join(home, 'package.json'),
      },
    );
    // The nearest one counts, also when it says nothing.
    writeFileSync(join(home, 'inner/package.json'), '{}');
    assert.equal(packageImports(component, (path) => path).imports, {});
  } finally {
    rmSync(home, { recursive: true });
  }
});

test('interfaces are exported under their names, and their last label where that is free', async () => {
  const made = async (names: readonly string[]): Promise<string[]> => {
    const faces = names.map((name) =>
      name.includes(':')
        ? `(instance $i${names.indexOf(name)} (export "f" (func $f))) (export "${name}" (instance $i${names.indexOf(name)}))`
        : `(export "${name}" (func $f))`,
    );
    const text = `(component (core module $m (func (export "f") (param i32) (result i32) (local.get 0)))
      (core instance $i (instantiate $m)) (func $f (param "x" u32) (result u32) (canon lift (core func $i "f")))
      ${faces.join('\n')})`;
    const { exports } = await componentModule(await assemble(text), { name: 'c' });
    return exports.flatMap((one) =>
      one.names.map((name) => (name === one.property ? name : `${one.property} as ${name}`)),
    );
  };
  assert.equal(await made(['a:b/c-d@1.0.0']), ['a:b/c-d@1.0.0', 'a:b/c-d@1.0.0 as cD']);
  assert.equal(await made(['c-d', 'a:b/c-d']), ['cD', 'a:b/c-d']);
  assert.equal(await made(['a:b/c', 'x:y/c']), ['a:b/c', 'x:y/c']);
  // A module with a `then` would be taken for a promise; `default` is a name like others, but not for an alias.
  assert.equal(await made(['then', 'a:b/then', 'a:b/default', 'class']), ['a:b/then', 'a:b/default', 'class']);
});

test('the module of a component has its parts in the order of the manifest', async () => {
  const bytes = await assemble(adapted);
  assert.ok(isComponent(bytes));
  assert.not.ok(isComponent(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)));
  assert.not.ok(isComponent(new Uint8Array()));
  const made = await componentModule(bytes, { name: 'adapted' });
  assert.equal(
    made.files.map(({ name }) => name),
    ['adapted.core0', 'adapted.core1', 'adapted.adapters-0'],
  );
  for (const file of made.files) assert.ok(WebAssembly.validate(file.bytes), file.name);
  const source = moduleSource(made, {
    files: 'module',
    fileSpecifier: (index) => `core:${index}`,
    runtime: 'the-host',
  });
  assert.match(source, /^import \{ InstancePre, loadComponent, parseManifest \} from 'the-host';\n/);
  assert.match(source, /import file2 from 'core:2';/);
  assert.match(source, /export \{ export0 as 'a:b\/twice@1\.0\.0', export0 as twice \};/);
  assert.match(made.declarations, /declare const export0: Exports\['a:b\/twice@1\.0\.0'\];/);
});

test('a component that instantiates components which it imports has to be given them', async () => {
  const bytes = await assemble(welcomer);
  const error = await componentModule(bytes, { name: 'c' }).catch((reason: unknown) => reason);
  assert.instance(error, TypeError);
  assert.match((error as TypeError).message, /imports as "greeter", and none is given/);
  const asked: string[] = [];
  const made = await componentModule(bytes, {
    name: 'c',
    importedComponent: async (name) => {
      asked.push(name);
      return assemble(greeter());
    },
  });
  assert.equal(asked, ['greeter']);
  assert.equal(
    made.plan.imports.map(({ name }) => name),
    ['log'],
  );
  assert.equal(
    made.files.map(({ name, emitted }) => [name, emitted !== null]),
    [
      ...[0, 1, 2, 3].map((i) => [`c.core${i}`, false]),
      ...['trampolines', 'adapters-0'].map((name) => [`c.${name}`, true]),
    ],
  );
});

test.run();
