/**
 * `@gangway/host/polyfill`. First, what the engine's own functions do with modules is written down, call by call; then the
 * same calls are made with the polyfill, and must come out the same. After that, components.
 */
import * as assert from 'uvu/assert';
import { runTests, test } from '../support/shims/uvu.ts';
import { fromWire } from '../support/wire.ts';
import { report } from './report.ts';

/** What the draft adds to the namespace. */
interface Namespace {
  Component: new (bytes: BufferSource) => object;
  ComponentInstance: new (component: object, imports?: object) => { readonly exports: Counters };
  ComponentError: new (...args: never[]) => Error;
  instantiate(component: object, imports?: object): Promise<{ readonly exports: Counters }>;
}
interface Counter {
  increment(): number;
}
interface Counters {
  readonly Counter: new (start: number) => Counter & Disposable;
  dropped(): number;
  fail(): void;
  run(text: string): string;
}

const wasm = WebAssembly as unknown as Namespace;
const bytesOf = async (name: string): Promise<ArrayBuffer> => (await fetch(`/components/${name}.wasm`)).arrayBuffer();
const [moduleBytes, counterBytes, logBytes] = await Promise.all([
  bytesOf('module'),
  bytesOf('counter'),
  bytesOf('log'),
]);
const module = await WebAssembly.compile(moduleBytes);
const imports = { m: { f: (x: number) => x + 1 } };

/** `(import "wasm:js-string" "length" (func (param externref) (result i32)))`, exported as `f`. */
const builtinBytes = new Uint8Array([
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 6, 1, 0x60, 1, 0x6f, 1, 0x7f],
  ...[2, 25, 1, 14, ...new TextEncoder().encode('wasm:js-string'), 6, ...new TextEncoder().encode('length'), 0, 0],
  ...[7, 5, 1, 1, 0x66, 0, 0],
]);
/** `(import "" "f" (func $f)) (start $f)` */
const startBytes = new Uint8Array([
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 4, 1, 0x60, 0, 0],
  ...[2, 6, 1, 0, 1, 0x66, 0, 0],
  ...[8, 1, 0],
]);
/** `(func $f unreachable) (start $f)` */
const trapBytes = new Uint8Array([
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 4, 1, 0x60, 0, 0],
  ...[3, 2, 1, 0],
  ...[8, 1, 0],
  ...[10, 5, 1, 3, 0, 0, 0x0b],
]);
const broken = new Uint8Array(moduleBytes.slice(0, moduleBytes.byteLength - 3));
const thrown = new Error('thrown by the start function');
const rejected = new Error('no response');
const used = async (): Promise<Response> => {
  const response = await fetch('/components/module.wasm');
  await response.arrayBuffer();
  return response;
};

type Call = readonly [
  name: 'validate' | 'compile' | 'instantiate' | 'compileStreaming' | 'instantiateStreaming',
  args: () => unknown[],
];

const calls: Readonly<Record<string, Call>> = {
  'validate: a module': ['validate', () => [moduleBytes]],
  'validate: a view': ['validate', () => [new DataView(moduleBytes)]],
  'validate: a broken one': ['validate', () => [broken]],
  'validate: no bytes': ['validate', () => [new Uint8Array()]],
  'validate: nothing': ['validate', () => []],
  'validate: a number': ['validate', () => [7]],
  'validate: options': ['validate', () => [builtinBytes, { builtins: ['js-string'] }]],
  'compile: a module': ['compile', () => [moduleBytes]],
  'compile: a view of a part': ['compile', () => [new Uint8Array([1, ...new Uint8Array(moduleBytes)]).subarray(1)]],
  'compile: a broken one': ['compile', () => [broken]],
  'compile: seven bytes': ['compile', () => [moduleBytes.slice(0, 7)]],
  'compile: nothing': ['compile', () => []],
  'compile: null': ['compile', () => [null]],
  'instantiate: bytes': ['instantiate', () => [moduleBytes, imports]],
  'instantiate: a module': ['instantiate', () => [module, imports]],
  'instantiate: no imports': ['instantiate', () => [moduleBytes]],
  'instantiate: the wrong imports': ['instantiate', () => [module, { m: { f: 1 } }]],
  'instantiate: imports that are no object': ['instantiate', () => [moduleBytes, 1]],
  'instantiate: nothing': ['instantiate', () => []],
  'instantiate: an object': ['instantiate', () => [{}]],
  'instantiate: the start function throws': [
    'instantiate',
    () => [
      startBytes,
      {
        '': {
          f: () => {
            throw thrown;
          },
        },
      },
    ],
  ],
  'instantiate: the start function traps': ['instantiate', () => [trapBytes]],
  'instantiate: a built-in': ['instantiate', () => [builtinBytes, {}, { builtins: ['js-string'] }]],
  'instantiate: a built-in that is not asked for': ['instantiate', () => [builtinBytes, {}]],
  'compileStreaming: a response': ['compileStreaming', () => [fetch('/components/module.wasm')]],
  'compileStreaming: in pieces': ['compileStreaming', () => [fetch('/components/module.wasm?pieces')]],
  'compileStreaming: another type': ['compileStreaming', () => [fetch('/components/module.wasm?type=text/plain')]],
  'compileStreaming: not found': ['compileStreaming', () => [fetch('/components/nothing.wasm')]],
  'compileStreaming: no response': ['compileStreaming', () => [moduleBytes]],
  'compileStreaming: nothing': ['compileStreaming', () => []],
  'compileStreaming: a rejected promise': ['compileStreaming', () => [Promise.reject(rejected)]],
  'compileStreaming: a response that was read': ['compileStreaming', () => [used()]],
  'compileStreaming: no bytes': [
    'compileStreaming',
    () => [new Response('', { headers: { 'content-type': 'application/wasm' } })],
  ],
  'instantiateStreaming: a response': ['instantiateStreaming', () => [fetch('/components/module.wasm'), imports]],
  'instantiateStreaming: no imports': ['instantiateStreaming', () => [fetch('/components/module.wasm')]],
};

