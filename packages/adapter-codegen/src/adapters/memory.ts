/** The two guests' memories: whose is whose, and copies between them. */
import { InternalError } from '@gangway/component/errors';
import type { Expr, Func, FunctionBuilder, Local, Memory } from '../builder.ts';
import type { AdapterSide, Crossing } from './side.ts';

/** The memory of a side whose types need one. */
export function memoryOf(side: AdapterSide): Memory {
  if (side.memory === null) throw new InternalError(`the ${side.role} of an adapter has no memory`);
  return side.memory;
}

/** A place in a guest's memory: a variable with an address, and a byte offset from it. */
export interface Place {
  readonly memory: Memory;
  readonly base: Local;
  readonly offset: number;
}

/** `place.base + place.offset`. */
export function addressOf(f: FunctionBuilder, place: Place): Expr {
  const ops = f.int(place.memory.address);
  return place.offset === 0 ? f.get(place.base) : ops.add(f.get(place.base), ops.const(place.offset));
}

/** Up to this many bytes are copied by loads and stores: `memory.copy` is a call into the engine, which costs more. */
const SHORT_COPY = 64;
/** Bytes of a vector. */
const VECTOR = 16;

/** Copies from the lifting side's memory to the lowering side's; `size` (bytes) is an i32, whatever the addresses are. */
export function copyBytes(f: FunctionBuilder, cx: Crossing, target: Expr, source: Expr, size: Expr): Expr {
  return f.call(copyFunc(cx), [target, source, size]);
}

/** `(target, source, size: i32)`. Short copies are two loads and stores from either end, which may overlap. */
function copyFunc(cx: Crossing): Func {
  const from = memoryOf(cx.from);
  const to = memoryOf(cx.to);
  return cx.module.outlined(`copy ${from.name} ${to.name}`, () =>
    cx.module.func(
      `${cx.from.role}.copy`,
      [
        ['target', to.address],
        ['source', from.address],
        ['size', 'i32'],
      ],
      [],
      (f) => {
        const { i32, i64, v128 } = f;
        const [target, source, size] = f.params as [Local, Local, Local];
        /** `param + size - back`. */
        const fromEnd = (param: Local, back: number): Expr => {
          const ops = f.int(param.type === 'i64' ? 'i64' : 'i32');
          return ops.add(f.get(param), ops.fromU32(i32.sub(f.get(size), i32.const(back))));
        };
        const atLeast = (bytes: number): Expr => i32.ge_u(f.get(size), i32.const(bytes));
        const move = (ops: typeof i32 | typeof i64 | typeof v128, width: number): Expr[] => [
          ops.store(to, f.get(target), ops.load(from, f.get(source), 0, 1), 0, 1),
          ops.store(to, fromEnd(target, width), ops.load(from, fromEnd(source, width), 0, 1), 0, 1),
        ];
        const moveBytes = (at: (param: Local) => Expr): Expr =>
          i32.store8(to, at(target), i32.load8_u(from, at(source)));
        const whole = from.address === 'i64' && to.address === 'i64' ? i64.extend_i32_u(f.get(size)) : f.get(size);
        return [
          f.if(i32.gt_u(f.get(size), i32.const(SHORT_COPY)), [
            f.memory_copy(to, f.get(target), from, f.get(source), whole),
            f.return(),
          ]),
          f.if(atLeast(VECTOR), [
            ...move(v128, VECTOR),
            f.if(i32.gt_u(f.get(size), i32.const(2 * VECTOR)), [
              v128.store(to, f.get(target), v128.load(from, f.get(source), VECTOR, 1), VECTOR, 1),
              v128.store(to, fromEnd(target, 2 * VECTOR), v128.load(from, fromEnd(source, 2 * VECTOR), 0, 1), 0, 1),
            ]),
            f.return(),
          ]),
          f.if(atLeast(8), [...move(i64, 8), f.return()]),
          f.if(atLeast(4), [...move(i32, 4), f.return()]),
          f.if(f.get(size), [
            moveBytes((param) => f.get(param)),
            moveBytes((param) => fromEnd(param, 1)),
            f.if(i32.eq(f.get(size), i32.const(3)), [moveBytes((param) => fromEnd(param, 2))]),
          ]),
        ];
      },
    ),
  );
}
