/** From bytes to a component: what is taken, what is refused and how, and what is left alone. */
import {
  BinaryError,
  compile,
  compileStreaming,
  DecodeError,
  Engine,
  instantiate,
  instantiateStreaming,
  ValidationError,
  validate,
} from '@gangway/host';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assemble, type DynamicExports } from '../../support/assemble.ts';

const text = `(component
  (import "log" (func $log (param "x" u32)))
  (core func $log (canon lower (func $log)))
  (core module $m
    (import "" "log" (func $log (param i32)))
    (func (export "add") (param i32 i32) (result i32)
      (call $log (local.get 0))
      (i32.add (local.get 0) (local.get 1))))
  (core instance $i (instantiate $m (with "" (instance (export "log" (func $log))))))
  (func (export "add") (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $i "add"))))`;
const log = () => undefined;

async function failure(run: () => Promise<unknown>): Promise<unknown> {
  try {
    await run();
  } catch (error) {
    return error;
  }
  throw new Error('expected a failure');
}

test('bytes come as an ArrayBuffer or any view of one, and are not changed', async () => {
  const bytes = await assemble(text);
  const before = bytes.slice();
  const padded = new Uint8Array(bytes.length + 12);
  padded.set(bytes, 8);
  const sources = [
    bytes,
    bytes.buffer,
    new DataView(padded.buffer, 8, bytes.length),
    padded.subarray(8, 8 + bytes.length),
  ];
  for (const source of sources) {
    const { instance } = await instantiate<DynamicExports>(source as Uint8Array, { log });
    assert.is(instance.exports.add!(2, 3), 5);
    assert.ok(validate(source as Uint8Array));
  }
  assert.equal(bytes, before);
  assert.instance(await failure(() => compile('x' as never)), TypeError);
  assert.instance(await failure(() => compile({} as never)), TypeError);
});

test('a component arrives in chunks', async () => {
  const bytes = await assemble(text);
  const response = (chunk: number) =>
    new Response(
      new ReadableStream<Uint8Array>({
        start(controller) {
          for (let at = 0; at < bytes.length; at += chunk) controller.enqueue(bytes.slice(at, at + chunk));
          controller.close();
        },
      }),
    );
  for (const chunk of [1, 7, 1000]) {
    const component = await compileStreaming(Promise.resolve(response(chunk)));
    const made = await instantiate<DynamicExports>(component, { log });
    assert.is(made.exports.add!(20, 3), 23);
  }
  const { instance } = await instantiateStreaming<DynamicExports>(response(50), { log });
  assert.is(instance.exports.add!(1, 1), 2);
  assert.instance(await failure(() => compileStreaming(new Response(null, { status: 404 }))), TypeError);
  assert.instance(await failure(() => compileStreaming(new Response(bytes.slice(0, 40)))), BinaryError);
});

test('what is no component is a DecodeError with an offset', async () => {
  const bytes = await assemble(text);
  const module = bytes.slice(0, 8);
  module[4] = 1;
  module[6] = 0;
  for (const bad of [new Uint8Array(), bytes.slice(0, 3), bytes.slice(0, bytes.length - 1), module]) {
    const error = await failure(() => compile(bad));
    assert.instance(error, DecodeError);
    assert.type((error as DecodeError).offset, 'number');
    assert.match((error as DecodeError).message, /^0x[0-9a-f]+: /);
    // The text came after the error was made. SpiderMonkey's stacks have frames only.
    const hasMessages = new Error('message').stack?.includes('message') === true;
    assert.is((error as DecodeError).stack?.includes((error as DecodeError).message), hasMessages);
    assert.is((error as DecodeError).text, null);
    assert.match((error as DecodeError).message, / /);
    assert.not.ok(validate(bad));
  }
});

test('what is no valid component is a ValidationError with an offset', async () => {
  const bytes = await assemble('(component (core func (canon lower (func 0))))').catch(() => null);
  // The assembler does not look at indices: func 0 does not exist.
  assert.ok(bytes !== null);
  const error = await failure(() => compile(bytes));
  assert.instance(error, ValidationError);
  assert.ok((error as ValidationError).offset > 0);
  assert.not.ok(validate(bytes));
});

test('a closed feature gate refuses, an open one accepts', async () => {
  const bytes = await assemble('(component (type (list u8 4)))');
  assert.instance(await failure(() => compile(bytes)), BinaryError);
  const engine = new Engine({ features: { 'fixed-length-lists': true } });
  assert.ok(await compile(bytes, { engine }));
  assert.not.ok(validate(bytes));
  assert.ok(validate(bytes, { engine }));
});

test('an embedded core module that the engine refuses is a CompileError with its place', async () => {
  const bytes = (await assemble(text)).slice();
  // The body of `add` ends in local.get 0, local.get 1, i32.add: make the last one an i64.add.
  const at = bytes.findLastIndex((byte, i) => byte === 0x6a && bytes[i + 1] === 0x0b);
  assert.ok(at > 0);
  bytes[at] = 0x7c;
  const error = await failure(() => compile(bytes));
  assert.instance(error, WebAssembly.CompileError);
  assert.match((error as Error).message, /^0x[0-9a-f]+: invalid core module: /);
  assert.instance((error as Error).cause, WebAssembly.CompileError);
  assert.not.ok(validate(bytes));
});

test("truncated and bit-flipped copies fail with our own errors or the engine's", async () => {
  const bytes = await assemble(text);
  let refused = 0;
  const attempt = async (bad: Uint8Array): Promise<void> => {
    try {
      await compile(bad);
    } catch (error) {
      refused += 1;
      const known = error instanceof BinaryError || error instanceof WebAssembly.CompileError;
      assert.ok(known, `${String(error)}`);
    }
  };
  for (let length = 0; length < bytes.length; length += 7) await attempt(bytes.slice(0, length));
  for (let bit = 0; bit < bytes.length * 8; bit += 37) {
    const flipped = bytes.slice();
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    await attempt(flipped);
  }
  assert.ok(refused > bytes.length / 7);
});

test('engine options are checked', async () => {
  assert.throws(() => new Engine({ speed: 3 } as never), /unknown engine option 'speed'/);
  assert.throws(() => new Engine({ pointerSize: 5 as never }), /'pointerSize' must be 4 or 8/);
  const unknown = new Engine({ features: { asink: true } as never });
  assert.throws(() => validate(new Uint8Array(), { engine: unknown }), /unknown feature 'asink'/);
  const error = await compile(new Uint8Array(), { engine: unknown }).catch((reason: unknown) => reason);
  assert.instance(error, TypeError);
  const { options } = new Engine({ evaluate: 'never', multiMemory: 'never' });
  assert.is(options.evaluate, false);
  assert.is(options.multiMemory, false);
  assert.is(options.stringBuiltins, 'auto');
  assert.throws(() => new Engine({ stringBuiltins: 'maybe' as never }), /'stringBuiltins' must be "auto" or "always"/);
  assert.is(new Engine().options.multiMemory, true);
  assert.is(Engine.default, Engine.default);
});

test.run();
