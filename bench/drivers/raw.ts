/**
 * "Raw": hand-written glue around the very core module that the component contains. It is the limit: cached typed
 * arrays, no checks but those that memory safety of the caller's own values needs, no handle tables where one variable
 * does. Short strings go through a module written by hand for the engine's js-string builtins (raw-strings.wat), which
 * takes half the time of loops in JavaScript; long ones through TextEncoder and TextDecoder.
 */
import { type Bits, type Calls, type Choice, Counter, type Driver, host, type Point } from '../api.ts';
import { rawStrings } from '../component.ts';

interface Core {
  memory: WebAssembly.Memory;
  cabi_realloc(old: number, oldSize: number, align: number, size: number): number;
  add(a: number, b: number): number;
  add64(a: bigint, b: bigint): bigint;
  mix(a: number, b: number, c: number): number;
  flip(bits: number): number;
  turn(heading: number): number;
  'call-scalar'(n: number): number;
  'call-log'(n: number): void;
  'call-bump'(handle: number, n: number): number;
  echo(at: number, length: number): number;
  cabi_post_echo(result: number): void;
  sum(at: number, length: number): number;
  numbers(n: number): number;
  attempt(tag: number, payload: number): number;
  maybe(tag: number, number: number, at: number, length: number): number;
  'example:bench/things#[constructor]thing'(rep: number): number;
  'example:bench/things#[method]thing.add'(rep: number, by: number): number;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** Beyond these lengths the engine's own functions are faster. */
const SHORT_UNITS = 64;
const SHORT_BYTES = 128;
const headings = ['north', 'east', 'south', 'west'];

/** An `Error` to who asks, without a stack, whose capture would cost microseconds. */
class Failure {
  readonly payload: number;
  constructor(payload: number) {
    this.payload = payload;
  }
}
Object.setPrototypeOf(Failure.prototype, Error.prototype);

export const raw: Driver = {
  name: 'raw',
  async start(_component, bytes) {
    let bumped = new Counter();
    let u8 = new Uint8Array();
    let u32 = new Uint32Array();
    let f64 = new Float64Array();
    const f32bits = new Uint32Array(1);
    const f32 = new Float32Array(f32bits.buffer);
    const { instance } = await WebAssembly.instantiate(bytes, {
      $root: { scalar: host.scalar, log: (at: number, length: number) => host.log(decode(at, length)) },
      'example:bench/host': {
        '[method]counter.bump': (_handle: number, by: number) => bumped.bump(by),
        '[resource-drop]counter': () => {},
      },
      '[export]example:bench/things': { '[resource-new]thing': (rep: number) => rep },
    });
    const core = instance.exports as unknown as Core;
    const refresh = (): void => {
      const { buffer } = core.memory;
      u8 = new Uint8Array(buffer);
      u32 = new Uint32Array(buffer);
      f64 = new Float64Array(buffer);
    };
    refresh();

    const strings = new WebAssembly.Instance(await rawStrings(), { guest: instance.exports }).exports as unknown as {
      encode(text: string): number;
      decode(at: number, length: number): string | null;
    };
    const decode = (at: number, length: number): string => {
      const text = length <= SHORT_BYTES ? strings.decode(at, length) : null;
      if (text !== null) return text;
      if (u8.byteLength === 0) refresh();
      return decoder.decode(u8.subarray(at, at + length));
    };
    /** Bytes written by the last `encode`. */
    let written = 0;
    const encode = (text: string): number => {
      const { length } = text;
      if (length <= SHORT_UNITS) {
        const pair = strings.encode(text);
        const at = pair >>> 0;
        written = (pair - at) / 2 ** 32;
        return at;
      }
      const at = core.cabi_realloc(0, 0, 1, length * 3);
      if (u8.byteLength === 0) refresh();
      written = encoder.encodeInto(text, u8.subarray(at, at + length * 3)).written;
      return at;
    };

    class Thing {
      rep: number;
      constructor(rep: number) {
        this.rep = core['example:bench/things#[constructor]thing'](rep);
      }
      add(by: number): number {
        return core['example:bench/things#[method]thing.add'](this.rep, by) >>> 0;
      }
      [Symbol.dispose](): void {
        this.rep = 0;
      }
    }

    const calls: Calls = {
      add: (a, b) => core.add(a, b) >>> 0,
      add64: (a, b) => BigInt.asUintN(64, core.add64(a, b)),
      mix: (a, b, c) => core.mix(a, b, c ? 1 : 0),
      flip(bits: Bits): Bits {
        const result = core.flip((bits.a ? 1 : 0) | (bits.b ? 2 : 0) | (bits.c ? 4 : 0));
        return { a: (result & 1) !== 0, b: (result & 2) !== 0, c: (result & 4) !== 0 };
      },
      turn(heading) {
        const index = heading === 'north' ? 0 : heading === 'east' ? 1 : heading === 'south' ? 2 : 3;
        return headings[core.turn(index)]!;
      },
      callScalar: (n) => core['call-scalar'](n) >>> 0,
      callLog: (n) => core['call-log'](n),
      callBump(counter, n) {
        bumped = counter;
        return core['call-bump'](1, n) >>> 0;
      },
      echo(text) {
        const at = encode(text);
        const result = core.echo(at, written);
        const value = decode(u32[result >>> 2]!, u32[(result >>> 2) + 1]!);
        core.cabi_post_echo(result);
        return value;
      },
      sum(numbers) {
        const at = core.cabi_realloc(0, 0, 4, numbers.length * 4);
        if (u8.byteLength === 0) refresh();
        u32.set(numbers, at >>> 2);
        return core.sum(at, numbers.length) >>> 0;
      },
      numbers(n) {
        const result = core.numbers(n);
        if (u8.byteLength === 0) refresh();
        const at = u32[result >>> 2]! >>> 3;
        const value = f64.slice(at, at + u32[(result >>> 2) + 1]!);
        core.cabi_post_echo(result);
        return value;
      },
      echoBytes(data) {
        const at = core.cabi_realloc(0, 0, 1, data.length);
        if (u8.byteLength === 0) refresh();
        u8.set(data, at);
        const result = core.echo(at, data.length);
        const from = u32[result >>> 2]!;
        const value = u8.slice(from, from + u32[(result >>> 2) + 1]!);
        core.cabi_post_echo(result);
        return value;
      },
      echoPoints(points) {
        const { length } = points;
        const at = core.cabi_realloc(0, 0, 8, length * 24);
        if (u8.byteLength === 0) refresh();
        for (let i = 0; i < length; i++) {
          const point = points[i]!;
          const base = at + i * 24;
          f64[base >>> 3] = point.x;
          f64[(base >>> 3) + 1] = point.y;
          u32[(base >>> 2) + 4] = encode(point.label);
          u32[(base >>> 2) + 5] = written;
        }
        const result = core.echo(at, length);
        const from = u32[result >>> 2]!;
        const count = u32[(result >>> 2) + 1]!;
        const value: Point[] = new Array(count);
        for (let i = 0; i < count; i++) {
          const base = from + i * 24;
          value[i] = {
            x: f64[base >>> 3]!,
            y: f64[(base >>> 3) + 1]!,
            label: decode(u32[(base >>> 2) + 4]!, u32[(base >>> 2) + 5]!),
          };
        }
        core.cabi_post_echo(result);
        return value;
      },
      attempt(choice: Choice) {
        let result = 0;
        if (choice.tag === 'a') result = core.attempt(0, choice.val);
        else if (choice.tag === 'b') {
          f32[0] = choice.val;
          result = core.attempt(1, f32bits[0]!);
        } else result = core.attempt(2, 0);
        if (u8[result] === 1) throw new Failure(u32[(result >>> 2) + 1]!);
        return u32[(result >>> 2) + 1]!;
      },
      maybe(value) {
        let result = 0;
        if (value === undefined) result = core.maybe(0, 0, 0, 0);
        else {
          const at = encode(value[1]);
          result = core.maybe(1, value[0], at, written);
        }
        const base = result >>> 2;
        const lifted: [number, string] | undefined =
          u8[result] === 1 ? [u32[base + 1]!, decode(u32[base + 2]!, u32[base + 3]!)] : undefined;
        core.cabi_post_echo(result);
        return lifted;
      },
      things: { Thing },
    };
    return calls;
  },
};
