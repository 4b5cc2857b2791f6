/**
 * The strings module: short strings between JavaScript and a guest's memory by the engine's js-string builtins, in UTF-8.
 * It depends on no component: the host has its bytes as a constant (host/src/abi/strings-module.ts, written by
 * `scripts/kept-modules.ts`) and instantiates it for a guest's memory and realloc once that guest uses strings often.
 *
 * Exports, `n` being at most {@link LONGEST} code units or bytes, which the caller sees to:
 * - `store(text) → f64`: allocates exactly what the text takes, encodes it there; address + 2^32 × bytes, or -1 when what
 *   realloc returned is out of bounds. Unpaired surrogates become U+FFFD. CanonicalABI.md#storing: `store_string_copy`.
 * - `load(address, n) → externref`: the text, or null when the range is out of bounds or not UTF-8: JavaScript says what
 *   is wrong with it. CanonicalABI.md#loading: `load_string_from_range`.
 *
 * Code units pass through an array of the engine's garbage collector: `intoCharCodeArray` and `fromCharCodeArray` are one
 * call a string. Measured on V8 14.6 for 16 ASCII characters: store 60 ns (a loop in JavaScript: 110; the same module with
 * `charCodeAt` for each unit: 90), load 55 ns (`fromCharCode` of 16 arguments: 60, of a loop 240; TextDecoder 250). Two
 * results instead of the pair packed into an f64 would go through an iterator.
 */
import type {
  Expr,
  Func,
  FunctionBuilder,
  Global,
  Label,
  Local,
  Memory,
  ModuleBuilder,
  ModuleSpec,
} from './builder.ts';
import { type Codegen, createModule } from './create-module.ts';

/** Code units or bytes that one call handles: the length of the array. */
const LONGEST = 256;

/** The module that guest's memory and realloc are imported from. */
const GUEST = 'guest';

const spec: ModuleSpec = {
  name: 'strings',
  memories: [{ name: 'memory', module: GUEST, base: 'memory', source: null }],
  arrays: [{ name: 'units', length: LONGEST }],
};

export async function emitStrings(codegen?: Codegen): Promise<Uint8Array<ArrayBuffer>> {
  const module = await createModule(spec, codegen);
  const parts: Parts = { module, memory: module.memory('memory'), array: module.array('units') };
  module.exportFunc(store(parts), 'store');
  module.exportFunc(load(parts), 'load');
  return module.emit().bytes;
}

interface Parts {
  readonly module: ModuleBuilder;
  readonly memory: Memory;
  readonly array: Global;
}

// --- pieces ----------------------------------------------------------------------------------------------------------

const REPLACEMENT = 0xfffd;

/** `local += n`. */
function advance(f: FunctionBuilder, local: Local, n: number): Expr {
  return f.set(local, f.i32.add(f.get(local), f.i32.const(n)));
}

/** `(value >> shift) & mask`, without what is not needed. */
function bits(f: FunctionBuilder, value: Expr, shift: number, mask?: number): Expr {
  const shifted = shift === 0 ? value : f.i32.shr_u(value, f.i32.const(shift));
  return mask === undefined ? shifted : f.i32.and(shifted, f.i32.const(mask));
}

/** `(value & mask) == pattern` */
function matches(f: FunctionBuilder, value: Expr, mask: number, pattern: number): Expr {
  return f.i32.eq(f.i32.and(value, f.i32.const(mask)), f.i32.const(pattern));
}

function any(f: FunctionBuilder, [first, ...rest]: readonly Expr[]): Expr {
  return rest.reduce((all, next) => f.i32.or(all, next), first!);
}

/** A loop over `local` in steps of `step` until it is `end`. */
function steps(
  f: FunctionBuilder,
  local: Local,
  end: Local,
  step: number,
  body: (out: Label) => readonly Expr[],
): Expr {
  return f.block('end', (out) => [
    f.loop('next', (next) => [
      f.br_if(out, f.i32.eq(f.get(local), f.get(end))),
      ...body(out),
      advance(f, local, step),
      f.br(next),
    ]),
  ]);
}

