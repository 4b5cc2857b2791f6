import { compile, instantiate, Trap } from '@gangway/host';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { guestFrames } from '../../packages/cli/src/guest-frames.ts';
import { report } from '../../packages/cli/src/report.ts';
import { rustName } from '../../packages/cli/src/rust-name.ts';
import { assemble } from '../support/assemble.ts';

/** What a trap of a call of export `name` says on the command line. */
async function said(wat: string, name: string, debug = false): Promise<string> {
  const { exports } = await instantiate(await compile(await assemble(wat)));
  try {
    (exports[name] as () => unknown)();
  } catch (error) {
    assert.ok(error instanceof Trap, String(error));
    return report(error, 'run', debug).message;
  }
  throw new Error(`${name} returned`);
}

const nested = `(component
  (core module $m
    (func $divide (param i32) (result i32) (i32.div_s (i32.const 1) (local.get 0)))
    (func $half (export "half") (drop (call $divide (i32.const 0))))
    (func $down (export "down") (call $down)))
  (core instance $i (instantiate $m))
  (func (export "half") (canon lift (core func $i "half")))
  (func (export "down") (canon lift (core func $i "down"))))`;

test('a trap is shown with the functions of the guest that it happened in', async () => {
  assert.match(
    await said(nested, 'half'),
    /^gangway: wasm trap: divide by zero\n {2}at m\.divide \(function 0 at 0x[0-9a-f]+\)\n {2}at m\.half \(function 1 at 0x[0-9a-f]+\)\n$/,
  );
});

test('a recursion without end is one line', async () => {
  assert.match(
    await said(nested, 'down'),
    /^gangway: wasm trap: call stack exhausted\n {2}at m\.down \(function 2 at 0x[0-9a-f]+\), repeated\n$/,
  );
});

test('with --debug the frames of a trap and of its cause stand once', async () => {
  const message = await said(nested, 'half', true);
  assert.is(message.split('at m.divide (wasm').length, 2);
  assert.match(message, /\ncaused by RuntimeError: divide by zero\n$/);
});

test('Rust names as in the source', () => {
  const cases = {
    _ZN7kitchen4main17h0be79a1aff24c210E: 'kitchen::main',
    _ZN3std9panicking11begin_panic28_$u7b$$u7b$closure$u7d$$u7d$17h8ef066ac4d1e7406E:
      'std::panicking::begin_panic::{{closure}}',
    '_ZN62_$LT$str$u20$as$u20$alloc..string..ToString$u2b$..to..$RF$$GT$9to_string17h9e099015b52d9b3bE.llvm.89302':
      '<str as alloc::string::ToString+::to::&>::to_string',
    // No hash: C++. A length beyond the end, no length, no end.
    _ZN3foo3barE: '_ZN3foo3barE',
    _ZN99foo17h0be79a1aff24c210E: '_ZN99foo17h0be79a1aff24c210E',
    _ZNfooE: '_ZNfooE',
    _ZN: '_ZN',
    main: 'main',
  };
  for (const [symbol, name] of Object.entries(cases)) assert.is(rustName(symbol), name);
});

test('frames without names, names with parentheses, what is not of the guest, and too many', () => {
  const stack = [
    'Trap: wasm trap: unreachable',
    '    at wasm://wasm/7d93b782:wasm-function[10]:0x2df',
    '    at operator delete(void*) (wasm://wasm/005cf81e:wasm-function[768]:0x36856)',
    '    at invoke (file:///host.js:1:2)',
    `    at ${'n'.repeat(101)} (wasm://wasm/005cf81e:wasm-function[1]:0x1)`,
  ];
  assert.equal(guestFrames(stack.join('\n')), [
    'function 10 at 0x2df',
    'operator delete(void*) (function 768 at 0x36856)',
    `${'n'.repeat(100)}… (function 1 at 0x1)`,
  ]);
  assert.equal(guestFrames('Error: no frames'), []);
  const deep = Array.from({ length: 40 }, (_, i) => `    at f${i} (wasm://wasm/1:wasm-function[${i}]:0x1)`);
  const lines = guestFrames(deep.join('\n'));
  assert.is(lines.length, 17);
  assert.is(lines.at(-1), '24 more');
});

test.run();