const shape = (value: unknown): unknown => {
  if (value instanceof WebAssembly.Module)
    return { module: [WebAssembly.Module.imports(value), WebAssembly.Module.exports(value)] };
  if (value instanceof WebAssembly.Instance) {
    const { run, f } = value.exports as { run?: (x: number) => number; f?: (x: unknown) => number };
    return {
      instance: Object.keys(value.exports),
      frozen: Object.isFrozen(value.exports),
      run: run?.(41),
      length: f?.('four'),
    };
  }
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).map(([key, inner]) => [key, shape(inner)]);
  return value;
};

/** What a call does: at once, and in the end. */
async function outcome([name, args]: Call): Promise<unknown> {
  const func = WebAssembly[name] as (...args: unknown[]) => unknown;
  let result: unknown;
  try {
    result = func(...args());
  } catch (error) {
    return { threw: (error as Error).constructor.name, message: (error as Error).message };
  }
  const promise = result instanceof Promise && result.constructor === Promise;
  try {
    return { promise, result: shape(await result) };
  } catch (error) {
    const own = error === thrown ? 'thrown' : error === rejected ? 'rejected' : 'new';
    const { name: kind, message } = error as Error;
    return { promise, own, kind, constructor: (error as object).constructor.name, message };
  }
}

async function outcomes(): Promise<Map<string, unknown>> {
  const found = new Map<string, unknown>();
  for (const [name, call] of Object.entries(calls)) found.set(name, await outcome(call));
  return found;
}

/** The core modules of the reference tests, and of each a copy that is broken somewhere. */
const modules = fromWire(await (await fetch('/modules.json')).text()) as readonly Uint8Array<ArrayBuffer>[];
const samples = modules.flatMap((bytes) => {
  const mutant = bytes.slice();
  mutant[8 + ((bytes.length * 7) % Math.max(bytes.length - 8, 1))]! ^= 0x2a;
  return [bytes, mutant];
});

async function sampleOutcomes(): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const bytes of samples) {
    found.push(WebAssembly.validate(bytes), await outcome(['compile', () => [bytes]]));
    found.push(await outcome(['instantiate', () => [bytes, {}]]));
  }
  return found;
}

const names = ['validate', 'compile', 'instantiate', 'compileStreaming', 'instantiateStreaming'] as const;
const descriptors = (): unknown =>
  names.map((name) => {
    const { value, ...rest } = Object.getOwnPropertyDescriptor(WebAssembly, name) as PropertyDescriptor & {
      value: { name: string; length: number };
    };
    return { ...rest, name: value.name, length: value.length };
  });

const natives = names.map((name) => WebAssembly[name]);
const before = await outcomes();
const samplesBefore = await sampleOutcomes();
const descriptorsBefore = descriptors();
const { installPolyfill } = await import('@gangway/host/polyfill');
const after = await outcomes();
const samplesAfter = await sampleOutcomes();

for (const name of before.keys()) {
  test(`modules as before: ${name}`, () => assert.equal(after.get(name), before.get(name)));
}

test('the core modules of the reference tests as before, whole and broken', () => {
  assert.ok(modules.length > 50);
  assert.ok(samplesBefore.includes(false));
  assert.equal(samplesAfter, samplesBefore);
});

