/** What a lifting guest can get wrong, the trap for each, and who is to blame; and what is put right without one. */
import assert from 'node:assert/strict';
import { test } from 'uvu';
import type { PlanType, TypeIndex } from '../../../packages/component/src/plan.ts';
import type { TrapCode } from '../../../packages/component/src/traps.ts';
import { CALLEE, CALLER, type CoreValue, Fused, type FusedSpec, Types } from './fused.ts';

const MEMORY = 65_536;

type Make = (types: Types) => TypeIndex;
const plain =
  (kind: 'u8' | 'u32' | 'u64' | 'f32' | 'f64' | 'char' | 'bool' | 'string' | 's8' | 's16' | 'u16'): Make =>
  (types) =>
    types.add({ kind });
const list =
  (element: Make, length: number | null = null): Make =>
  (types) =>
    types.list_(element(types), length);

async function taking(params: readonly Make[], spec: Omit<FusedSpec, 'types' | 'params'> = {}): Promise<Fused> {
  const types = new Types();
  return Fused.make({ ...spec, types, params: params.map((make) => make(types)) });
}
async function returning(result: Make, spec: Omit<FusedSpec, 'types' | 'params' | 'result'> = {}): Promise<Fused> {
  const types = new Types();
  return Fused.make({ ...spec, types, params: [], result: result(types) });
}

test('lists: too long, unaligned, outside, each before realloc', async () => {
  const cases: [Make, number, number, TrapCode | undefined][] = [
    [plain('u8'), MEMORY, 0, undefined],
    [plain('u8'), MEMORY + 1, 0, 'list-content-out-of-bounds'],
    [plain('u8'), 0, MEMORY + 1, 'list-content-out-of-bounds'],
    [plain('u8'), 0, 2 ** 28 - 1, 'list-content-out-of-bounds'],
    [plain('u8'), 0, 2 ** 28, 'list-too-long'],
    [plain('u8'), -1, -1, 'list-too-long'],
    [plain('u8'), -1, 1, 'list-content-out-of-bounds'],
    [plain('u32'), 2, 0, 'unaligned-pointer'],
    [plain('u32'), 2, 2 ** 26, 'list-too-long'],
    [plain('u32'), 4, 2 ** 26 - 1, 'list-content-out-of-bounds'],
    [plain('u32'), MEMORY - 4, 1, undefined],
    [plain('u32'), MEMORY - 4, 2, 'list-content-out-of-bounds'],
    [plain('u64'), 4, 1, 'unaligned-pointer'],
    [plain('u64'), MEMORY, 0, undefined],
    [plain('string'), 2, 0, 'unaligned-pointer'],
    [plain('string'), 0, 2 ** 25, 'list-too-long'],
    [list(plain('u8'), 1000), 0, 66, 'list-content-out-of-bounds'],
    [list(plain('u8'), 1000), 0, 65, undefined],
    [list(plain('u8'), 1000), 0, 268_436, 'list-too-long'],
  ];
  for (const [element, pointer, length, want] of cases) {
    const fused = await taking([list(element)]);
    const linked = fused.link(() => {});
    const got = linked.trap(pointer, length);
    assert.equal(got?.code, want, `${pointer}, ${length}`);
    if (want !== undefined) assert.deepEqual([got?.instance, linked.callee.reallocs.length], [CALLER, 0]);
  }
});

test('64-bit addresses: nothing wraps around', async () => {
  const caller = { address: 'i64' } as const;
  const cases: [Make, bigint, bigint, TrapCode | undefined][] = [
    [list(plain('u8')), 2n ** 64n - 1n, 1n, 'list-content-out-of-bounds'],
    [list(plain('u8')), 2n ** 32n, 0n, 'list-content-out-of-bounds'],
    [list(plain('u8')), 0n, 2n ** 32n, 'list-too-long'],
    [list(plain('u64')), 0n, 2n ** 61n, 'list-too-long'],
    [list(plain('u64')), 2n ** 64n - 8n, 1n, 'list-content-out-of-bounds'],
    [plain('string'), 2n ** 64n - 1n, 2n, 'string-content-out-of-bounds'],
    [plain('string'), 0n, 2n ** 32n, 'string-too-long'],
    [plain('string'), 2n ** 32n, 0n, 'string-content-out-of-bounds'],
  ];
  for (const callee of [{ address: 'i64' }, { address: 'i32' }] as const) {
    for (const [type, pointer, length, want] of cases) {
      const got = (await taking([type], { caller, callee })).link(() => {}).trap(pointer, length);
      assert.equal(got?.code, want);
    }
  }
});

