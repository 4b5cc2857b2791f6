/**
 * The SHA-256 module: the inner loop of the hash (FIPS 180-4, 6.2.2) over blocks of 64 bytes. Like the strings module it depends
 * on no component: the code cache has its bytes as a constant (host/src/cache/sha256-module.ts, written by
 * `scripts/kept-modules.ts`).
 *
 * It imports a memory, whose layout is {@link sha256Layout}, and exports `blocks(at, end)`: the hash value goes on with the
 * blocks of the bytes from `at` to `end`. Beside it `sum(value, at, end)`, a checksum of words of 4 bytes for entries of the code
 * cache: each step is a bijection of `value`, so that one word that differs is always noticed. Ten thousand words take 10 µs here,
 * milliseconds in JavaScript that has just been loaded, and one or two by the hash.
 *
 * Why not the platform's: in Node, the first hash of node:crypto or web crypto takes 10 to 14 ms, for modules that are loaded.
 * This takes 1 ms for 5 KB, with everything; in JavaScript it would be 3.5 (7 KB of blocks run in the interpreter).
 */
import type { Expr, FunctionBuilder, Local } from './builder.ts';
import { type Codegen, createModule } from './create-module.ts';

/** Byte offsets: 64 constants, the 8 words of the hash value, the 64 of the message schedule, then blocks up to the end. */
export const sha256Layout = { constants: 0, hash: 256, schedule: 512, blocks: 768 } as const;

const LETTERS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;

export async function emitSha256(codegen?: Codegen): Promise<Uint8Array<ArrayBuffer>> {
  const memoryImport = { name: 'memory', module: 'host', base: 'memory', source: null };
  const module = await createModule({ name: 'sha256', memories: [memoryImport] }, codegen);
  const memory = module.memory('memory');
  const { constants, hash, schedule } = sha256Layout;
  const func = module.func(
    'blocks',
    [
      ['at', 'i32'],
      ['end', 'i32'],
    ],
    [],
    (f) => {
      const { i32 } = f;
      const [at, end] = f.params as [Local, Local];
      const i = f.local('i', 'i32');
      const word = f.local('word', 'i32');
      const sum = f.local('sum', 'i32');
      const other = f.local('other', 'i32');
      const letters = LETTERS.map((letter) => f.local(letter, 'i32'));
      const [a, b, c, , e, ff, g, h] = letters as [Local, Local, Local, Local, Local, Local, Local, Local];
      const add = (first: Expr, ...rest: Expr[]): Expr => rest.reduce((all, one) => i32.add(all, one), first);
      /** The words of the schedule and the constants are addressed by `i`, 4 for each. */
      const at4 = (base: number): Expr => i32.load(memory, f.get(i), base);
      /** `i` in steps of 4 from `from` to 256; `i` is 0 when the first such loop begins. */
      const words = (name: string, to: number, body: readonly Expr[]): Expr =>
        f.loop(name, (again) => [
          ...body,
          f.br_if(again, i32.ne(f.tee(i, i32.add(f.get(i), i32.const(4))), i32.const(to))),
        ]);
      return [
        f.block('done', (done) => [
          f.loop('block', (block) => [
            f.br_if(done, i32.eq(f.get(at), f.get(end))),
            f.set(i, i32.const(0)),
            // The sixteen words of the block, whose bytes stand the other way round.
            words('read', 64, [
              f.set(word, i32.load(memory, i32.add(f.get(at), f.get(i)))),
              i32.store(
                memory,
                f.get(i),
                i32.or(
                  i32.and(rotated(f, word, 8), i32.const(0xff00ff00 | 0)),
                  i32.and(rotated(f, word, 24), i32.const(0x00ff00ff)),
                ),
                schedule,
              ),
            ]),
            words('extend', 256, [
              f.set(word, at4(schedule - 15 * 4)),
              f.set(sum, xor(f, rotated(f, word, 7), rotated(f, word, 18), i32.shr_u(f.get(word), i32.const(3)))),
              f.set(word, at4(schedule - 2 * 4)),
              i32.store(
                memory,
                f.get(i),
                add(
                  at4(schedule - 16 * 4),
                  f.get(sum),
                  at4(schedule - 7 * 4),
                  xor(f, rotated(f, word, 17), rotated(f, word, 19), i32.shr_u(f.get(word), i32.const(10))),
                ),
                schedule,
              ),
            ]),
            f.set(i, i32.const(0)),
            ...letters.map((letter, n) => f.set(letter, i32.load(memory, i32.const(hash), n * 4))),
            words('round', 256, [
              f.set(
                sum,
                add(
                  f.get(h),
                  xor(f, rotated(f, e, 6), rotated(f, e, 11), rotated(f, e, 25)),
                  // Ch(e, f, g)
                  i32.xor(f.get(g), i32.and(f.get(e), i32.xor(f.get(ff), f.get(g)))),
                  at4(constants),
                  at4(schedule),
                ),
              ),
              f.set(
                other,
                add(
                  xor(f, rotated(f, a, 2), rotated(f, a, 13), rotated(f, a, 22)),
                  // Maj(a, b, c)
                  i32.or(i32.and(f.get(a), f.get(b)), i32.and(f.get(c), i32.or(f.get(a), f.get(b)))),
                ),
              ),
              ...letters
                .map((letter, n) => {
                  const before = n === 0 ? i32.add(f.get(sum), f.get(other)) : f.get(letters[n - 1]!);
                  return f.set(letter, letter === e ? i32.add(before, f.get(sum)) : before);
                })
                .reverse(),
            ]),
            ...letters.map((letter, n) =>
              i32.store(
                memory,
                i32.const(hash),
                i32.add(i32.load(memory, i32.const(hash), n * 4), f.get(letter)),
                n * 4,
              ),
            ),
            f.set(at, i32.add(f.get(at), i32.const(64))),
            f.br(block),
          ]),
        ]),
      ];
    },
  );
  module.exportFunc(func, 'blocks');
  const sum = module.func(
    'sum',
    [
      ['value', 'i32'],
      ['at', 'i32'],
      ['end', 'i32'],
    ],
    ['i32'],
    (f) => {
      const { i32 } = f;
      const [value, at, end] = f.params as [Local, Local, Local];
      return [
        f.block('done', (done) => [
          f.loop('word', (word) => [
            f.br_if(done, i32.eq(f.get(at), f.get(end))),
            f.set(value, i32.mul(i32.xor(f.get(value), i32.load(memory, f.get(at))), i32.const(0x9e3779b1 | 0))),
            f.set(value, i32.xor(f.get(value), i32.shr_u(f.get(value), i32.const(15)))),
            f.set(at, i32.add(f.get(at), i32.const(4))),
            f.br(word),
          ]),
        ]),
        f.get(value),
      ];
    },
  );
  module.exportFunc(sum, 'sum');
  return module.emit().bytes;
}

/** `local`, rotated right. */
function rotated(f: FunctionBuilder, local: Local, bits: number): Expr {
  const { i32 } = f;
  return i32.or(i32.shr_u(f.get(local), i32.const(bits)), i32.shl(f.get(local), i32.const(32 - bits)));
}

function xor({ i32 }: FunctionBuilder, a: Expr, b: Expr, c: Expr): Expr {
  return i32.xor(i32.xor(a, b), c);
}
