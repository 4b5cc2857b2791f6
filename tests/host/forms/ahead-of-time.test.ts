/**
 * Components whose generated code is part of an ES module: nothing is evaluated, and whether it could be is not asked either,
 * since a strict policy would report that. Functions that are too large for generated code are no exception.
 */
import { stringifyPlan } from '@gangway/component';
import { Component, compile, Engine, instantiate, parseManifest } from '@gangway/host';
import { formsSource, listComponent, splitTexts } from '@gangway/host/bundling';
import * as helpers from '@gangway/host/helpers';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assemble, type DynamicExports } from '../../support/assemble.ts';

const FIELDS = 2000;
const text = `(component
  (import "twice" (func $twice (param "x" u32) (result u32)))
  (type $large' (record ${Array.from({ length: FIELDS }, (_, i) => `(field "f${i}" u8)`).join(' ')}))
  (import "large" (type $large (eq $large')))
  (core func $twice (canon lower (func $twice)))
  (core module $m
    (import "" "twice" (func $twice (param i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
    (func (export "run") (param i32) (result i32) (call $twice (local.get 0)))
    (func (export "last") (param i32) (result i32) (i32.load8_u offset=${FIELDS - 1} (local.get 0))))
  (core instance $i (instantiate $m (with "" (instance (export "twice" (func $twice))))))
  (func (export "run") (param "x" u32) (result u32) (canon lift (core func $i "run")))
  (func (export "last") (param "it" $large) (result u32)
    (canon lift (core func $i "last") (memory (core memory $i "memory")) (realloc (core func $i "realloc")))))`;

test('nothing is evaluated, and nobody asks whether it could be', async () => {
  const compiled = await compile(await assemble(text), { engine: new Engine({ evaluate: 'never' }) });
  const { manifest, texts } = splitTexts((await listComponent(compiled)).manifest);
  assert.ok(
    texts.some(({ exports }) => exports.includes(null)),
    'one is too large',
  );
  assert.ok(
    texts.some(({ exports }) => exports.some((one) => typeof one === 'string')),
    'one is not',
  );
  const source = formsSource(texts);
  const forms = new Function('helpers', `const { ${source.helpers.join(', ')} } = helpers; return ${source.forms};`)(
    helpers,
  );
  const { modules } = await compiled.toTransferable();
  const known = globalThis.Function;
  const made: unknown[] = [];
  globalThis.Function = new Proxy(known, {
    construct(target, args) {
      made.push(args);
      return Reflect.construct(target, args) as object;
    },
  });
  try {
    const stored = { manifest: parseManifest(stringifyPlan(manifest)), modules, forms };
    const component = Component.from(stored, { engine: new Engine() });
    const { exports } = await instantiate<DynamicExports>(component, { twice: (x: number) => 2 * x });
    assert.is(exports.run!(21), 42);
    assert.is(
      exports.last!(Object.fromEntries(Array.from({ length: FIELDS }, (_, i) => [`f${i}`, i % 256]))),
      (FIELDS - 1) % 256,
    );
    assert.equal(made, []);
    // It would have been seen.
    assert.is(new Engine().options.evaluate, true);
    assert.is(made.length, 1);
  } finally {
    globalThis.Function = known;
  }
});

test.run();
