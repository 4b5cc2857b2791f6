/** The intrinsics against a DataView: every size, at every address around both ends of the data. */
import assert from 'node:assert/strict';
import { intrinsicCoreType, intrinsicIndex, intrinsics } from '@gangway/component/intrinsics';
import fc from 'fast-check';
import { test } from 'uvu';
import { INTRINSICS, planOfText } from '../support/plan.ts';
import { type CoreValue, Trampolines } from './instance.ts';

const declared = intrinsics.map(({ name, params, result }) => {
  const names = ['address', 'value'];
  const text = params.map((type, i) => `(param "${names[i]}" ${type})`).join(' ');
  return `(export "${name}" (func ${text} ${result === null ? '' : `(result ${result})`}))`;
});
const flat = intrinsics.map((one) => {
  const { params, results } = intrinsicCoreType(one);
  return `(import "" "${one.name}" (func (param ${params.join(' ')}) (result ${results.join(' ')})))`;
});

/** Lowers `names`, in this order. */
const component = (names: readonly string[]): string => `(component
  (import "${INTRINSICS}" (instance $data ${declared.join('\n')}))
  ${names.map((name, i) => `(core func $f${i} (canon lower (func $data "${name}")))`).join('\n')}
  (core module $m ${names.map((name) => flat[intrinsicIndex(name)!]).join('\n')})
  (core instance (instantiate $m (with "" (instance
    ${names.map((name, i) => `(export "${name}" (func $f${i}))`).join('\n')})))))`;

const all = intrinsics.map(({ name }) => name);

test('the plan names what is used, and counts up to the highest', async () => {
  const plan = await planOfText(component(['u16-native-load', 'u8-native-load']));
  assert.deepEqual(
    plan.intrinsics?.map((index) => intrinsics[index]?.name),
    ['u16-native-load', 'u8-native-load'],
  );
  assert.equal(plan.counts.intrinsics, intrinsicIndex('u16-native-load')! + 1);
  assert.deepEqual([plan.trampolines, plan.runtimeImports, plan.imports], [[], [], []]);
  const none = await planOfText(component([]));
  assert.equal(none.counts.intrinsics, 0);
});

for (const codegen of ['binaryen', 'direct'] as const) {
  for (const pointerSize of [4, 8] as const) {
    test(`loads and stores, written by ${codegen}, ${pointerSize}-byte pointers`, async () => {
      const plan = await planOfText(component(all));
      const data = { address: 4096 * 3, length: 40 };
      const t = await Trampolines.create(plan, { codegen, pointerSize, data });
      const call = (name: string, ...args: CoreValue[]) => t.call(`intrinsic[${name}]`, ...args);
      assert.equal(call('store-data-address'), BigInt(data.address));
      plan.intrinsics?.forEach((index, i) => {
        const name = `intrinsic[${intrinsics[index]!.name}]`;
        assert.equal(t.memory.functions.get(t.base + 2 * plan.trampolines.length + i), t.exports[name]);
      });
      const model = new DataView(new ArrayBuffer(data.length));
      const address = fc.oneof(
        fc.integer({ min: -12, max: data.length + 12 }).map((offset) => BigInt(data.address + offset)),
        fc.constantFrom(0n, 1n << 32n, (1n << 32n) + BigInt(data.address), (1n << 64n) - 1n, (1n << 63n) + 12288n),
        fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
      );
      const value = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
      const action = fc.tuple(fc.constantFrom(1, 2, 4, 8), fc.boolean(), address, value);
      fc.assert(
        fc.property(action, ([bytes, isStore, at, raw]) => {
          const type = `u${8 * bytes}`;
          const offset = Number(BigInt.asIntN(64, at - BigInt(data.address)));
          const inside = offset >= 0 && offset + bytes <= data.length;
          // A core i32 may have bits that the type does not.
          const core = bytes === 8 ? BigInt.asIntN(64, raw) : Number(BigInt.asIntN(32, raw));
          const name = isStore ? `${type}-native-store` : `${type}-native-load`;
          const args: CoreValue[] = isStore ? [at, core] : [at];
          if (!inside) {
            assert.equal(t.trapOf(`intrinsic[${name}]`, ...args), 'data-out-of-bounds');
            return;
          }
          if (isStore) {
            call(name, ...args);
            if (bytes === 8) model.setBigUint64(offset, raw, true);
            else if (bytes === 4) model.setUint32(offset, Number(BigInt.asUintN(32, raw)), true);
            else if (bytes === 2) model.setUint16(offset, Number(BigInt.asUintN(16, raw)), true);
            else model.setUint8(offset, Number(BigInt.asUintN(8, raw)));
          } else {
            const got = call(name, ...args);
            if (bytes === 8) assert.equal(BigInt.asUintN(64, got as bigint), model.getBigUint64(offset, true));
            else if (bytes === 4) assert.equal((got as number) >>> 0, model.getUint32(offset, true));
            else assert.equal(got, bytes === 2 ? model.getUint16(offset, true) : model.getUint8(offset));
          }
          assert.deepEqual(
            t.memory.u8.slice(data.address, data.address + data.length),
            new Uint8Array(model.buffer.slice(0)),
          );
        }),
        { numRuns: 1000 },
      );
      // What is around the data is as it was.
      assert.ok(t.memory.u8.slice(data.address - 16, data.address).every((byte) => byte === 0));
      assert.ok(t.memory.u8.slice(data.address + data.length, data.address + 64).every((byte) => byte === 0));
    });
  }
}

test('without data every access traps', async () => {
  const t = await Trampolines.create(await planOfText(component(all)), {});
  assert.equal(t.call('intrinsic[store-data-address]'), 0n);
  for (const at of [0n, 1n, 4096n]) assert.equal(t.trapOf('intrinsic[u8-native-load]', at), 'data-out-of-bounds');
});

test.run();
