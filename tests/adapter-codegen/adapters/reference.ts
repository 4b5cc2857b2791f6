/**
 * The canonical ABI of one guest, slow and plain, over `AbiPlan`s: what a guest would do to write its arguments and to
 * read what it is given. Written after definitions.py (`lower_flat`, `store`, `lift_flat`, `load`), for valid values
 * only; it shares nothing with the emitted code but the plans.
 *
 * Values: numbers and bigints, strings, arrays (lists, records, tuples), `{ index, value }` (variants), numbers (flags).
 */
import type { AbiPlan, FlatType, FuncAbi } from '../../../packages/component/src/abi/index.ts';
import type { CoreValue, Guest } from './fused.ts';

export type Value = number | bigint | string | Value[] | { readonly index: number; readonly value: Value | null };
export type Encoding = 'utf8' | 'utf16' | 'latin1+utf16';

/** A guest's memory, its string encoding, and where its junk comes from. */
export class Abi {
  readonly guest: Guest;
  readonly encoding: Encoding;
  /** Bits for where any bits are allowed: excess bits of small integers, padding. */
  readonly junk: () => number;

  constructor(guest: Guest, encoding: Encoding, junk: () => number = () => 0) {
    this.guest = guest;
    this.encoding = encoding;
    this.junk = junk;
  }

  // --- writing -------------------------------------------------------------------------------------------------------

  /** The core arguments for a caller (`values` are the parameters) or the core result of a callee. */
  lowerParams(abi: FuncAbi, values: readonly Value[]): CoreValue[] {
    if (abi.spilledParams !== null) return [this.guest.core(this.allocate(abi.spilledParams, [...values]))];
    return abi.params.flatMap(({ type }, i) => this.lower(type, values[i]!));
  }
  lowerResult(abi: FuncAbi, value: Value): CoreValue {
    if (abi.spilledResult) return this.guest.core(this.allocate(abi.result!, value));
    return this.lower(abi.result!, value)[0]!;
  }

  allocate(plan: AbiPlan, value: Value): number {
    const pointer = this.guest.reserve(plan.size, plan.align);
    for (let i = 0; i < plan.size; i += 1) this.guest.bytes[pointer + i] = this.junk();
    this.store(plan, value, pointer);
    return pointer;
  }

  lower(plan: AbiPlan, value: Value): CoreValue[] {
    const { junk } = this;
    switch (plan.kind) {
      case 'bool':
        return [value === 0 ? 0 : junk() | 1 | (junk() << 8)];
      case 'u8':
      case 's8':
        return [((value as number) & 0xff) | (junk() << 8)];
      case 'u16':
      case 's16':
        return [((value as number) & 0xffff) | (junk() << 16)];
      case 'flags': {
        const count = plan.names.length;
        const known = count === 32 ? 0xffff_ffff : 2 ** count - 1;
        return [((value as number) & known) | (junk() & ~known)];
      }
      case 'string':
      case 'map':
        return this.pair(plan, value);
      case 'list':
        if (plan.length === null) return this.pair(plan, value);
        return (value as Value[]).flatMap((element) => this.lower(plan.element, element));
      case 'record':
      case 'tuple':
        return plan.fields.flatMap(({ type }, i) => this.lower(type, (value as Value[])[i]!));
      case 'variant':
      case 'enum':
      case 'option':
      case 'result': {
        const { index, value: payload } = value as { index: number; value: Value | null };
        const type = plan.cases[index]!.type;
        const values = type === null ? [] : this.lower(type, payload!);
        const slots = plan.flat.slice(1).map((want, i) => {
          if (i >= values.length) return want === 'i64' ? BigInt(this.junk()) : this.junk();
          return joined(values[i]!, type!.flat[i]!, want, this.junk);
        });
        return [index, ...slots];
      }
      default:
        return [value as CoreValue];
    }
  }

  pair(plan: AbiPlan, value: Value): CoreValue[] {
    const at = this.guest.reserve(plan.size, plan.align);
    this.store(plan, value, at);
    const tagged = this.rawWord(at + this.guest.wordSize);
    return [this.guest.core(this.guest.word(at)), tagged];
  }

  rawWord(at: number): CoreValue {
    const { view, address } = this.guest;
    return address === 'i64' ? view.getBigUint64(at, true) : view.getUint32(at, true);
  }

