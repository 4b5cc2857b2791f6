/**
 * Values of every type from one side to the other, by closures that are made once an adapter: between two memories, and
 * between core values. In: the two plans of a type. Out: a function that moves one value. CanonicalABI.md#loading,
 * #storing, #flat-lifting, #flat-lowering.
 */
import type { AbiHandle, AbiPlan, AbiVariant, FlatType } from '@gangway/component/abi';
import { InternalError } from '../errors.ts';
import {
  addressOf,
  allocate,
  type Crossing,
  checkRange,
  fail,
  loadAddress,
  MAX_BYTE_LENGTH,
  storeAddress,
  takeLength,
  wordSize,
  wordsOf,
} from './crossing.ts';
import { crossHandle } from './handles.ts';
import { crossString } from './strings.ts';

export type CoreValue = number | bigint;
/** Moves a value from an address to an address. */
export type MemoryMove = (cx: Crossing, at: number, to: number) => void;
/** Moves a value from core values, from `first` on, to core values that are appended to `out`. */
export type FlatMove = (cx: Crossing, values: readonly CoreValue[], first: number, out: CoreValue[]) => void;

/** The moves of an adapter, one a type: types are graphs with shared parts. */
export class Moves {
  readonly #memory = new Map<AbiPlan, MemoryMove>();
  readonly #flat = new Map<AbiPlan, FlatMove>();

  memory(from: AbiPlan, to: AbiPlan): MemoryMove {
    return known(this.#memory, from, () => this.#makeMemory(from, to));
  }
  flat(from: AbiPlan, to: AbiPlan): FlatMove {
    return known(this.#flat, from, () => this.#makeFlat(from, to));
  }

  // --- memory to memory ----------------------------------------------------------------------------------------------

  #makeMemory(from: AbiPlan, to: AbiPlan): MemoryMove {
    if (from.bulk) return bulkMove(from.size);
    switch (from.kind) {
      case 'bool':
        return (cx, at, target) => {
          cx.to.memory.u8[target] = cx.from.memory.u8[at] === 0 ? 0 : 1;
        };
      case 'char':
        return (cx, at, target) => {
          cx.to.memory.u32[target / 4] = checkChar(cx, cx.from.memory.u32[at / 4] as number);
        };
      case 'flags': {
        const mask = flagsMask(from.names.length);
        const { size } = from;
        return (cx, at, target) => storeBits(cx.to.memory, size, target, loadBits(cx.from.memory, size, at) & mask);
      }
      case 'string':
        return (cx, at, target) => {
          const word = wordSize(cx.from);
          const pointer = loadAddress(cx.from, at);
          const { u32 } = cx.from.memory;
          const length = (at + word) / 4;
          const moved = crossString(cx, pointer, takeLength(cx, u32[length]!, word === 4 ? 0 : u32[length + 1]!));
          const newWord = wordSize(cx.to);
          storeAddress(cx.to, target, moved);
          storeAddress(cx.to, target + newWord, cx.length);
          if (cx.tagged) cx.to.memory.u8[target + 2 * newWord - 1]! |= 0x80;
        };
      case 'map':
      case 'list': {
        const element = elementOf(to);
        if (from.kind === 'list' && from.length !== null) {
          return this.#inlineElements(from.element, element, from.length);
        }
        const moveList = this.#list(from.element, element);
        return (cx, at, target) => {
          const pointer = loadAddress(cx.from, at);
          const length = loadAddress(cx.from, at + wordSize(cx.from));
          storeAddress(cx.to, target, moveList(cx, pointer, length));
          storeAddress(cx.to, target + wordSize(cx.to), length);
        };
      }
      case 'record':
      case 'tuple': {
        const fields = from.fields.map((field, i) => {
          const other = fieldOf(to, i);
          return { offset: field.offset, target: other.offset, move: this.memory(field.type, other.type) };
        });
        return (cx, at, target) => {
          for (const field of fields) field.move(cx, at + field.offset, target + field.target);
        };
      }
      case 'variant':
      case 'enum':
      case 'option':
      case 'result': {
        const other = variantOf(to);
        const payloads = from.cases.map(({ type }, i) =>
          type === null ? null : this.memory(type, payloadOf(other, i)),
        );
        return (cx, at, target) => {
          const index = loadBits(cx.from.memory, from.discriminantSize, at) >>> 0;
          if (index >= payloads.length) fail(cx, cx.from, 'invalid-discriminant');
          storeBits(cx.to.memory, other.discriminantSize, target, index);
          payloads[index]?.(cx, at + from.payloadOffset, target + other.payloadOffset);
        };
      }
      case 'own':
      case 'borrow': {
        const other = to as AbiHandle;
        return (cx, at, target) => {
          const moved = crossHandle(cx, from, other, cx.from.memory.u32[at / 4] as number);
          cx.to.memory.u32[target / 4] = moved;
        };
      }
      default:
        throw new InternalError(`a synchronous adapter cannot pass a ${from.kind}`);
    }
  }

  #inlineElements(from: AbiPlan, to: AbiPlan, length: number): MemoryMove {
    const move = this.memory(from, to);
    return (cx, at, target) => {
      for (let i = 0; i < length; i += 1) move(cx, at + i * from.size, target + i * to.size);
    };
  }

