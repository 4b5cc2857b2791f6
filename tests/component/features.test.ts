import {
  allFeatures,
  defaultFeatures,
  featureNames,
  requireFeature,
  resolveFeatures,
  ValidationError,
} from '@gangway/component';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

test('defaults are what has shipped', () => {
  assert.equal(
    featureNames.filter((name) => defaultFeatures[name]),
    ['async', 'map', 'implements'],
  );
  assert.equal(resolveFeatures(), defaultFeatures);
  assert.ok(featureNames.every((name) => allFeatures[name]));
  assert.is(featureNames.length, 13);
});

test('a partial record is filled up, and nothing else is taken', () => {
  const features = resolveFeatures({ memory64: true, async: false });
  assert.equal(features, { ...defaultFeatures, memory64: true, async: false });
  assert.ok(Object.isFrozen(features));
  const wrong = (value: object) => () => resolveFeatures(value as Parameters<typeof resolveFeatures>[0]);
  assert.throws(wrong({ memory46: true }), /unknown feature 'memory46'/);
  assert.throws(wrong({ memory64: 'yes' }), /must be a boolean/);
  assert.throws(wrong({ toString: true }), /unknown feature 'toString'/);
});

test('a closed gate refuses with its name and the offset', () => {
  assert.is(requireFeature(allFeatures, 'threads', 7, 'it'), undefined);
  assert.throws(
    () => requireFeature(defaultFeatures, 'threads', 26, '`canon thread.index`'),
    (error: unknown) =>
      error instanceof ValidationError && error.message === "0x1a: `canon thread.index` requires the feature 'threads'",
  );
});

test.run();