  store(plan: AbiPlan, value: Value, at: number): void {
    const { guest } = this;
    switch (plan.kind) {
      case 'bool':
        guest.view.setUint8(at, value === 0 ? 0 : this.junk() | 1);
        return;
      case 'u8':
      case 's8':
        guest.view.setUint8(at, value as number);
        return;
      case 'u16':
      case 's16':
        guest.view.setUint16(at, value as number, true);
        return;
      case 'u32':
      case 's32':
      case 'char':
      case 'own':
      case 'borrow':
        guest.view.setUint32(at, value as number, true);
        return;
      case 'u64':
      case 's64':
        guest.view.setBigUint64(at, value as bigint, true);
        return;
      case 'f32':
        guest.view.setFloat32(at, value as number, true);
        return;
      case 'f64':
        guest.view.setFloat64(at, value as number, true);
        return;
      case 'flags': {
        const [bits] = this.lower(plan, value) as [number];
        if (plan.size === 1) guest.view.setUint8(at, bits);
        else if (plan.size === 2) guest.view.setUint16(at, bits, true);
        else guest.view.setUint32(at, bits, true);
        return;
      }
      case 'string':
        this.storeString(value as string, at);
        return;
      case 'map':
      case 'list': {
        const elements = value as Value[];
        if (plan.kind === 'list' && plan.length !== null) {
          for (const [i, element] of elements.entries()) this.store(plan.element, element, at + i * plan.element.size);
          return;
        }
        const { size, align } = plan.element;
        const pointer = guest.reserve(size * elements.length, align);
        for (const [i, element] of elements.entries()) this.store(plan.element, element, pointer + i * size);
        guest.setWord(at, pointer);
        guest.setWord(at + guest.wordSize, elements.length);
        return;
      }
      case 'record':
      case 'tuple':
        for (const [i, { type, offset }] of plan.fields.entries()) {
          this.store(type, (value as Value[])[i]!, at + offset);
        }
        return;
      case 'variant':
      case 'enum':
      case 'option':
      case 'result': {
        const { index, value: payload } = value as { index: number; value: Value | null };
        if (plan.discriminantSize === 1) guest.view.setUint8(at, index);
        else if (plan.discriminantSize === 2) guest.view.setUint16(at, index, true);
        else guest.view.setUint32(at, index, true);
        const type = plan.cases[index]!.type;
        if (type !== null) this.store(type, payload!, at + plan.payloadOffset);
        return;
      }
      default:
        throw new Error(`no ${plan.kind} here`);
    }
  }

  storeString(text: string, at: number): void {
    const { guest } = this;
    const wide = () => {
      const bytes = new Uint8Array(text.length * 2);
      for (let i = 0; i < text.length; i += 1) {
        bytes[2 * i] = text.charCodeAt(i) & 0xff;
        bytes[2 * i + 1] = text.charCodeAt(i) >> 8;
      }
      return bytes;
    };
    const isLatin1 = /^[\0-\xff]*$/.test(text);
    const latin1 = this.encoding === 'latin1+utf16' && isLatin1 && this.junk() % 2 === 0;
    const bytes =
      this.encoding === 'utf8'
        ? new TextEncoder().encode(text)
        : latin1
          ? Uint8Array.from(text, (char) => char.charCodeAt(0))
          : wide();
    guest.setWord(at, guest.put(bytes, 2));
    const units = this.encoding === 'utf8' || latin1 ? bytes.length : bytes.length / 2;
    guest.setWord(at + guest.wordSize, units);
    if (this.encoding === 'latin1+utf16' && !latin1) guest.bytes[at + 2 * guest.wordSize - 1]! |= 0x80;
  }

  // --- reading -------------------------------------------------------------------------------------------------------

  liftParams(abi: FuncAbi, args: readonly CoreValue[]): Value[] {
    if (abi.spilledParams !== null) return this.load(abi.spilledParams, address(args[0]!)) as Value[];
    const rest = [...args];
    return abi.params.map(({ type }) => this.lift(type, rest));
  }

  lift(plan: AbiPlan, slots: CoreValue[]): Value {
    const next = (): CoreValue => slots.shift()!;
    switch (plan.kind) {
      case 'bool':
      case 'u8':
      case 's8':
      case 'u16':
      case 's16':
      case 's32':
        return next() as number;
      case 'u32':
      case 'char':
      case 'own':
      case 'borrow':
      case 'flags':
        return (next() as number) >>> 0;
      case 'u64':
        return BigInt.asUintN(64, next() as bigint);
      case 's64':
      case 'f32':
      case 'f64':
        return next();
      case 'string': {
        const pointer = address(next());
        return this.loadString(pointer, next());
      }
      case 'map':
      case 'list': {
        if (plan.kind === 'list' && plan.length !== null) {
          return Array.from({ length: plan.length }, () => this.lift(plan.element, slots));
        }
        const pointer = address(next());
        return this.loadElements(plan.element, pointer, address(next()));
      }
      case 'record':
      case 'tuple':
        return plan.fields.map(({ type }) => this.lift(type, slots));
      case 'variant':
      case 'enum':
      case 'option':
      case 'result': {
        const index = next() as number;
        const payload = slots.splice(0, plan.flat.length - 1);
        const type = plan.cases[index]!.type;
        if (type === null) return { index, value: null };
        const values = type.flat.map((want, i) => unjoined(payload[i]!, plan.flat[i + 1]!, want));
        return { index, value: this.lift(type, values) };
      }
      default:
        throw new Error(`no ${plan.kind} here`);
    }
  }

