import { readdirSync, readFileSync } from 'node:fs';
import { parse } from '@bytecodealliance/jco';
import {
  type ComponentValue,
  componentValue,
  type Definition,
  decode,
  exportedComponents,
  resolveFeatures,
  translate,
  translateValue,
  UnsupportedError,
  validate,
} from '@gangway/component';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkReferences } from '../../support/plan-references.ts';
import { wastComponents } from '../../support/wast-components.ts';

const features = resolveFeatures({
  memory64: true,
  values: true,
  threads: true,
  'error-context': true,
  'stackful-lift': true,
});

async function value(text: string): Promise<ComponentValue> {
  const bytes = Uint8Array.from(await parse(text));
  return componentValue(bytes, decode(bytes, { features }));
}

const user = `(component
  (import "dep" (component $dep
    (import "log" (func (param "s" string)))
    (export "run" (func (result u32)))))
  (import "log" (func $log (param "s" string)))
  (instance $i (instantiate $dep (with "log" (func $log))))
  (export "run" (func $i "run")))`;

const dependency = `(component
  (import "log" (func $log (param "s" string)))
  (core module $Libc (memory (export "memory") 1))
  (core instance $libc (instantiate $Libc))
  (core func $log' (canon lower (func $log) (memory (core memory $libc "memory"))))
  (core module $M (import "" "log" (func (param i32 i32))) (func (export "run") (result i32) unreachable))
  (core instance $m (instantiate $M (with "" (instance (export "log" (func $log'))))))
  (func (export "run") (result u32) (canon lift (core func $m "run"))))`;

test('an imported component that is given is linked into the plan', async () => {
  const root = await value(user);
  const dep = await value(dependency);
  const without = translate(root.bytes, root.ast);
  assert.equal(without.unlinked, ['dep']);
  assert.equal(without.initializers, []);
  assert.is(without.exports[0]?.kind, 'lifted-func', 'the type of the export is known all the same');

  const plan = translate(root.bytes, root.ast, { components: new Map([['dep', dep]]) });
  assert.equal(plan.unlinked, []);
  assert.equal(plan.linked, ['dep']);
  assert.equal(
    plan.modules.map((module) => module.source),
    [1, 1],
  );
  const [module] = plan.modules;
  assert.ok(module);
  assert.ok(WebAssembly.validate(dep.bytes.slice(module.start, module.end)), 'a range of the given bytes');
  assert.equal(
    plan.runtimeImports.map((item) => item.path),
    [['log']],
  );
  const names = [without, plan].map(({ imports }) => imports.map(({ name }) => name));
  assert.equal(names, [['dep', 'log'], ['log']], 'what is linked is no import any more');
  assert.is(plan.componentInstances.length, 2);
  assert.is(plan.trampolines[0]?.kind, 'lower-import');
});

test('an exported component is a value that another one can be given, with all that it closes over', async () => {
  const outer = await value(`(component $outer
    (type $pair (tuple u32 string))
    (type $f (func (param "p" $pair) (result $pair)))
    (core module $Leaf
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable)
      (func (export "f") (param i32 i32 i32) (result i32) unreachable))
    (component $Inner
      (alias outer $outer $f (type $f'))
      (alias outer $outer $Leaf (core module $Leaf'))
      (core instance $leaf (instantiate $Leaf'))
      (func (export "f") (type $f') (canon lift (core func $leaf "f")
        (memory (core memory $leaf "memory")) (realloc (core func $leaf "realloc")))))
    (export "inner" (component $Inner)))`);
  const components = exportedComponents(outer);
  assert.equal([...components.keys()], ['inner']);

  const root = await value(`(component
    (type $before (record (field "other" bool)))
    (import "inner" (component $c (export "f" (func (param "p" (tuple u32 string)) (result (tuple u32 string))))))
    (instance $i (instantiate $c))
    (export "f" (func $i "f")))`);
  const plan = translate(root.bytes, root.ast, { components });
  const [exported] = plan.exports;
  assert.is(exported?.kind, 'lifted-func');
  if (exported?.kind !== 'lifted-func') return;
  const type = plan.funcTypes[exported.type];
  assert.equal(plan.types[type?.result ?? -1], { kind: 'tuple', types: [0, 1] });
  assert.equal(plan.types.slice(0, 2), [{ kind: 'u32' }, { kind: 'string' }]);
  assert.is(plan.modules[0]?.source, 1);
});

test('what validation has read of the core modules is taken over', async () => {
  const dep = await value(dependency);
  const { modules } = validate(dep.bytes, dep.ast);
  const again = translateValue(componentValue(dep.bytes, dep.ast, modules));
  assert.equal(again, translate(dep.bytes, dep.ast));
  const empty = new Map([...modules].map(([start, info]) => [start, { ...info, imports: [] }]));
  const misled = translateValue(componentValue(dep.bytes, dep.ast, empty));
  assert.is(misled.trampolines.length, 0, 'the modules were not read a second time');
});

