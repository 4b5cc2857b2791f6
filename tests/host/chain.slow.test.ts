/**
 * Chains of components that pass a list of 1 MiB on, each into its own memory: composed ahead of time in one binary, and
 * linked at run time. What they cost grows with their length and no faster, and there is no JavaScript in the middle.
 */
import { type Component, instantiate, Store, Trap } from '@gangway/host';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { componentInstance } from '../../packages/host/src/instance/instance.ts';
import { component, debugEngine } from '../support/assemble.ts';

const MIB = 1 << 20;
const PAGE = 65_536;
const ROUNDS = 15;

/** Hands the list on and adds one to the result. The allocator starts anew with each call. */
const link = `(component $link
  (import "pass" (func $next (param "bytes" (list u8)) (result u32)))
  (core module $libc
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 1024))
    (func (export "reset") (global.set $next (i32.const 1024)))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (local $end i32)
      (local.set $end (i32.add (global.get $next) (local.get 3)))
      (block $fits
        (br_if $fits (i32.le_u (local.get $end) (i32.mul (memory.size) (i32.const ${PAGE}))))
        (drop (memory.grow (i32.sub
          (i32.div_u (i32.add (local.get $end) (i32.const ${PAGE - 1})) (i32.const ${PAGE}))
          (memory.size)))))
      (global.get $next)
      (global.set $next (local.get $end))))
  (core instance $libc (instantiate $libc))
  (core func $pass (canon lower (func $next) (memory (core memory $libc "memory"))))
  (core module $m
    (import "" "pass" (func $pass (param i32 i32) (result i32)))
    (import "libc" "reset" (func $reset))
    (func (export "pass") (param i32 i32) (result i32)
      (call $reset)
      (i32.add (call $pass (local.get 0) (local.get 1)) (i32.const 1))))
  (core instance $i (instantiate $m (with "libc" (instance $libc)) (with "" (instance (export "pass" (func $pass))))))
  (func (export "pass") (param "bytes" (list u8)) (result u32)
    (canon lift (core func $i "pass") (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))`;

