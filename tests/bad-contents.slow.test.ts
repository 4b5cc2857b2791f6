/**
 * Every kind of bad memory content, end to end: the guest that hands it over is stopped by the same trap, whoever reads it:
 * the host, an adapter in wasm by either code generator, an adapter in JavaScript; as a parameter and as a result, with
 * memories of both address types.
 *
 * The host and adapters have different words for what is out of bounds, and adapters none for realloc: the reference
 * tests want these texts, so a case has two codes where they differ.
 */
import { compile, type Engine, instantiate, Trap } from '@gangway/host';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assemble, type DynamicExports, engineWith } from './support/assemble.ts';

type Address = 'i32' | 'i64';

interface Case {
  readonly name: string;
  /** The type of the value, in the text format. */
  readonly type: string;
  readonly encoding?: 'utf8' | 'utf16' | 'latin1+utf16';
  /** Core values: `p` are addresses or lengths. Without them, the value stands in memory and is pointed to. */
  readonly values?: readonly { readonly type: 'p' | 'i32'; readonly code: string }[];
  /** Where the value stands when it is returned, or when it is not flat. */
  readonly pointer?: number;
  /** Bytes of the memory: at 512. */
  readonly data?: readonly number[];
  /** What the reader's realloc returns: an address. */
  readonly realloc?: number;
  /** Where the reader wants a result. */
  readonly resultArea?: number;
  /** The value in JavaScript, for what only the reader gets wrong. */
  readonly value?: unknown;
  /** What the host says, and what adapters say if it is something else. */
  readonly code: string;
  readonly adapters?: string;
  /** Only as a parameter or only as a result. */
  readonly only?: 'param' | 'result';
}

const PAGE = 65_536;
const at = (pointer: number, length: number): Exclude<Case['values'], undefined> => [
  { type: 'p', code: `(p.const ${pointer})` },
  { type: 'p', code: `(p.const ${length})` },
];
const ints = (...values: number[]): Exclude<Case['values'], undefined> =>
  values.map((n) => ({ type: 'i32', code: `(i32.const ${n})` }));

const many = `(tuple ${'u32 '.repeat(17)})`;
const listOutside = { code: 'list-out-of-bounds', adapters: 'list-content-out-of-bounds' };
const stringOutside = { code: 'string-out-of-bounds', adapters: 'string-content-out-of-bounds' };
const reallocUnaligned = { code: 'realloc-unaligned', adapters: 'unaligned-pointer' };