/** As {@link value}, validated: translation takes the core types of built-ins from there. */
async function validValue(text: string): Promise<ComponentValue> {
  const made = await value(text);
  validate(made.bytes, made.ast, { features });
  return made;
}

test('what needs tasks is a trampoline that says so', async () => {
  const core = (canon: string, type: string, before = ''): string =>
    `(component ${before} (core func $f (canon ${canon}))
      (core module $M (import "" "f" (func ${type})))
      (core instance (instantiate $M (with "" (instance (export "f" (func $f)))))))`;
  const memory = '(core module $L (memory (export "m") 1)) (core instance $l (instantiate $L))';
  const table: readonly (readonly [text: string, canon: string, params: string, results: string])[] = [
    [core('task.cancel', ''), 'task.cancel', '', ''],
    [core('waitable-set.new', '(result i32)'), 'waitable-set.new', '', 'i32'],
    [core('backpressure.inc', ''), 'backpressure.inc', '', ''],
    [core('stream.new $s', '(result i64)', '(type $s (stream u8))'), 'stream.new', '', 'i64'],
    [core('future.drop-readable $s', '(param i32)', '(type $s (future))'), 'future.drop-readable', 'i32', ''],
    [core('error-context.drop', '(param i32)'), 'error-context.drop', 'i32', ''],
    [
      core('task.return (result string) (memory (core memory $l "m"))', '(param i32 i32)', memory),
      'task.return',
      'i32 i32',
      '',
    ],
    [
      core('lower (func $i) async', '(result i32)', '(import "i" (func $i async))'),
      'lower with the option async',
      '',
      'i32',
    ],
    [
      core('lower (func $i)', '(param i64 f32)', '(import "i" (func $i async (param "a" u64) (param "b" f32)))'),
      'lower of an async function',
      'i64 f32',
      '',
    ],
    [
      core('lower (func $i)', '(param i32)', '(import "i" (func $i (param "a" (stream u8))))'),
      'lower of a function with streams, futures or error contexts',
      'i32',
      '',
    ],
  ];
  for (const [text, canon, params, results] of table) {
    const { bytes, ast } = await validValue(text);
    const plan = translate(bytes, ast);
    checkReferences(plan);
    assert.equal(
      plan.trampolines,
      [
        {
          kind: 'unsupported',
          canon,
          params: params.split(' ').filter((type) => type !== ''),
          results: results.split(' ').filter((type) => type !== ''),
          instance: 0,
        },
      ],
      text,
    );
    assert.is(plan.runtimeImports.length, text.includes('(import "i"') ? 1 : 0, 'what it would call is still imported');
  }
});

test('context built-ins are trampolines of their own', async () => {
  const { bytes, ast } = await validValue(`(component
    (core func $get (canon context.get i64 1)) (core func $set (canon context.set i64 0))
    (core module $M (import "" "get" (func (result i64))) (import "" "set" (func (param i64))))
    (core instance (instantiate $M (with "" (instance (export "get" (func $get)) (export "set" (func $set)))))))`);
  assert.equal(translate(bytes, ast).trampolines, [
    { kind: 'context.get', type: 'i64', slot: 1 },
    { kind: 'context.set', type: 'i64', slot: 0 },
  ]);
});

test('an async lift is an export with its callback', async () => {
  const { bytes, ast } = await validValue(`(component
    (core module $M
      (func (export "run") (result i32) unreachable)
      (func (export "run-callback") (param i32 i32 i32) (result i32) unreachable))
    (core instance $m (instantiate $M))
    (func (export "run") async (canon lift (core func $m "run") async (callback (core func $m "run-callback")))))`);
  const plan = translate(bytes, ast);
  checkReferences(plan);
  const [exported] = plan.exports;
  assert.ok(exported?.kind === 'lifted-func');
  assert.is(plan.funcTypes[exported.type]?.async, true);
  assert.equal([plan.options[exported.options]?.async, plan.options[exported.options]?.callback], [true, 0]);
  assert.equal(plan.callbacks, [{ kind: 'export', instance: 0, name: 'run-callback', sort: 'func' }]);
  assert.ok(plan.initializers.some(({ kind }) => kind === 'extract-callback'));
});

test('a typed thread reference has no core type here', async () => {
  // No assembler writes the gated built-in, so the definition is made by hand.
  const range = { start: 0, end: 0 };
  const canon = { kind: 'thread.spawn-ref', shared: false, type: 0 } as const;
  const definitions: readonly Definition[] = [{ kind: 'canon', offset: 12, canon }];
  const ast = { kind: 'component', range, definitions, names: { instances: new Map() } } as const;
  assert.throws(() => translate(new Uint8Array(), ast), /0xc: canon thread\.spawn-ref is not supported/);
});

