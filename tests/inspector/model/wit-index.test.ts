/** Which line of the WIT text declares which import or export. */
import { witText } from '@gangway/component/reflect';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { witKey, witLines } from '../../../packages/inspector/src/model/wit-index.ts';
import { component } from '../../support/assemble.ts';

test('functions, interfaces, resources and their members have keys', async () => {
  const { plan } = await component(`(component
    (import "a:b/c@1.0.0" (instance
      (export "blob" (type $blob (sub resource)))
      (export "[constructor]blob" (func (result (own $blob))))
      (export "[method]blob.read" (func (param "self" (borrow $blob)) (result u8)))
      (export "[static]blob.open" (func (result (own $blob))))
      (type $r (record (field "import" u8)))
      (export "r" (type $r' (eq $r)))
      (export "list" (func (param "of" $r')))))
    (import "log" (func $log (param "text" u32)))
    (export "run" (func $log)))`);
  const lines = witLines(witText(plan)).filter(({ key }) => key !== null);
  assert.equal(
    lines.map(({ key, text, from, to }) => [key, text.slice(from, to)]),
    [
      ['import a:b/c@1.0.0', 'a:b/c@1.0.0'],
      ['import a:b/c@1.0.0#blob', 'blob'],
      ['import a:b/c@1.0.0#[constructor]blob', 'constructor'],
      ['import a:b/c@1.0.0#[method]blob.read', 'read'],
      ['import a:b/c@1.0.0#[static]blob.open', 'open'],
      ['import a:b/c@1.0.0#list', '%list'],
      ['import log', 'log'],
      ['export run', 'run'],
    ],
  );
  assert.is(witKey('import', ['a:b/c@1.0.0', 'list']), 'import a:b/c@1.0.0#list');
});

test('the lines are the text', async () => {
  const { plan } = await component('(component (import "a" (func)) (import "b" (component (import "c" (func)))))');
  const text = witText(plan);
  const lines = witLines(text);
  assert.is(`${lines.map((line) => line.text).join('\n')}\n`, text);
  assert.equal(
    lines.flatMap(({ key }) => key ?? []),
    ['import a'],
    'what an imported component imports is not an import',
  );
});

test.run();