const cases: readonly Case[] = [
  { name: 'char: first surrogate', type: 'char', values: ints(0xd800), code: 'invalid-char' },
  { name: 'char: last surrogate', type: 'char', values: ints(0xdfff), code: 'invalid-char' },
  { name: 'char: too large', type: 'char', values: ints(0x110000), code: 'invalid-char' },
  {
    name: 'char in memory',
    type: '(list char)',
    values: at(512, 2),
    data: [65, 0, 0, 0, 0, 0, 0x11, 0],
    code: 'invalid-char',
  },
  { name: 'char in an option', type: '(option char)', values: ints(1, 0xd800), code: 'invalid-char' },
  { name: 'discriminant of an option', type: '(option char)', values: ints(2, 65), code: 'invalid-discriminant' },
  { name: 'discriminant of a result', type: '(result)', values: ints(2), code: 'invalid-discriminant' },
  { name: 'discriminant -1', type: '(result)', values: ints(-1), code: 'invalid-discriminant' },
  {
    name: 'discriminant in memory',
    type: '(list (result))',
    values: at(512, 3),
    data: [0, 1, 0xff],
    code: 'invalid-discriminant',
  },
  {
    name: 'discriminant of an element that is an option',
    type: '(list (option u16))',
    values: at(512, 1),
    data: [3, 0, 0, 0],
    code: 'invalid-discriminant',
  },

  { name: 'invalid UTF-8', type: 'string', values: at(512, 3), data: [65, 0xff, 66], code: 'invalid-utf8' },
  { name: 'overlong UTF-8', type: 'string', values: at(512, 2), data: [0xc0, 0x80], code: 'invalid-utf8' },
  { name: 'surrogate in UTF-8', type: 'string', values: at(512, 3), data: [0xed, 0xa0, 0x80], code: 'invalid-utf8' },
  { name: 'incomplete UTF-8, 1 of 2', type: 'string', values: at(512, 2), data: [65, 0xc3], code: 'incomplete-utf8' },
  { name: 'incomplete UTF-8, 2 of 3', type: 'string', values: at(512, 2), data: [0xe2, 0x98], code: 'incomplete-utf8' },
  {
    name: 'incomplete UTF-8, 3 of 4',
    type: 'string',
    values: at(512, 3),
    data: [0xf0, 0x9f, 0x8d],
    code: 'incomplete-utf8',
  },
  {
    name: 'UTF-16: high surrogate at the end',
    type: 'string',
    encoding: 'utf16',
    values: at(512, 2),
    data: [65, 0, 0, 0xd8],
    code: 'invalid-utf16',
  },
  {
    name: 'UTF-16: low surrogate alone',
    type: 'string',
    encoding: 'utf16',
    values: at(512, 2),
    data: [0, 0xdc, 65, 0],
    code: 'invalid-utf16',
  },
  {
    name: 'UTF-16: high surrogate before a letter',
    type: 'string',
    encoding: 'utf16',
    values: at(512, 2),
    data: [0, 0xd8, 65, 0],
    code: 'invalid-utf16',
  },
  { name: 'UTF-16: unaligned', type: 'string', encoding: 'utf16', values: at(513, 1), code: 'unaligned-pointer' },
  {
    name: 'latin1+utf16: unaligned',
    type: 'string',
    encoding: 'latin1+utf16',
    values: at(513, 1),
    code: 'unaligned-pointer',
  },
  { name: 'string: out of bounds', type: 'string', values: at(PAGE - 3, 4), ...stringOutside },
  { name: 'string: empty, out of bounds', type: 'string', values: at(PAGE + 1, 0), ...stringOutside },
  { name: 'string: pointer -1', type: 'string', values: at(-1, 1), ...stringOutside },
  { name: 'UTF-16: out of bounds', type: 'string', encoding: 'utf16', values: at(PAGE - 2, 2), ...stringOutside },
  { name: 'string: too long', type: 'string', values: at(0, 2 ** 28), code: 'string-too-long' },
  {
    name: 'string in memory: out of bounds',
    type: '(list (tuple u8 (option char)))',
    values: at(PAGE - 8, 1),
    ...listOutside,
  },

  { name: 'list: out of bounds', type: '(list u8)', values: at(PAGE - 3, 4), ...listOutside },
  { name: 'list: empty, out of bounds', type: '(list u32)', values: at(PAGE + 4, 0), ...listOutside },
  { name: 'list: pointer -4', type: '(list u32)', values: at(-4, 2), ...listOutside },
  { name: 'list: unaligned', type: '(list u32)', values: at(514, 1), code: 'unaligned-pointer' },
  { name: 'list: empty, unaligned', type: '(list u64)', values: at(516, 0), code: 'unaligned-pointer' },
  { name: 'list: too long', type: '(list u32)', values: at(0, 2 ** 26), code: 'list-too-long' },

  { name: 'no such handle', type: '(own $thing)', values: ints(7), code: 'unknown-handle' },
  { name: 'handle 0', type: '(own $thing)', values: ints(0), code: 'unknown-handle' },
  {
    name: 'handle of another type',
    type: '(own $thing)',
    values: [{ type: 'i32', code: '(call $new (i32.const 1))' }],
    code: 'wrong-handle-type',
  },
  { name: 'lent: no such handle', type: '(borrow $thing)', values: ints(7), code: 'unknown-handle', only: 'param' },
  {
    name: 'lent: handle of another type',
    type: '(borrow $thing)',
    values: [{ type: 'i32', code: '(call $new (i32.const 1))' }],
    code: 'wrong-handle-type',
    only: 'param',
  },
  {
    name: 'handle in memory',
    type: '(list (own $thing))',
    values: at(512, 1),
    data: [9, 0, 0, 0],
    code: 'unknown-handle',
  },

  { name: 'spilled value: unaligned', type: many, pointer: 514, code: 'unaligned-pointer' },
  { name: 'spilled value: out of bounds', type: many, pointer: PAGE - 64, code: 'pointer-out-of-bounds' },
  { name: 'spilled value: pointer -4', type: many, pointer: -4, code: 'pointer-out-of-bounds' },
  {
    name: 'returned pointer: unaligned',
    type: '(tuple u32 u32)',
    values: ints(1, 2),
    pointer: 514,
    only: 'result',
    code: 'unaligned-pointer',
  },
  {
    name: 'result area: unaligned',
    type: many,
    resultArea: 1026,
    value: new Array(17).fill(1),
    only: 'result',
    code: 'unaligned-pointer',
  },
  {
    name: 'result area: out of bounds',
    type: many,
    resultArea: PAGE - 64,
    value: new Array(17).fill(1),
    only: 'result',
    code: 'pointer-out-of-bounds',
  },

  { name: 'realloc: unaligned', type: '(list u32)', values: at(512, 1), realloc: 2, value: [1], ...reallocUnaligned },
  {
    name: 'realloc: nothing, unaligned',
    type: '(list u32)',
    values: at(512, 0),
    realloc: 2,
    value: [],
    ...reallocUnaligned,
  },
  {
    name: 'realloc: out of bounds',
    type: '(list u32)',
    values: at(512, 2),
    realloc: PAGE - 4,
    value: [1, 2],
    code: 'realloc-out-of-bounds',
    adapters: 'list-content-out-of-bounds',
  },
  {
    name: 'realloc: string out of bounds',
    type: 'string',
    values: at(512, 2),
    data: [65, 66],
    realloc: PAGE - 1,
    value: 'AB',
    code: 'realloc-out-of-bounds',
    adapters: 'string-content-out-of-bounds',
  },
  {
    name: 'realloc: UTF-16 unaligned',
    type: 'string',
    encoding: 'utf16',
    values: at(512, 1),
    data: [65, 0],
    realloc: 1025,
    value: 'A',
    ...reallocUnaligned,
  },
  {
    name: 'realloc of spilled parameters: unaligned',
    type: many,
    pointer: 512,
    realloc: 1026,
    value: new Array(17).fill(1),
    only: 'param',
    ...reallocUnaligned,
  },
  {
    name: 'realloc of spilled parameters: out of bounds',
    type: many,
    pointer: 512,
    realloc: PAGE - 64,
    value: new Array(17).fill(1),
    only: 'param',
    code: 'realloc-out-of-bounds',
    adapters: 'pointer-out-of-bounds',
  },
];