test('values and start functions are refused', () => {
  // The assembler writes values in an older encoding, so these definitions are made by hand.
  const range = { start: 0, end: 0 };
  const name = { name: 'v', offset: 12, attributes: [] };
  const definitions: readonly Definition[] = [
    { kind: 'import', offset: 12, name, type: { kind: 'value', bound: { kind: 'type', type: 'u32' } } },
    { kind: 'value', offset: 12, type: 'u32', bytes: range },
    { kind: 'start', offset: 12, func: 0, args: [], results: 0 },
  ];
  for (const definition of definitions) {
    const ast = { kind: 'component', range, definitions: [definition], names: { instances: new Map() } } as const;
    assert.throws(() => translate(new Uint8Array(), ast), /(value|start function).* not supported/);
  }
});

test('resources with 64-bit representations are refused', async () => {
  // The assembler writes no such resource: the byte that says i32 is changed.
  const { bytes } = await value('(component (type (resource (rep i32))))');
  bytes[bytes.lastIndexOf(0x7f)] = 0x7e;
  assert.throws(() => translate(bytes, decode(bytes, { features })), /64-bit representation/);
});

test('a small component that makes a million instances is refused', async () => {
  let text = '(component $c0)';
  for (let i = 1; i <= 20; i++) {
    text = `(component $c${i} ${text} (instance (instantiate $c${i - 1})) (instance (instantiate $c${i - 1})))`;
  }
  const { bytes, ast } = await value(text);
  assert.throws(() => translate(bytes, ast), /more than 20000 instances/);
});

test('instances that are nested too deep, and functions lowered too often, are refused', async () => {
  let text = '(component $c0)';
  for (let i = 1; i <= 501; i++) {
    text += `(component $c${i} (alias outer $root $c${i - 1} (component $c)) (instance (instantiate $c)))`;
  }
  const deep = await value(`(component $root ${text} (instance (instantiate $c501)))`);
  assert.throws(() => translate(deep.bytes, deep.ast), /nested deeper than 500 levels/);

  text =
    '(core module $M (func (export "f"))) (core instance $m (instantiate $M)) (func $f0 (canon lift (core func $m "f")))';
  for (let i = 1; i <= 501; i++) {
    text += `(core func $g${i} (canon lower (func $f${i - 1}))) (func $f${i} (canon lift (core func $g${i})))`;
  }
  const chain = await value(`(component ${text} (export "f" (func $f501)))`);
  assert.throws(() => translate(chain.bytes, chain.ast), /lowered again more than 500 times/);
  const shorter = await value(
    `(component ${text} (export "f" (func $f500)))`.replace(/\(core func \$g501.*\$g501\)\)\)/s, ''),
  );
  assert.is(translate(shorter.bytes, shorter.ast).adapterModules.length, 500);
});

test('a small component that exports a million components is refused', async () => {
  let text = '(component $c0)';
  for (let i = 1; i <= 20; i++) {
    text = `(component $c${i} ${text} (export "a" (component $c${i - 1})) (export "b" (component $c${i - 1})))`;
  }
  const { bytes, ast } = await value(text);
  assert.throws(() => translate(bytes, ast), /more than 1000 components/);

  const exported = (count: number): string =>
    `(component (component $c) ${Array.from({ length: count }, (_, i) => `(export "e${i}" (component $c))`).join(' ')})`;
  const most = await value(exported(1000));
  assert.is(translate(most.bytes, most.ast).exports.length, 1000);
  const more = await value(exported(1001));
  assert.throws(() => translate(more.bytes, more.ast), /more than 1000 components/);
});

const conformance = new URL('../../../../shared/conformance/', import.meta.url);

for (const directory of ['linking', 'values', 'resources', 'validation', 'async']) {
  test(`the components of the reference tests in ${directory}`, async () => {
    let translated = 0;
    let unsupported = 0;
    for (const file of readdirSync(new URL(`${directory}/`, conformance))) {
      if (!file.endsWith('.wast')) continue;
      for (const text of wastComponents(readFileSync(new URL(`${directory}/${file}`, conformance), 'utf8'))) {
        let component: ComponentValue;
        try {
          component = await validValue(text);
        } catch {
          continue; // What the assembler, the decoder or validation refuse is theirs to test.
        }
        try {
          const plan = translate(component.bytes, component.ast);
          if (plan.unlinked.length === 0) checkReferences(plan);
          translated++;
        } catch (error) {
          assert.instance(error, UnsupportedError, `${file}: ${String(error)}\n${text}`);
          unsupported++;
        }
      }
    }
    const least = { linking: 60, values: 35, resources: 8, validation: 80, async: 3 }[directory] ?? 0;
    assert.ok(translated >= least, `${translated} components were translated`);
    if (directory !== 'validation') assert.is(unsupported, 0);
  });
}

test.run();