test('the functions look as before', () => {
  assert.equal(descriptors(), descriptorsBefore);
  for (const [i, name] of names.entries()) assert.is.not(WebAssembly[name], natives[i]);
  assert.throws(
    () => new WebAssembly.Module(counterBytes),
    (error: unknown) => error instanceof WebAssembly.CompileError,
  );
});

test('a component: validate, compile, instantiate', async () => {
  assert.is(WebAssembly.validate(counterBytes), true);
  assert.is(WebAssembly.validate(counterBytes.slice(0, counterBytes.byteLength - 5)), false);
  const component: object = await WebAssembly.compile(counterBytes);
  assert.instance(component, wasm.Component);
  assert.not(component instanceof WebAssembly.Module);
  const instance = await wasm.instantiate(component);
  assert.instance(instance, wasm.ComponentInstance);
  const { Counter, dropped } = instance.exports;
  {
    using counter = new Counter(5);
    assert.is(counter.increment(), 6);
    assert.instance(counter, Counter);
    assert.is(dropped(), 0);
  }
  assert.is(dropped(), 1);
});

test('instantiate(bytes), and both streaming forms', async () => {
  const log = (): undefined => undefined;
  const made = [
    await WebAssembly.instantiate(new Uint8Array(logBytes), { log } as never),
    await WebAssembly.instantiateStreaming(fetch('/components/log.wasm?pieces'), { log } as never),
  ] as unknown as { readonly component: object; readonly instance: { readonly exports: Counters } }[];
  for (const both of made) {
    assert.equal(Object.keys(both), ['component', 'instance']);
    assert.instance(both.component, wasm.Component);
    assert.is(both.instance.exports.run('you'), 'hello, you');
  }
  const streamed: object = await WebAssembly.compileStreaming(fetch('/components/log.wasm'));
  assert.is((await wasm.instantiate(streamed, { log })).exports.run('too'), 'hello, too');
});

test('bytes may be changed after the call', async () => {
  const bytes = new Uint8Array(counterBytes.slice(0));
  const compiling: Promise<object> = WebAssembly.compile(bytes);
  bytes.fill(0);
  assert.is((await wasm.instantiate(await compiling)).exports.dropped(), 0);
});

test('the constructors', () => {
  const component = new wasm.Component(counterBytes);
  assert.instance(component, wasm.Component);
  const { exports } = new wasm.ComponentInstance(component);
  assert.is(new exports.Counter(1).increment(), 2);
  const log: string[] = [];
  const logging = new wasm.ComponentInstance(new wasm.Component(logBytes), { log: (text: string) => log.push(text) });
  assert.is(logging.exports.run('now'), 'hello, now');
  assert.equal(log, ['now']);
  assert.throws(
    () => new wasm.Component(moduleBytes),
    (error: unknown) => error instanceof WebAssembly.CompileError,
  );
  assert.throws(() => (wasm.Component as unknown as () => void)(), TypeError);
  assert.throws(() => new wasm.ComponentInstance({}), TypeError);
  class Own extends wasm.Component {}
  assert.instance(new Own(counterBytes), Own);
});

test('errors are those of WebAssembly, with ours as the cause', async () => {
  const rejection = (promise: Promise<unknown>): Promise<Error> =>
    promise.then(
      () => assert.unreachable('it was accepted') as never,
      (error: Error) => error,
    );
  const cut = counterBytes.slice(0, counterBytes.byteLength - 5);
  const invalid = await rejection(WebAssembly.compile(cut));
  assert.instance(invalid, WebAssembly.CompileError);
  assert.is((invalid.cause as Error).name, 'DecodeError');
  assert.instance(
    await rejection(WebAssembly.compileStreaming(fetch('/components/cut.wasm'))),
    WebAssembly.CompileError,
  );
  const unlinked = await rejection(WebAssembly.instantiate(logBytes, {}));
  assert.instance(unlinked, WebAssembly.LinkError);
  assert.match(unlinked.message, 'log');
  assert.instance(await rejection(WebAssembly.instantiate(logBytes)), TypeError);
  assert.instance(await rejection(WebAssembly.instantiate(logBytes, 1 as never)), TypeError);
  const trapped = await wasm.instantiate(new wasm.Component(counterBytes));
  assert.throws(() => trapped.exports.fail(), /unreachable/);
  assert.throws(() => trapped.exports.dropped(), /cannot enter/);
});

test('it can be taken off', () => {
  const uninstall = installPolyfill();
  assert.is(installPolyfill(), uninstall);
  uninstall();
  assert.equal(
    names.map((name) => WebAssembly[name]),
    natives,
  );
  assert.not('Component' in WebAssembly);
});

await report(() => runTests());
