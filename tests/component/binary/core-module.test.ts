import { type CoreModuleInfo, readCoreModule } from '@gangway/component';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Bytes, flat, modulePreamble, section, text } from './assemble.ts';

function read(...sections: Bytes): CoreModuleInfo {
  const bytes = Uint8Array.from([0xaa, 0xbb, ...modulePreamble, ...flat(sections), 0xcc]);
  return readCoreModule(bytes, { start: 2, end: bytes.length - 1 });
}

async function readText(source: string): Promise<CoreModuleInfo> {
  const bytes = await text(source);
  const info = readCoreModule(bytes, { start: 0, end: bytes.length });
  // what is read must agree with what the engine says of the same module
  const module = new WebAssembly.Module(bytes);
  const kinds = (list: readonly { name: string; type: { kind: string } }[]): string[] =>
    list.map((item) => `${item.name} ${item.type.kind === 'func' ? 'function' : item.type.kind}`);
  assert.equal(
    kinds(info.imports),
    WebAssembly.Module.imports(module).map((i) => `${i.name} ${i.kind}`),
  );
  assert.equal(
    kinds(info.exports),
    WebAssembly.Module.exports(module).map((e) => `${e.name} ${e.kind}`),
  );
  return info;
}

test('imports and exports of every kind, with types', async () => {
  const info = await readText(`(module $named
    (import "a" "f" (func (param i32 f64) (result i64)))
    (import "a" "m" (memory 1 2)) (import "a" "t" (table 3 funcref)) (import "a" "g" (global (mut i32)))
    (tag $e (export "e") (param i32))
    (table (export "t2") 0 9 externref)
    (global (export "g2") f32 (f32.const 1.5)) (global (export "g3") (mut i64) (i64.const -9223372036854775808))
    (global funcref (ref.func $h)) (global v128 (v128.const i64x2 1 2)) (global i32 (i32.add (i32.const 1) (i32.const 2)))
    (func $h (export "h") (result i32 i32) (i32.const 1) (i32.const 2))
    (export "f2" (func 0)) (export "m2" (memory 0)))`);
  assert.is(info.problem, undefined);
  assert.is(info.name, 'named');
  assert.is(info.hasTags, true);
  assert.equal(info.imports.map((i) => [i.module, i.type])[0], [
    'a',
    { kind: 'func', type: { kind: 'func', params: ['i32', 'f64'], results: ['i64'] } },
  ]);
  const byName = new Map(info.exports.map((e) => [e.name, e.type]));
  assert.equal(byName.get('m2'), info.imports[1]?.type);
  assert.equal(byName.get('f2'), info.imports[0]?.type);
  assert.equal(byName.get('h'), { kind: 'func', type: { kind: 'func', params: [], results: ['i32', 'i32'] } });
  assert.equal(byName.get('g3'), { kind: 'global', type: 'i64', mutable: true });
  assert.equal(byName.get('t2'), {
    kind: 'table',
    element: { kind: 'ref', nullable: true, heap: 'extern' },
    limits: { min: 0n, max: 9n, shared: false, address: 'i32' },
  });
  assert.equal(byName.get('e'), { kind: 'tag', type: { kind: 'func', params: ['i32'], results: [] } });
});

test('reference types, garbage collected types and their constants', async () => {
  const info = await readText(`(module
    (rec (type $s (sub (struct (field i8) (field (mut (ref null $s)))))) (type $a (array (mut i32))))
    (type $f (func (param (ref $s))))
    (global (export "s") (ref null $s) (struct.new_default $s))
    (global (export "a") (ref $a) (array.new_fixed $a 2 (i32.const 1) (i32.const 2)))
    (global (export "i") (ref i31) (ref.i31 (i32.const 4)))
    (table (export "t") 1 (ref $f) (ref.func $g))
    (func $g (export "g") (type $f)))`);
  assert.is(info.problem, undefined);
  assert.is(info.types.length, 3);
  assert.equal(info.exports[0]?.type, {
    kind: 'global',
    type: { kind: 'ref', nullable: true, heap: 0 },
    mutable: false,
  });
  assert.equal(info.exports[4]?.type, {
    kind: 'func',
    type: { kind: 'func', params: [{ kind: 'ref', nullable: false, heap: 0 }], results: [] },
  });
});

test('64-bit and shared memories, 64-bit tables', async () => {
  const info = await readText(`(module
    (memory (export "m") i64 1 0x2_0000) (table (export "t") i64 1 funcref) (memory (export "n") 1 4 shared))`);
  assert.equal(
    info.exports.map((e) => ('limits' in e.type ? e.type.limits : undefined)),
    [
      { min: 1n, max: 0x2_0000n, shared: false, address: 'i64' },
      { min: 1n, shared: false, address: 'i64' },
      { min: 1n, max: 4n, shared: true, address: 'i32' },
    ],
  );
});

test('offsets are absolute', () => {
  const info = read(section(1, 1, 0x60, 0, 0), section(2, 1, 'a', 'b', 0, 0), section(7, 1, 'c', 0, 0));
  assert.equal([info.imports[0]?.offset, info.exports[0]?.offset], [19, 28]);
  assert.is(info.problem, undefined);
});

test('what cannot be read is a problem with an offset, not an error', () => {
  const cases: [Bytes, number, RegExp][] = [
    [[section(2, 1, 'a', 'b', 0, 7)], 13, /unknown core function type 7/],
    [[section(7, 1, 'a', 2, 3)], 13, /unknown core memory 3/],
    [[[1, 99, 0]], 12, /section of 99 bytes/],
    [[section(6, 1, 0x7f, 0, 0x99)], 15, /invalid leading byte \(0x99\) for constant expression/],
    [[section(6, 1, 0x7f, 0, 0x41, 0x80)], 17, /unexpected end-of-file/],
    [[section(5, 1, 0x77, 1)], 13, /malformed limits flags 0x77/],
  ];
  for (const [sections, offset, detail] of cases) {
    const info = read(...sections);
    assert.is(info.problem?.offset, offset, info.problem?.detail ?? 'no problem');
    assert.match(info.problem?.detail ?? '', detail);
  }
  // an unreadable section does not hide the others
  const info = read(section(1, 1, 0x60, 0, 0), section(6, 1, 0x01), section(3, 1, 0), section(7, 1, 'f', 0, 0));
  assert.is(info.exports.length, 1);
  assert.ok(info.problem);
  // nor is a custom section a problem
  assert.is(read(section(0, 9), section(0, 'name', 0, 9)).problem, undefined);
});

test('a large recursive group and many functions', () => {
  const many = 200_000;
  const size = [0xc0, 0x9a, 0x0c]; // 200000 as LEB128
  const types = new Array(many).fill([0x60, 0, 0]);
  const info = read(
    section(1, 1, 0x4e, size, types),
    section(3, size, new Array(many).fill(5)),
    section(7, 1, 'f', 0, 9),
  );
  assert.is(info.types.length, many);
  assert.is(info.problem, undefined);
});

test.run();