  load(plan: AbiPlan, at: number): Value {
    const { view } = this.guest;
    switch (plan.kind) {
      case 'bool':
      case 'u8':
        return view.getUint8(at);
      case 's8':
        return view.getInt8(at);
      case 'u16':
        return view.getUint16(at, true);
      case 's16':
        return view.getInt16(at, true);
      case 's32':
        return view.getInt32(at, true);
      case 'u32':
      case 'char':
      case 'own':
      case 'borrow':
        return view.getUint32(at, true);
      case 'u64':
        return view.getBigUint64(at, true);
      case 's64':
        return view.getBigInt64(at, true);
      case 'f32':
        return view.getFloat32(at, true);
      case 'f64':
        return view.getFloat64(at, true);
      case 'flags':
        return plan.size === 1
          ? view.getUint8(at)
          : plan.size === 2
            ? view.getUint16(at, true)
            : view.getUint32(at, true);
      case 'string':
        return this.loadString(this.guest.word(at), this.rawWord(at + this.guest.wordSize));
      case 'map':
      case 'list':
        if (plan.kind === 'list' && plan.length !== null) return this.loadElements(plan.element, at, plan.length);
        return this.loadElements(plan.element, this.guest.word(at), this.guest.word(at + this.guest.wordSize));
      case 'record':
      case 'tuple':
        return plan.fields.map(({ type, offset }) => this.load(type, at + offset));
      case 'variant':
      case 'enum':
      case 'option':
      case 'result': {
        const index =
          plan.discriminantSize === 1
            ? view.getUint8(at)
            : plan.discriminantSize === 2
              ? view.getUint16(at, true)
              : view.getUint32(at, true);
        const type = plan.cases[index]!.type;
        return { index, value: type === null ? null : this.load(type, at + plan.payloadOffset) };
      }
      default:
        throw new Error(`no ${plan.kind} here`);
    }
  }

  loadElements(element: AbiPlan, pointer: number, length: number): Value[] {
    return Array.from({ length }, (_, i) => this.load(element, pointer + i * element.size));
  }

  loadString(pointer: number, length: CoreValue): string {
    const mark = 1n << (this.guest.address === 'i64' ? 63n : 31n);
    const raw = BigInt.asUintN(64, typeof length === 'bigint' ? length : BigInt(length >>> 0));
    const tagged = this.encoding === 'latin1+utf16' && (raw & mark) !== 0n;
    const units = Number(tagged ? raw & ~mark : raw);
    const { bytes, view } = this.guest;
    if (this.encoding === 'utf8') {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.slice(pointer, pointer + units));
    }
    let text = '';
    for (let i = 0; i < units; i += 1) {
      const unit =
        this.encoding === 'utf16' || tagged ? view.getUint16(pointer + 2 * i, true) : view.getUint8(pointer + i);
      text += String.fromCharCode(unit);
    }
    return text;
  }
}

/** An address or length. */
function address(value: CoreValue): number {
  return typeof value === 'bigint' ? Number(BigInt.asUintN(64, value)) : value >>> 0;
}

const scratch = new DataView(new ArrayBuffer(8));

function bits32(value: number): number {
  scratch.setFloat32(0, value);
  return scratch.getUint32(0);
}

/** A value of a case in the slot of a variant; the bits that the case does not use are junk. */
function joined(value: CoreValue, have: FlatType, want: FlatType, junk: () => number): CoreValue {
  if (have === want) return value;
  const low = have === 'f32' ? bits32(value as number) : (value as number) >>> 0;
  if (want === 'i32') return low;
  if (have === 'f64') {
    scratch.setFloat64(0, value as number);
    return scratch.getBigUint64(0);
  }
  return BigInt(low) | (BigInt(junk()) << 32n);
}

/** What a callee reads from a slot: all bits that the case does not use are zero. */
function unjoined(value: CoreValue, have: FlatType, want: FlatType): CoreValue {
  if (have === want) return value;
  if (have === 'i32') {
    scratch.setUint32(0, value as number);
    return scratch.getFloat32(0);
  }
  const wide = BigInt.asUintN(64, value as bigint);
  scratch.setBigUint64(0, wide);
  if (want === 'f64') return scratch.getFloat64(0);
  if (wide >> 32n !== 0n) throw new Error('the high half of a joined slot is not zero');
  return want === 'f32' ? scratch.getFloat32(4) : scratch.getInt32(4);
}