/** Both guests, the one that hands over (`$source`) and the one that reads (`$reader`), connected in all ways. */
function text(item: Case, address: Address): string {
  const values = item.values?.map(({ type, code }) => ({
    type: type === 'p' ? address : type,
    code: code.replace('p.const', `${address}.const`),
  }));
  const pointer = `(${address}.const ${item.pointer ?? 256})`;
  const params = values?.map(({ type }) => type) ?? [address];
  const isFlat = params.length === 1 && values !== undefined;
  const result = isFlat ? params[0] : address;
  let offset = 256;
  const stores = values?.map(({ type, code }) => {
    const line = `(${type}.store (i32.const ${offset}) ${code})`.replace('(i32.const', `(${address}.const`);
    offset += type === 'i64' ? 8 : 4;
    return line;
  });
  const data = (item.data ?? []).map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');
  const memory = `(memory (export "memory") ${address} 1)`;
  const four = `${address} ${address} ${address} ${address}`;
  const encoding = `string-encoding=${item.encoding ?? 'utf8'}`;
  const area = `(${address}.const ${item.resultArea ?? 1024})`;
  const takesBorrow = item.only === 'param' && item.type.startsWith('(borrow');
  const ifResult = (part: string): string => (takesBorrow ? '' : part);
  return `(component
  (import "thing" (type $thing (sub resource)))
  (import "host" (func $host (param "v" ${item.type})))
  ${ifResult(`(import "host-give" (func $host-give (result ${item.type})))`)}
  (component $source
    (import "thing" (type $thing (sub resource)))
    (import "sink" (func $sink (param "v" ${item.type})))
    (type $other (resource (rep i32)))
    (core func $new (canon resource.new $other))
    (core module $libc ${memory}
      (data (${address}.const 512) "${data}"))
    (core instance $libc (instantiate $libc))
    (core func $sink (canon lower (func $sink) ${encoding} (memory (core memory $libc "memory"))))
    (core module $m
      (import "libc" "memory" (memory ${address} 1))
      (import "" "sink" (func $sink (param ${params.join(' ')})))
      (import "" "new" (func $new (param i32) (result i32)))
      (func (export "go") (call $sink ${values?.map(({ code }) => code).join(' ') ?? pointer}))
      (func (export "give") (result ${result}) ${isFlat ? values[0]!.code : `${(stores ?? []).join(' ')} ${pointer}`}))
    (core instance $i (instantiate $m (with "libc" (instance $libc))
      (with "" (instance (export "sink" (func $sink)) (export "new" (func $new))))))
    (func (export "go") (canon lift (core func $i "go")))
    ${ifResult(`(func (export "give") (result ${item.type})
      (canon lift (core func $i "give") ${encoding} (memory (core memory $libc "memory"))))`)})
  (component $reader
    (import "thing" (type $thing (sub resource)))
    ${ifResult(`(import "give" (func $give (result ${item.type})))`)}
    (core module $libc ${memory}
      (func (export "realloc") (param ${four}) (result ${address}) (${address}.const ${item.realloc ?? 2048})))
    (core instance $libc (instantiate $libc))
    ${ifResult(`(core func $give (canon lower (func $give) ${encoding} (memory (core memory $libc "memory"))
      (realloc (core func $libc "realloc"))))`)}
    (core module $m
      ${ifResult(`(import "" "give" (func $give ${isFlat ? `(result ${result})` : `(param ${address})`}))
      (func (export "pull") ${isFlat ? '(drop (call $give))' : `(call $give ${area})`})`)}
      (func (export "take") (param ${params.join(' ')})))
    (core instance $i (instantiate $m ${ifResult('(with "" (instance (export "give" (func $give))))')}))
    ${ifResult('(func (export "pull") (canon lift (core func $i "pull")))')}
    (func (export "take") (param "v" ${item.type}) (canon lift (core func $i "take") ${encoding}
      (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))
  (instance $source1 (instantiate $source (with "thing" (type $thing)) (with "sink" (func $host))))
  (instance $reader1 (instantiate $reader (with "thing" (type $thing))
    ${ifResult('(with "give" (func $source1 "give"))')}))
  (instance $source2 (instantiate $source (with "thing" (type $thing)) (with "sink" (func $reader1 "take"))))
  ${ifResult(`(instance $reader2 (instantiate $reader (with "thing" (type $thing)) (with "give" (func $host-give))))
  (export "result-of-export" (func $source1 "give"))
  (export "result-of-import" (func $reader2 "pull"))
  (export "result-of-guest" (func $reader1 "pull"))`)}
  (export "param-of-import" (func $source1 "go"))
  (export "param-of-export" (func $reader1 "take"))
  (export "param-of-guest" (func $source2 "go")))`;
}