/** The end: the list's last byte, a thousand times; traps when it is 255. */
const end = link
  .replace('(component $link', '(component $end')
  .replace(/\(import "pass" \(func \$next.*\n/, '')
  .replace(/\(core func \$pass \(canon lower.*\n/, '')
  .replace('(import "" "pass" (func $pass (param i32 i32) (result i32)))', '(import "libc" "memory" (memory 0))')
  .replace(' (with "" (instance (export "pass" (func $pass))))', '')
  .replace(
    '(i32.add (call $pass (local.get 0) (local.get 1)) (i32.const 1))',
    `(local.set 0 (i32.load8_u (i32.sub (i32.add (local.get 0) (local.get 1)) (i32.const 1))))
     (if (i32.eq (local.get 0) (i32.const 255)) (then unreachable))
     (i32.mul (local.get 0) (i32.const 1000))`,
  );

interface Chain {
  readonly pass: (bytes: Uint8Array) => number;
  /** Bytes of the guests' memories, and of the contexts. */
  readonly memoryBytes: () => number;
  readonly contextBytes: number;
}
type Pass = { pass(bytes: Uint8Array): number };

/** One binary with `length` components. */
async function composed(length: number): Promise<Chain> {
  const instances = Array.from({ length: length - 1 }, (_, i) => {
    return `(instance $c${i + 1} (instantiate $link (with "pass" (func $c${i} "pass"))))`;
  });
  const text = `(component ${end} ${length > 1 ? link : ''}
    (instance $c0 (instantiate $end))
    ${instances.join('\n')}
    (func (export "pass") (alias export $c${length - 1} "pass")))`;
  const store = new Store({ engine: debugEngine });
  const empty = store.usedBytes;
  const instance = await instantiate<Pass>(await component(text), {}, { store });
  return {
    pass: (bytes) => instance.exports.pass(bytes),
    memoryBytes: () => instance.memoryBytes,
    contextBytes: store.usedBytes - empty,
  };
}

const parts = new Map<string, Promise<Component>>();
function part(text: string): Promise<Component> {
  let made = parts.get(text);
  if (made === undefined) parts.set(text, (made = component(text)));
  return made;
}

/** As many instances, linked one by one. */
async function linked(length: number): Promise<Chain> {
  const store = new Store({ engine: debugEngine });
  const empty = store.usedBytes;
  const all = [await instantiate<Pass>(await part(end), {}, { store })];
  for (let i = 1; i < length; i += 1) {
    const one = await instantiate<Pass>(await part(link), all.at(-1)!.exports, { store });
    assert.is(componentInstance(one).links.size, 1);
    all.push(one);
  }
  return {
    pass: (bytes) => all.at(-1)!.exports.pass(bytes),
    memoryBytes: () => all.reduce((sum, one) => sum + one.memoryBytes, 0),
    contextBytes: store.usedBytes - empty,
  };
}

for (const [name, make] of [
  ['one binary', composed],
  ['linked at run time', linked],
] as const) {
  test(`${name}: time and memory grow linearly`, async () => {
    const lengths = [1, 2, 4, 8];
    const bytes = new Uint8Array(MIB).fill(7);
    const chains = await Promise.all(lengths.map((length) => make(length)));
    const times = lengths.map((): number[] => []);
    for (let round = -3; round < ROUNDS; round += 1) {
      for (const [i, chain] of chains.entries()) {
        const start = performance.now();
        const result = chain.pass(bytes);
        if (round >= 0) times[i]!.push(performance.now() - start);
        assert.is(result, 7000 + lengths[i]! - 1);
      }
    }
    // Linear: 8 times, or what caches make of it. Quadratic would be 64 times.
    const spent = times.map((some) => Math.min(...some));
    assert.ok(spent[3]! < 16 * spent[0]!, `${spent.map((ms) => ms.toPrecision(3)).join(', ')} ms`);

    // Exactly one list and less than two pages in each guest, however long the chain is and however often it was called.
    for (const [i, chain] of chains.entries()) {
      const each = chain.memoryBytes() / lengths[i]!;
      assert.ok(each >= MIB && each <= MIB + 2 * PAGE, `${each} bytes in each of ${lengths[i]}`);
    }
    const contexts = chains.map((chain) => chain.contextBytes);
    const steps = [0, 1, 2].map((i) => (contexts[i + 1]! - contexts[i]!) / (lengths[i + 1]! - lengths[i]!));
    assert.ok(Math.max(...steps) <= Math.min(...steps) + 16, `${contexts.join(', ')} bytes of contexts`);
  });

  test(`${name}: a trap at the end of a chain of 8 has wasm frames only, up to the host`, async () => {
    const chain = await make(8);
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 200;
    let trap: unknown;
    try {
      chain.pass(new Uint8Array(MIB).fill(255));
    } catch (error) {
      trap = error;
    } finally {
      Error.stackTraceLimit = limit;
    }
    assert.instance(trap, Trap);
    const { code, componentStack, stack } = trap as Trap;
    assert.is(code, 'unreachable');
    // In one binary, the root is what the host has called.
    const names = componentStack.map(({ instance }) => instance);
    assert.is(componentStack.filter((frame) => frame.function !== null).length, 1);
    assert.is(names.length, 8, names.join(' '));
    const lines = stack!.split('\n').filter((line) => /^\s+at /.test(line));
    const wasm = lines.map((line) => line.includes('wasm://'));
    const outermost = wasm.indexOf(false);
    // Eight guest functions and seven adapters between them.
    assert.ok(outermost >= 15, `${outermost} frames of wasm\n${lines.join('\n')}`);
    assert.not.ok(wasm.slice(outermost).includes(true), lines.join('\n'));
  });
}

test.run();
