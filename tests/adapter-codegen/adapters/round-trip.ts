/**
 * The property of all adapters, for a random function type, encodings, address types and values: the callee reads the
 * values that the caller wrote, and the caller reads the one that the callee wrote; afterwards all bookkeeping is undone.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type CoreValue, Fused, Types } from './fused.ts';
import { type RandomType, randomType } from './random-types.ts';
import { Abi, type Encoding, type Value } from './reference.ts';

const encoding = fc.constantFrom<Encoding>('utf8', 'utf16', 'latin1+utf16');
const address = fc.constantFrom<'i32' | 'i64'>('i32', 'i32', 'i64');

export interface RoundTrip {
  readonly params: readonly RandomType[];
  readonly result: RandomType;
  readonly caller: { readonly encoding: Encoding; readonly address: 'i32' | 'i64' };
  readonly callee: { readonly encoding: Encoding; readonly address: 'i32' | 'i64' };
  /** Several calls of one adapter. */
  readonly calls: readonly { readonly args: readonly Value[]; readonly returned: Value }[];
  readonly seed: number;
  /** Which back end writes the adapter. */
  readonly codegen: 'binaryen' | 'direct';
}

export const roundTrips: fc.Arbitrary<RoundTrip> = fc
  .tuple(fc.array(randomType, { maxLength: 3 }), randomType)
  .chain(([params, result]) =>
    fc.record({
      params: fc.constant(params),
      result: fc.constant(result),
      caller: fc.record({ encoding, address }),
      callee: fc.record({ encoding, address }),
      calls: fc.array(fc.record({ args: fc.tuple(...params.map(({ values }) => values)), returned: result.values }), {
        minLength: 1,
        maxLength: 3,
      }),
      seed: fc.integer(),
      codegen: fc.constantFrom('direct', 'direct', 'binaryen'),
    }),
  );

export async function checkRoundTrip(trip: RoundTrip): Promise<void> {
  const types = new Types();
  const { caller, callee } = trip;
  const params = trip.params.map((param) => param.add(types));
  const result = trip.result.add(types);
  const fused = await Fused.make(
    { types, params, result, caller, callee: { ...callee, postReturn: true } },
    trip.codegen,
  );
  const { lower, lift } = fused.abis();
  const junk = generator(trip.seed);

  let expected: readonly Value[] = [];
  let answer: Value = 0;
  let got: Value[] | null = null;
  let core: unknown;
  const returned: CoreValue[][] = [];
  const linked = fused.link(
    (...args) => {
      const abi = new Abi(linked.callee, callee.encoding, junk);
      got = abi.liftParams(lift, args);
      core = abi.lowerResult(lift, answer);
      return core;
    },
    (...args) => returned.push(args),
  );
  for (const call of trip.calls) {
    expected = call.args;
    answer = call.returned;
    got = null;
    const abi = new Abi(linked.caller, caller.encoding, junk);
    const args = abi.lowerParams(lower, expected);
    const out = lower.spilledResult ? linked.caller.reserve(lower.result!.size, lower.result!.align) : 0;
    if (lower.spilledResult) args.push(linked.caller.core(out));
    const raw = linked.call(...args) as CoreValue;
    same(got, expected);
    const back = lower.spilledResult ? abi.load(lower.result!, out) : abi.lift(lower.result!, [raw]);
    same(back, answer);
    assert.ok(linked.atRest());
  }
  // Post-return sees the callee's core results.
  assert.equal(returned.length, trip.calls.length);
  assert.equal(BigInt.asUintN(64, bits(returned.at(-1)?.[0])), BigInt.asUintN(64, bits(core)));
}

function bits(value: unknown): bigint {
  if (typeof value === 'bigint') return value;
  const view = new DataView(new ArrayBuffer(8));
  if (Number.isInteger(value) && !Object.is(value, -0) && Math.abs(value as number) < 2 ** 32) {
    return BigInt((value as number) | 0);
  }
  view.setFloat64(0, value as number);
  return view.getBigUint64(0);
}

function same(got: unknown, expected: unknown): void {
  assert.deepEqual(got, expected);
}

/** Bytes that look random and depend on the seed only. */
function generator(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state = Math.imul(state, 1_664_525) + 1_013_904_223;
    return (state >>> 16) & 0xff;
  };
}