const engines: Readonly<Record<string, Engine>> = {
  'direct, generated': engineWith({ codegen: 'direct', multiMemory: 'auto', stringBuiltins: 'always' }),
  'binaryen, closures': engineWith({ codegen: 'binaryen', multiMemory: 'auto', evaluate: 'never' }),
  'in JavaScript': engineWith({ multiMemory: 'never', evaluate: 'never', lowering: 'spilled' }),
};

function trapOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof Trap ? error.code : String(error);
  }
  return 'no trap';
}

class Thing {}

for (const address of ['i32', 'i64'] as const) {
  for (const [name, engine] of Object.entries(engines)) {
    test(`${address}, ${name}`, async () => {
      const wrong: string[] = [];
      for (const item of cases) {
        const component = await compile(await assemble(text(item, address)), { engine });
        // What the reader gets wrong, it gets wrong with a good value of the host's too.
        const reads = item.realloc !== undefined || item.resultArea !== undefined;
        const paths = [
          ...(item.only === 'result' ? [] : [reads ? 'paramOfExport' : 'paramOfImport', 'paramOfGuest']),
          ...(item.only === 'param' ? [] : [reads ? 'resultOfImport' : 'resultOfExport', 'resultOfGuest']),
        ];
        for (const path of paths) {
          let called = 0;
          const { exports } = await instantiate<DynamicExports>(component, {
            thing: Thing,
            host: () => {
              called += 1;
            },
            'host-give': () => item.value,
          });
          const want = path.endsWith('Guest') ? (item.adapters ?? item.code) : item.code;
          const got = trapOf(() => exports[path]!(item.value));
          if (got !== want) wrong.push(`${item.name}, ${path}: ${got}, not ${want}`);
          if (called !== 0) wrong.push(`${item.name}, ${path}: the host was called`);
        }
      }
      assert.equal(wrong, []);
    });
  }
}

test.run();
