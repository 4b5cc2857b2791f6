import {
  bindingIdentifier,
  camelCase,
  isBindingIdentifier,
  jsProperty,
  parseExternName,
  pascalCase,
  propertyText,
  quote,
} from '@gangway/component/names';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { unicodeText } from '../../support/unicode.ts';

test('labels in camelCase and PascalCase', () => {
  const table: readonly (readonly [string, string, string])[] = [
    ['run', 'run', 'Run'],
    ['get-stdin', 'getStdin', 'GetStdin'],
    ['inner-HTML', 'innerHTML', 'InnerHTML'],
    ['URL-parser', 'URLParser', 'URLParser'],
    ['a1-2b-3', 'a12b3', 'A12b3'],
    ['x', 'x', 'X'],
  ];
  for (const [label, camel, pascal] of table) {
    assert.is(camelCase(label), camel);
    assert.is(pascalCase(label), pascal);
    assert.is(camelCase(label), camel, 'and again, from the cache');
  }
});

test('parts of names', () => {
  assert.equal(parseExternName('run'), { kind: 'label', label: 'run' });
  assert.equal(parseExternName('[constructor]output-stream'), { kind: 'constructor', resource: 'output-stream' });
  assert.equal(parseExternName('[method]output-stream.blocking-flush'), {
    kind: 'method',
    resource: 'output-stream',
    label: 'blocking-flush',
  });
  assert.equal(parseExternName('[static]a.b'), { kind: 'static', resource: 'a', label: 'b' });
  assert.equal(parseExternName('wasi:io/streams@0.2.0'), {
    kind: 'interface',
    namespace: 'wasi',
    package: 'io',
    projections: ['streams'],
    version: '0.2.0',
  });
  assert.equal(parseExternName('a:b:c/d/e'), {
    kind: 'interface',
    namespace: 'a:b',
    package: 'c',
    projections: ['d', 'e'],
    version: null,
  });
  assert.equal(parseExternName('[method]a'), { kind: 'label', label: '[method]a' });
});

test('properties', () => {
  assert.is(jsProperty('get-stdin'), 'getStdin');
  assert.is(jsProperty('wasi:cli/run@0.2.0'), 'wasi:cli/run@0.2.0');
  assert.is(jsProperty('[constructor]my-thing'), 'MyThing');
  assert.is(jsProperty('[method]my-thing.do-it'), 'doIt');
});

test('identifiers', () => {
  assert.ok(isBindingIdentifier('greet'));
  assert.not(isBindingIdentifier('delete'));
  assert.is(bindingIdentifier('delete'), 'delete_');
  assert.is(bindingIdentifier('wasi:io/streams@0.2.0'), 'wasi_io_streams_0_2_0');
  assert.is(bindingIdentifier('1a'), '_1a');
  assert.is(propertyText('delete'), 'delete');
  assert.is(propertyText('a b'), "'a b'");
});

test('any text gives a binding identifier, and a literal that reads back as the text', () => {
  fc.assert(
    fc.property(unicodeText(), (text) => {
      assert.ok(isBindingIdentifier(bindingIdentifier(text)));
      assert.is(new Function(`return ${quote(text)}`)(), text);
    }),
  );
});

test.run();