  /** `load_list_from_range`, `store_list_into_range`: the new pointer. */
  #list(from: AbiPlan, to: AbiPlan): (cx: Crossing, pointer: number, length: number) => number {
    const code = 'list-content-out-of-bounds';
    const limit = Math.floor(MAX_BYTE_LENGTH / from.size);
    const move = from.bulk ? null : this.memory(from, to);
    return (cx, pointer, length) => {
      if (length > limit) fail(cx, cx.from, 'list-too-long');
      checkRange(cx, cx.from, pointer, length * from.size, from.align, code);
      const target = allocate(cx, to.align, length * to.size, code);
      if (move === null) {
        cx.to.memory.u8.set(cx.from.memory.u8.subarray(pointer, pointer + length * from.size), target);
      } else {
        for (let i = 0; i < length; i += 1) move(cx, pointer + i * from.size, target + i * to.size);
      }
      return target;
    };
  }

  // --- core values to core values ------------------------------------------------------------------------------------

  #makeFlat(from: AbiPlan, to: AbiPlan): FlatMove {
    const scalar = flatScalar(from);
    if (scalar !== null) {
      return (cx, values, first, out) => {
        out.push(scalar(values[first]!, cx));
      };
    }
    switch (from.kind) {
      case 'string':
        return (cx, values, first, out) => {
          const { low, high } = wordsOf(values[first + 1]!);
          const pointer = crossString(cx, addressOf(values[first]!), takeLength(cx, low, high));
          out.push(coreAddress(cx, pointer), coreLength(cx));
        };
      case 'map':
      case 'list': {
        const element = elementOf(to);
        if (from.kind === 'list' && from.length !== null) {
          const { length } = from;
          const width = from.element.flat.length;
          const move = this.flat(from.element, element);
          return (cx, values, first, out) => {
            for (let i = 0; i < length; i += 1) move(cx, values, first + i * width, out);
          };
        }
        const moveList = this.#list(from.element, element);
        return (cx, values, first, out) => {
          const length = addressOf(values[first + 1]!);
          out.push(coreAddress(cx, moveList(cx, addressOf(values[first]!), length)), coreAddress(cx, length));
        };
      }
      case 'record':
      case 'tuple': {
        let offset = 0;
        const fields = from.fields.map(({ type }, i) => {
          const field = { offset, move: this.flat(type, fieldOf(to, i).type) };
          offset += type.flat.length;
          return field;
        });
        return (cx, values, first, out) => {
          for (const field of fields) field.move(cx, values, first + field.offset, out);
        };
      }
      case 'variant':
      case 'enum':
      case 'option':
      case 'result':
        return this.#flatVariant(from, variantOf(to));
      case 'own':
      case 'borrow': {
        const other = to as AbiHandle;
        return (cx, values, first, out) => {
          out.push(crossHandle(cx, from, other, (values[first] as number) >>> 0));
        };
      }
      default:
        throw new InternalError(`a synchronous adapter cannot pass a ${from.kind}`);
    }
  }

  #flatVariant(from: AbiVariant, to: AbiVariant): FlatMove {
    const cases = from.cases.map(({ type }, i) => {
      if (type === null) return null;
      const other = payloadOf(to, i);
      return { move: this.flat(type, other), have: type.flat, give: other.flat };
    });
    const slots = from.flat.slice(1);
    const joined = to.flat.slice(1);
    return (cx, values, first, out) => {
      const index = (values[first] as number) >>> 0;
      if (index >= cases.length) fail(cx, cx.from, 'invalid-discriminant');
      out.push(index);
      const payload = cases[index];
      const moved: CoreValue[] = [];
      if (payload !== null && payload !== undefined) {
        const own = payload.have.map((want, i) => split(values[first + 1 + i]!, slots[i]!, want));
        payload.move(cx, own, 0, moved);
      }
      joined.forEach((want, i) => {
        const value = moved[i];
        if (value === undefined) out.push(want === 'i64' ? 0n : 0);
        else out.push(join(value, payload!.give[i]!, want));
      });
    };
  }
}

function known<T>(map: Map<AbiPlan, T>, plan: AbiPlan, make: () => T): T {
  let move = map.get(plan);
  if (move === undefined) {
    move = make();
    map.set(plan, move);
  }
  return move;
}

// --- scalars ---------------------------------------------------------------------------------------------------------