/** Whether `size` bytes at `address` are not in the memory. Sums are 64 bits wide: both may be near 2^32. */
function outOfBounds(f: FunctionBuilder, { memory }: Parts, address: Local, size: Local): Expr {
  const { i64 } = f;
  return i64.gt_u(
    i64.add(i64.extend_i32_u(f.get(address)), i64.extend_i32_u(f.get(size))),
    i64.shl(i64.extend_i32_u(f.memory_size(memory)), i64.const(16)),
  );
}

// --- storing ---------------------------------------------------------------------------------------------------------

function store(parts: Parts): Func {
  const { module, memory, array } = parts;
  const into = module.importFunc(
    { name: 'intoCharCodeArray', module: 'wasm:js-string', base: 'intoCharCodeArray', source: null },
    { params: ['externref', 'units', 'i32'], results: ['i32'] },
  );
  const realloc = module.importFunc(
    { name: 'realloc', module: GUEST, base: 'realloc', source: null },
    { params: ['i32', 'i32', 'i32', 'i32'], results: ['i32'] },
  );
  return module.func('store', [['text', 'externref']], ['f64'], (f) => {
    const { i32, f64 } = f;
    const [text] = f.params as [Local];
    const units = f.local('units', 'units');
    const n = f.local('n', 'i32');
    /** `n` less its remainder by 4. */
    const fours = f.local('fours', 'i32');
    const i = f.local('i', 'i32');
    /** All units together: below 0x80 when each of them is. */
    const all = f.local('all', 'i32');
    const size = f.local('size', 'i32');
    const address = f.local('address', 'i32');
    const at = f.local('at', 'i32');
    const unit = f.local('unit', 'i32');
    const low = f.local('low', 'i32');
    const unitAt = (offset: number): Expr =>
      f.array_get_u(f.get(units), offset === 0 ? f.get(i) : i32.add(f.get(i), i32.const(offset)));
    const byte = (value: Expr, offset: number): Expr => i32.store8(memory, f.get(at), value, offset);
    /** A byte after the first: six bits. */
    const following = (shift: number, offset: number): Expr =>
      byte(i32.or(i32.const(0x80), bits(f, f.get(unit), shift, 0x3f)), offset);
    const surrogate = (): Expr => matches(f, f.get(unit), 0xf800, 0xd800);
    /** Whether the unit (whose successor `i` points to) is the first of a pair; `low` is then the second. */
    const paired = (then: readonly Expr[]): Expr =>
      f.if(i32.lt_u(f.get(unit), i32.const(0xdc00)), [
        f.if(i32.lt_u(f.get(i), f.get(n)), [
          f.set(low, unitAt(0)),
          f.if(matches(f, f.get(low), 0xfc00, 0xdc00), [...then]),
        ]),
      ]);
    return [
      f.set(units, f.global(array)),
      f.set(n, f.call(into, [f.get(text), f.get(units), i32.const(0)])),
      f.set(size, f.get(n)),
      f.set(fours, i32.and(f.get(n), i32.const(-4))),
      steps(f, i, fours, 4, () => [f.set(all, any(f, [f.get(all), ...[0, 1, 2, 3].map(unitAt)]))]),
      steps(f, i, n, 1, () => [f.set(all, i32.or(f.get(all), unitAt(0)))]),

      f.if(i32.ge_u(f.get(all), i32.const(0x80)), [
        // Not ASCII: one byte more for each unit from U+0080, another one from U+0800, two less for a pair's second.
        f.set(i, i32.const(0)),
        f.block('measured', (out) => [
          f.loop('next', (next) => [
            f.br_if(out, i32.ge_u(f.get(i), f.get(n))),
            f.set(unit, unitAt(0)),
            advance(f, i, 1),
            f.br_if(next, i32.lt_u(f.get(unit), i32.const(0x80))),
            advance(f, size, 1),
            f.br_if(next, i32.lt_u(f.get(unit), i32.const(0x800))),
            advance(f, size, 1),
            f.br_if(next, i32.eqz(surrogate())),
            // Four bytes for two units: the first has added two, as the unit of its own that it may be.
            paired([advance(f, i, 1)]),
            f.br(next),
          ]),
        ]),
      ]),

      f.set(address, f.call(realloc, [i32.const(0), i32.const(0), i32.const(1), f.get(size)])),
      f.if(outOfBounds(f, parts, address, size), [f.return(f64.const(-1))]),
      f.set(i, i32.const(0)),
      f.set(at, f.get(address)),
      f.if(
        i32.lt_u(f.get(all), i32.const(0x80)),
        [
          steps(f, i, fours, 4, () => [
            i32.store(
              memory,
              f.get(at),
              any(
                f,
                [0, 1, 2, 3].map((k) => (k === 0 ? unitAt(0) : i32.shl(unitAt(k), i32.const(8 * k)))),
              ),
              0,
              1,
            ),
            advance(f, at, 4),
          ]),
          steps(f, i, n, 1, () => [byte(unitAt(0), 0), advance(f, at, 1)]),
        ],
        [
          f.block('written', (out) => [
            f.loop('next', (next) => [
              f.br_if(out, i32.ge_u(f.get(i), f.get(n))),
              f.set(unit, unitAt(0)),
              advance(f, i, 1),
              f.if(i32.lt_u(f.get(unit), i32.const(0x80)), [byte(f.get(unit), 0), advance(f, at, 1), f.br(next)]),
              f.if(i32.lt_u(f.get(unit), i32.const(0x800)), [
                byte(i32.or(i32.const(0xc0), bits(f, f.get(unit), 6)), 0),
                following(0, 1),
                advance(f, at, 2),
                f.br(next),
              ]),
              f.if(surrogate(), [
                paired([
                  advance(f, i, 1),
                  // 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00)
                  f.set(
                    unit,
                    i32.add(
                      i32.shl(f.get(unit), i32.const(10)),
                      i32.add(f.get(low), i32.const(0x10000 - (0xd800 << 10) - 0xdc00)),
                    ),
                  ),
                  byte(i32.or(i32.const(0xf0), bits(f, f.get(unit), 18)), 0),
                  following(12, 1),
                  following(6, 2),
                  following(0, 3),
                  advance(f, at, 4),
                  f.br(next),
                ]),
                f.set(unit, i32.const(REPLACEMENT)),
              ]),
              byte(i32.or(i32.const(0xe0), bits(f, f.get(unit), 12)), 0),
              following(6, 1),
              following(0, 2),
              advance(f, at, 3),
              f.br(next),
            ]),
          ]),
        ],
      ),
      f64.add(f64.convert_i32_u(f.get(address)), f64.mul(f64.convert_i32_u(f.get(size)), f64.const(2 ** 32))),
    ];
  });
}