test('what realloc returns for a list: unaligned, outside, also for no bytes', async () => {
  const cases: [Make, number, number, TrapCode | undefined][] = [
    [plain('u8'), -1, 0, 'list-content-out-of-bounds'],
    [plain('u8'), MEMORY, 0, undefined],
    [plain('u8'), MEMORY, 1, 'list-content-out-of-bounds'],
    [plain('u32'), 2, 1, 'unaligned-pointer'],
    [plain('u32'), 2, 0, 'unaligned-pointer'],
    [plain('u32'), -1, 1, 'unaligned-pointer'],
    [plain('u32'), -4, 0, 'list-content-out-of-bounds'],
    [plain('char'), MEMORY - 4, 2, 'list-content-out-of-bounds'],
  ];
  for (const [element, pointer, length, want] of cases) {
    const linked = (await taking([list(element)])).link(() => {});
    linked.callee.onRealloc = () => pointer;
    const got = linked.trap(16, length);
    assert.equal(got?.code, want);
    if (want !== undefined) assert.equal(got?.instance, CALLEE);
    assert.equal(linked.callee.reallocs.length, 1);
  }
});

const seventeen: Make = (types) => {
  const u32 = types.add({ kind: 'u32' });
  return types.tuple(...new Array<TypeIndex>(17).fill(u32));
};

test('spilled parameters: the pointer of the caller, what realloc returns', async () => {
  const fused = await taking([seventeen]);
  for (const [pointer, want] of [
    [1, 'unaligned-pointer'],
    [MEMORY - 68, undefined],
    [MEMORY - 64, 'pointer-out-of-bounds'],
    [-4, 'pointer-out-of-bounds'],
  ] as const) {
    const linked = fused.link(() => {});
    const got = linked.trap(pointer);
    assert.equal(got?.code, want);
    assert.deepEqual(linked.callee.reallocs, want === undefined ? [[0, 0, 4, 68]] : []);
  }
  for (const [pointer, want] of [
    [1, 'unaligned-pointer'],
    [MEMORY - 64, 'pointer-out-of-bounds'],
    [-4, 'pointer-out-of-bounds'],
  ] as const) {
    const linked = fused.link(() => {});
    linked.callee.onRealloc = () => pointer;
    assert.deepEqual(linked.trap(8), { code: want, instance: CALLEE, detail: 0 });
  }
});

test('spilled result: the pointer that the callee returns, the one that the caller gave', async () => {
  const fused = await returning((types) => {
    const u32 = types.add({ kind: 'u32' });
    return types.tuple(u32, u32);
  });
  const cases: [number, number, TrapCode | undefined, number][] = [
    [8, 16, undefined, 0],
    [1, 16, 'unaligned-pointer', CALLEE],
    [MEMORY - 4, 16, 'pointer-out-of-bounds', CALLEE],
    [-8, 16, 'pointer-out-of-bounds', CALLEE],
    [8, 1, 'unaligned-pointer', CALLER],
    [8, MEMORY - 4, 'pointer-out-of-bounds', CALLER],
    [8, -8, 'pointer-out-of-bounds', CALLER],
  ];
  for (const [returned, out, want, instance] of cases) {
    const got = fused.link(() => returned).trap(out);
    assert.deepEqual(got && { code: got.code, instance: got.instance }, want && { code: want, instance });
  }
});

