/** The two guests' memories: whose is whose, and copies between them. */
import { InternalError } from '@gangway/component/errors';
import type { Expr, FunctionBuilder, Local, Memory } from '../builder.ts';
import type { AdapterSide } from './side.ts';

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

/** Copies between two memories; `size` (bytes) is an i32, whatever the address types are. */
export function copyBytes(f: FunctionBuilder, to: Memory, target: Expr, from: Memory, source: Expr, size: Expr): Expr {
  const wide = to.address === 'i64' && from.address === 'i64';
  return f.memory_copy(to, target, from, source, wide ? f.i64.extend_i32_u(size) : size);
}
