/**
 * A component that the esbuild plugin compiled ahead of time: its generated code is part of this module, so the strictest
 * policy is never asked whether code may be evaluated, and nothing has to be set for it.
 */
import * as assert from 'uvu/assert';
import { greet } from '../../../examples/esbuild-bundle/greet.component.wasm';
import { runTests, test } from '../support/shims/uvu.ts';
import { report } from './report.ts';

test('a component is a module like any other', () => {
  assert.is(greet('Ada'), 'Hello, Ada');
  assert.throws(
    () => greet(1 as never),
    (error: unknown) => error instanceof TypeError,
  );
});

await report(() => runTests());