test('chars and discriminants, as core values and in memory', async () => {
  const option: Make = (types) => types.add({ kind: 'option', type: types.add({ kind: 'u8' }) });
  const enum300: Make = (types) => types.add({ kind: 'enum', names: Array.from({ length: 300 }, (_, i) => `n${i}`) });
  const chars: [number, TrapCode | undefined][] = [
    [0, undefined],
    [0xd7ff, undefined],
    [0xd800, 'invalid-char'],
    [0xdfff, 'invalid-char'],
    [0xe000, undefined],
    [0x10ffff, undefined],
    [0x110000, 'invalid-char'],
    [-1, 'invalid-char'],
  ];
  const discriminants: [number, TrapCode | undefined][] = [
    [1, undefined],
    [2, 'invalid-discriminant'],
    [0xff, 'invalid-discriminant'],
  ];
  const wide: [number, TrapCode | undefined][] = [
    [299, undefined],
    [300, 'invalid-discriminant'],
    [0xffff, 'invalid-discriminant'],
  ];
  for (const [type, cases, slots] of [
    [plain('char'), chars, 1],
    [option, discriminants, 2],
    [enum300, wide, 1],
  ] as const) {
    for (const [value, want] of cases) {
      const args = slots === 2 ? [value, 0] : [value];
      const flat = (await taking([type])).link(() => {}).trap(...args);
      assert.deepEqual([flat?.code, flat?.instance], [want, want && CALLER]);

      const linked = (await taking([list(type)])).link(() => {});
      linked.caller.view.setUint32(1024, value, true);
      const inMemory = linked.trap(1024, 1);
      assert.deepEqual([inMemory?.code, inMemory?.instance], [want, want && CALLER]);
    }
    const [bad, code] = cases.at(-1)!;
    if (slots === 1) {
      const got = (await returning(type)).link(() => bad).trap();
      assert.deepEqual([got?.code, got?.instance], [code, CALLEE]);
    }
  }
});

test('excess bits are dropped, in both directions', async () => {
  const cases: [PlanType, number, number][] = [
    [{ kind: 'bool' }, 0x100, 1],
    [{ kind: 'bool' }, 0, 0],
    [{ kind: 'u8' }, 0xfff_ff01 | 0, 1],
    [{ kind: 's8' }, 0xff, -1],
    [{ kind: 's8' }, 0x17f, 0x7f],
    [{ kind: 'u16' }, 0xff_0001, 1],
    [{ kind: 's16' }, 0xffff, -1],
    [{ kind: 's32' }, -1, -1],
    [{ kind: 'flags', names: ['a'] }, -1, 1],
    [{ kind: 'flags', names: Array.from({ length: 9 }, (_, i) => `${i}`) }, -1, 0x1ff],
    [{ kind: 'flags', names: Array.from({ length: 32 }, (_, i) => `${i}`) }, -1, -1],
  ];
  for (const [type, given, want] of cases) {
    const types = new Types();
    const index = types.add(type);
    const fused = await Fused.make({ types, params: [index], result: index });
    let got: CoreValue | undefined;
    const linked = fused.link((value) => {
      got = value;
      return given;
    });
    assert.deepEqual([linked.call(given), got], [want, want]);
  }
});

test('NaNs keep their bits', async () => {
  const fused = await taking([list(plain('f32')), list(plain('f64'))]);
  const linked = fused.link((a, _, b) => {
    assert.equal(linked.callee.view.getUint32(a as number, true), 0x7fa0_0001);
    assert.equal(linked.callee.view.getBigUint64(b as number, true), 0xfff4_0000_0000_0001n);
  });
  linked.caller.view.setUint32(8, 0x7fa0_0001, true);
  linked.caller.view.setBigUint64(16, 0xfff4_0000_0000_0001n, true);
  linked.call(8, 1, 16, 1);
  assert.ok(linked.atRest());
});

test('padding does not cross', async () => {
  const types = new Types();
  const [u8, u32] = [types.add({ kind: 'u8' }), types.add({ kind: 'u32' })];
  const fused = await Fused.make({ types, params: [types.list_(types.record(u8, u32))] });
  const linked = fused.link((pointer) => {
    const { bytes } = linked.callee;
    // The bench fills what it allocates with 0xaa.
    assert.deepEqual([...bytes.slice(pointer as number, (pointer as number) + 8)], [1, 0xaa, 0xaa, 0xaa, 2, 0, 0, 0]);
  });
  linked.caller.bytes.set([1, 0x55, 0x55, 0x55, 2, 0, 0, 0], 64);
  linked.call(64, 1);
});

test.run();
