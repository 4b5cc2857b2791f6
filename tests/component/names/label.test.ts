import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isLabel, isWords } from '../../../packages/component/src/names/label.ts';

test('labels of the specification', () => {
  for (const label of ['a', 'a-b-c', 'a1-2-3', 'A', 'A-B-C', 'A1-2-3', 'a11-w0rds', 'A11-4CR0NYMS', 'm1x3d-4CR0NYMS']) {
    assert.ok(isLabel(label), label);
  }
  for (const label of ['', '1-2-3', '-', 'a-', '-a', 'a--b', 'aB', 'Ab', 'a-Bc', 'é', 'a_b', 'a b', 'a.b', 'ａ']) {
    assert.not.ok(isLabel(label), label);
  }
});

test('words have no acronyms', () => {
  assert.ok(isWords('a-1-b2'));
  assert.not.ok(isWords('a-B'));
  assert.not.ok(isWords('A'));
});

test('built from the grammar, a label is one; with any other character it is none', () => {
  const word = fc.stringMatching(/^[0-9a-z]{1,4}$/);
  const acronym = fc.stringMatching(/^[0-9A-Z]{1,4}$/);
  const first = fc.oneof(fc.stringMatching(/^[a-z][0-9a-z]{0,3}$/), fc.stringMatching(/^[A-Z][0-9A-Z]{0,3}$/));
  fc.assert(
    fc.property(first, fc.array(fc.oneof(word, acronym), { maxLength: 5 }), (head, rest) =>
      isLabel([head, ...rest].join('-')),
    ),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      const grammar = /^(?:[a-z][0-9a-z]*|[A-Z][0-9A-Z]*)(?:-(?:[0-9a-z]+|[0-9A-Z]+))*$/;
      return isLabel(text) === grammar.test(text);
    }),
  );
});

test('a long label of digits takes no time', () => {
  assert.not.ok(isLabel(`a${'-1'.repeat(100_000)}-!`));
});

test('a label may have millions of fragments', () => {
  assert.ok(isLabel(`a${'-1'.repeat(4_000_000)}`));
});

test.run();