// --- loading ---------------------------------------------------------------------------------------------------------

function load(parts: Parts): Func {
  const { module, memory, array } = parts;
  const from = module.importFunc(
    { name: 'fromCharCodeArray', module: 'wasm:js-string', base: 'fromCharCodeArray', source: null },
    { params: ['units', 'i32', 'i32'], results: ['extern'] },
  );
  return module.func(
    'load',
    [
      ['address', 'i32'],
      ['n', 'i32'],
    ],
    ['externref'],
    (f) => {
      const { i32 } = f;
      const [at, n] = f.params as [Local, Local];
      const units = f.local('units', 'units');
      const end = f.local('end', 'i32');
      /** Units so far. */
      const i = f.local('i', 'i32');
      const fours = f.local('fours', 'i32');
      const four = f.local('four', 'i32');
      const point = f.local('point', 'i32');
      /** The bytes after the first, the first of them lowest, without the 0x80 that each must have. */
      const rest = f.local('rest', 'i32');
      const fail = (): Expr => f.return(f.null_extern());
      const put = (offset: number, value: Expr): Expr =>
        f.array_set(f.get(units), offset === 0 ? f.get(i) : i32.add(f.get(i), i32.const(offset)), value);
      const byte = (offset = 0): Expr => i32.load8_u(memory, f.get(at), offset);
      const missing = (count: number): Expr => i32.lt_u(i32.sub(f.get(end), f.get(at)), i32.const(count));
      const two = (): Expr => i32.load16_u(memory, f.get(at), 0, 1);
      /** The six bits of byte `k` of the rest, moved to `position`. */
      const six = (k: number, position: number): Expr => {
        const shift = 8 * k - position;
        const moved = shift >= 0 ? bits(f, f.get(rest), shift) : i32.shl(f.get(rest), i32.const(-shift));
        return i32.and(moved, i32.const(0x3f << position));
      };
      /** A sequence of `length` bytes whose first one is in `point`. */
      const sequence = (length: 2 | 3 | 4, bytes: Expr, ill: readonly Expr[]): Expr[] => {
        const count = length - 1;
        const marks = count === 1 ? 0x80 : count === 2 ? 0x8080 : 0x808080;
        const lead = i32.shl(i32.and(f.get(point), i32.const(0x3f >> count)), i32.const(6 * count));
        return [
          f.if(missing(count), [fail()]),
          f.set(rest, i32.xor(bytes, i32.const(marks))),
          f.if(i32.and(f.get(rest), i32.const(marks | (marks >> 1))), [fail()]),
          f.set(point, any(f, [lead, ...Array.from({ length: count }, (_, k) => six(k, 6 * (count - 1 - k)))])),
          ...(ill.length > 0 ? [f.if(any(f, ill), [fail()])] : []),
          advance(f, at, count),
        ];
      };
      return [
        f.if(outOfBounds(f, parts, at, n), [fail()]),
        f.set(units, f.global(array)),
        f.set(end, i32.add(f.get(at), f.get(n))),
        f.set(fours, i32.and(f.get(n), i32.const(-4))),
        steps(f, i, fours, 4, (out) => [
          f.set(four, i32.load(memory, f.get(at), 0, 1)),
          f.br_if(out, i32.and(f.get(four), i32.const(0x80808080))),
          ...[0, 1, 2, 3].map((k) => put(k, bits(f, f.get(four), 8 * k, k === 3 ? undefined : 0x7f))),
          advance(f, at, 4),
        ]),
        f.block('decoded', (out) => [
          f.loop('next', (next) => [
            f.br_if(out, i32.eq(f.get(at), f.get(end))),
            f.set(point, byte()),
            advance(f, at, 1),
            f.if(i32.ge_u(f.get(point), i32.const(0x80)), [
              f.if(
                i32.lt_u(f.get(point), i32.const(0xe0)),
                // A first byte below 0xc2 would be a following one, or begin an overlong sequence.
                [f.if(i32.lt_u(f.get(point), i32.const(0xc2)), [fail()]), ...sequence(2, byte(), [])],
                [
                  f.if(
                    i32.lt_u(f.get(point), i32.const(0xf0)),
                    sequence(3, two(), [
                      i32.lt_u(f.get(point), i32.const(0x800)),
                      matches(f, f.get(point), 0xf800, 0xd800),
                    ]),
                    [
                      f.if(i32.gt_u(f.get(point), i32.const(0xf4)), [fail()]),
                      ...sequence(4, i32.or(two(), i32.shl(byte(2), i32.const(16))), [
                        i32.ge_u(i32.sub(f.get(point), i32.const(0x10000)), i32.const(0x100000)),
                      ]),
                      put(0, i32.add(bits(f, f.get(point), 10), i32.const(0xd800 - (0x10000 >> 10)))),
                      advance(f, i, 1),
                      f.set(point, i32.or(i32.const(0xdc00), bits(f, f.get(point), 0, 0x3ff))),
                    ],
                  ),
                ],
              ),
            ]),
            put(0, f.get(point)),
            advance(f, i, 1),
            f.br(next),
          ]),
        ]),
        f.call(from, [f.get(units), i32.const(0), f.get(i)]),
      ];
    },
  );
}
