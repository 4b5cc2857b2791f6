/** Functions of generated text: how often it is evaluated, and what its makers bind. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { evaluateForm } from '../../../packages/host/src/forms/evaluate-form.ts';

type Maker = (...parts: unknown[]) => () => unknown[];

/** Counts evaluations in an object that the text finds among the globals. */
const evaluations = { count: 0 };
const key = 'evaluations of evaluate-form.test';
Object.defineProperty(globalThis, key, { value: evaluations });
const textOf = (component: number): string => `globalThis[${JSON.stringify(key)}].count++;
const { trap } = helpers;
return (a, b, c) => () => [a, b, c, typeof trap, ${component}];`;

/** The evaluations that the instances of a component take. */
function evaluated(component: number, instances: number, lowerings?: number): number {
  evaluations.count = 0;
  const maker = evaluateForm<Maker>(textOf(component), lowerings);
  assert.is(evaluations.count, 0, 'nothing is evaluated before an instance needs it');
  const functions = Array.from({ length: instances }, (_, i) => maker(i, 'b', null));
  functions.forEach((func, i) => {
    assert.equal(func(), [i, 'b', null, 'function', component]);
  });
  return evaluations.count;
}

test('the first instances have code of their own, the others share one more', () => {
  assert.is(evaluated(1, 1), 1);
  assert.is(evaluated(2, 3), 3);
  assert.is(evaluated(3, 100), 5);
});

test('a component that is compiled again goes on counting', () => {
  assert.is(evaluated(4, 2), 2);
  assert.is(evaluated(4, 100), 3);
  assert.is(evaluated(4, 100), 1);
});

test('an import of many is evaluated once', () => {
  assert.is(evaluated(5, 100, 8), 5);
  assert.is(evaluated(6, 100, 9), 1);
});

test('texts beyond number are forgotten', () => {
  assert.is(evaluated(7, 5), 5);
  for (let i = 0; i < 4096; i++) evaluateForm<Maker>(`return () => ${i};`)();
  assert.is(evaluated(7, 5), 5);
});

test('code is strict', () => {
  const maker = evaluateForm<() => () => unknown>('return () => function () { return this; };');
  assert.is(maker()(), undefined);
});

test.run();