/** Bytes of which every pattern is valid. Both addresses are aligned, so a small value is one element of a view. */
function bulkMove(size: number): MemoryMove {
  if (size === 1) {
    return (cx, at, to) => {
      cx.to.memory.u8[to] = cx.from.memory.u8[at] as number;
    };
  }
  return (cx, at, to) => {
    const { u8 } = cx.from.memory;
    const target = cx.to.memory.u8;
    if (size > 32) target.set(u8.subarray(at, at + size), to);
    else for (let i = 0; i < size; i += 1) target[to + i] = u8[at + i] as number;
  };
}

function flatScalar(plan: AbiPlan): ((value: CoreValue, cx: Crossing) => CoreValue) | null {
  switch (plan.kind) {
    case 'bool':
      return (value) => (value === 0 ? 0 : 1);
    case 'u8':
      return (value) => (value as number) & 0xff;
    case 's8':
      return (value) => ((value as number) << 24) >> 24;
    case 'u16':
      return (value) => (value as number) & 0xffff;
    case 's16':
      return (value) => ((value as number) << 16) >> 16;
    case 'flags': {
      const mask = flagsMask(plan.names.length);
      return (value) => (value as number) & mask;
    }
    case 'char':
      return (value, cx) => checkChar(cx, (value as number) >>> 0);
    case 's32':
    case 'u32':
    case 's64':
    case 'u64':
    case 'f32':
    case 'f64':
      return (value) => value;
    default:
      return null;
  }
}

function checkChar(cx: Crossing, code: number): number {
  if (code >= 0x110000 || (code >= 0xd800 && code < 0xe000)) fail(cx, cx.from, 'invalid-char');
  return code;
}

function flagsMask(count: number): number {
  return count === 32 ? -1 : 2 ** count - 1;
}

interface Bytes {
  readonly u8: Uint8Array;
  readonly u16: Uint16Array;
  readonly u32: Uint32Array;
}

/** 1, 2 or 4 bytes. */
function loadBits(memory: Bytes, size: number, at: number): number {
  return (size === 1 ? memory.u8[at] : size === 2 ? memory.u16[at / 2] : memory.u32[at / 4]) as number;
}
function storeBits(memory: Bytes, size: number, at: number, bits: number): void {
  if (size === 1) memory.u8[at] = bits;
  else if (size === 2) memory.u16[at / 2] = bits;
  else memory.u32[at / 4] = bits;
}

// --- lengths ---------------------------------------------------------------------------------------------------------

function coreAddress(cx: Crossing, value: number): CoreValue {
  return cx.to.address === 'i32' ? value : BigInt(value);
}
function coreLength(cx: Crossing): CoreValue {
  if (cx.to.address === 'i32') return cx.tagged ? cx.length + 2 ** 31 : cx.length;
  return BigInt(cx.length) | (cx.tagged ? 1n << 63n : 0n);
}

// --- joined slots ----------------------------------------------------------------------------------------------------

const scratch = new DataView(new ArrayBuffer(8));

/** A slot of a variant's joined type as the type of one case. */
function split(value: CoreValue, have: FlatType, want: FlatType): CoreValue {
  if (have === want) return value;
  if (have === 'i32') scratch.setInt32(0, value as number, true);
  else scratch.setBigInt64(0, value as bigint, true);
  if (want === 'f32') return scratch.getFloat32(0, true);
  if (want === 'f64') return scratch.getFloat64(0, true);
  return scratch.getInt32(0, true);
}

/** The other way round. */
function join(value: CoreValue, have: FlatType, want: FlatType): CoreValue {
  if (have === want) return value;
  if (have === 'f64') {
    scratch.setFloat64(0, value as number, true);
    return scratch.getBigInt64(0, true);
  }
  if (have === 'f32') scratch.setFloat32(0, value as number, true);
  else scratch.setInt32(0, value as number, true);
  return want === 'i32' ? scratch.getInt32(0, true) : BigInt(scratch.getUint32(0, true));
}

// --- the other side's plan -------------------------------------------------------------------------------------------

function elementOf(plan: AbiPlan): AbiPlan {
  if ('element' in plan && plan.element !== null) return plan.element;
  throw disagreement();
}
function fieldOf(plan: AbiPlan, index: number): { readonly offset: number; readonly type: AbiPlan } {
  const field = 'fields' in plan ? plan.fields[index] : undefined;
  if (field === undefined) throw disagreement();
  return field;
}
function variantOf(plan: AbiPlan): AbiVariant {
  if ('cases' in plan) return plan;
  throw disagreement();
}
function payloadOf(plan: AbiVariant, index: number): AbiPlan {
  const type = plan.cases[index]?.type;
  if (type === null || type === undefined) throw disagreement();
  return type;
}
function disagreement(): InternalError {
  return new InternalError('the two sides of an adapter disagree on a type');
}
