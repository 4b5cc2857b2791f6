import { allFeatures, defaultFeatures } from '@gangway/component';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkExternName } from '../../../packages/component/src/names/extern-name.ts';
import { UniqueNames } from '../../../packages/component/src/names/uniqueness.ts';
import { fillIn } from '../../../packages/component/src/texts.ts';

function problem(name: string, features = defaultFeatures): string | null {
  const parsed = checkExternName(name, features);
  if (parsed.ok) return null;
  return typeof parsed.problem === 'string' ? parsed.problem : fillIn(parsed.problem);
}

test('forms', () => {
  const form = (name: string): unknown => {
    const parsed = checkExternName(name, defaultFeatures);
    return parsed.ok ? parsed.form : parsed.problem;
  };
  assert.equal(form('get-JSON'), { kind: 'label' });
  assert.equal(form('[constructor]file'), { kind: 'constructor', resource: 'file' });
  assert.equal(form('[method]file.read'), { kind: 'method', resource: 'file', label: 'read' });
  assert.equal(form('[static]file.open'), { kind: 'static', resource: 'file', label: 'open' });
  assert.equal(form('wasi:http/handler'), { kind: 'interface', version: null });
  assert.equal(form('wasi:http/handler@0.2.0'), { kind: 'interface', version: '0.2.0' });
});

test('names of older drafts are names no more', () => {
  for (const name of [
    'url=<https://a.b>',
    'integrity=<sha256-AA==>',
    'locked-dep=<a:b>',
    'unlocked-dep=<a:b@*>',
    '[async]a',
  ]) {
    assert.is.not(problem(name, allFeatures), null, name);
  }
});

test('nested namespaces and packages have a gate', () => {
  assert.ok(problem('foo:bar:baz/qux')?.includes('expected `/` after package name'));
  assert.ok(problem('foo:bar/baz/qux')?.includes('trailing characters found: `/qux`'));
  assert.is(problem('foo:bar:baz/qux', allFeatures), null);
  assert.is(problem('foo:bar/baz/qux@1.0.0', allFeatures), null);
  assert.ok(problem('foo::baz/qux', allFeatures)?.includes('`` is not in kebab case'));
  assert.ok(problem('foo:bar/baz//qux', allFeatures)?.includes('`` is not in kebab case'));
});

test('canonical versions have a gate', () => {
  assert.is(problem('a:b/c@1', allFeatures), null);
  assert.is(problem('a:b/c@0.2', allFeatures), null);
  assert.ok(problem('a:b/c@1')?.includes('unexpected end of input'));
  assert.ok(problem('a:b/c@0.2.1.1', allFeatures)?.includes("unexpected character '.'"));
});

/** Explainer.md#name-uniqueness. */
const unique = ['foo', 'foo-bar', '[constructor]foo', '[method]foo.bar', '[static]foo.baz', 'foo:bar/baz'];
const conflicting = [
  'foo',
  'FOO',
  'foo-BAR',
  '[constructor]FOO',
  '[method]foo.BAR',
  '[static]foo.bar',
  '[method]foo.baz',
  '[method]foo.foo',
  '[static]foo-BAR.FOO-bar',
  'foo:bar/BAZ',
];

function key(name: string): string {
  const parsed = checkExternName(name, defaultFeatures);
  if (!parsed.ok) throw new Error(name);
  return parsed.key;
}

test('the sets of the specification', () => {
  for (const extra of [null, ...conflicting]) {
    const names = new UniqueNames();
    for (const name of unique) assert.is(names.add(key(name), name), null, name);
    if (extra !== null) assert.is.not(names.add(key(extra), extra), null, extra);
  }
});

test.run();
