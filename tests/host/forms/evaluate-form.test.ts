/** Functions of generated text: how often it is evaluated, and what its makers bind. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { evaluateForm } from '../../../packages/host/src/forms/evaluate-form.ts';

type Maker = (...parts: unknown[]) => () => unknown[];

/** Counts evaluations in an object that the text finds among the globals. */
const evaluations = { count: 0 };
const key = 'evaluations of evaluate-form.test';
Object.defineProperty(globalThis, key, { value: evaluations });
const text = `globalThis[${JSON.stringify(key)}].count++;
const { trap } = helpers;
return (a, b, c) => () => [a, b, c, typeof trap];`;

function evaluated(lowerings: number | undefined, instances: number): number {
  evaluations.count = 0;
  const maker = evaluateForm<Maker>(text, lowerings);
  assert.is(evaluations.count, 0, 'nothing is evaluated before an instance needs it');
  const functions = Array.from({ length: instances }, (_, i) => maker(i, 'b', null));
  functions.forEach((func, i) => {
    assert.equal(func(), [i, 'b', null, 'function']);
  });
  return evaluations.count;
}

test('the first instances have code of their own, the others share one more', () => {
  assert.is(evaluated(undefined, 1), 1);
  assert.is(evaluated(undefined, 3), 3);
  assert.is(evaluated(undefined, 100), 5);
});

test('an import of many is evaluated once', () => {
  assert.is(evaluated(8, 100), 5);
  assert.is(evaluated(9, 100), 1);
});

test('code is strict', () => {
  const maker = evaluateForm<() => () => unknown>('return () => function () { return this; };');
  assert.is(maker()(), undefined);
});

test.run();
