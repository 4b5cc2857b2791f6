/**
 * Strings from one guest's memory to the other's, all nine pairs of encodings, code unit by code unit: they never become
 * JavaScript strings, which cannot be as long and would hide what is invalid. CanonicalABI.md#loading
 * (load_string_from_range), CanonicalABI.md#storing (store_string_into_range).
 */
import { allocate, type Crossing, checkRange, fail, MAX_BYTE_LENGTH, reallocate } from './crossing.ts';

type Form = 'utf8' | 'utf16' | 'latin1';

const OUTSIDE = 'string-content-out-of-bounds';

/** `units` without the tag, which is in `cx.sourceTagged`. Returns the new pointer; `cx.length` and `cx.tagged` are the new length. */
export function crossString(cx: Crossing, pointer: number, units: number): number {
  const tagged = cx.sourceTagged;
  const { encoding } = cx.from;
  const form: Form = encoding === 'latin1+utf16' ? (tagged ? 'utf16' : 'latin1') : encoding;
  const bytes = form === 'utf16' ? 2 * units : units;
  if (bytes > MAX_BYTE_LENGTH) fail(cx, cx.from, 'string-too-long');
  checkRange(cx, cx.from, pointer, bytes, encoding === 'utf8' ? 1 : 2, OUTSIDE);
  cx.tagged = false;
  cx.length = units;
  switch (cx.to.encoding) {
    case 'utf8':
      return toUtf8(cx, form, pointer, units);
    case 'utf16':
      return toUtf16(cx, form, pointer, units);
    case 'latin1+utf16':
      if (form === 'latin1') return copy(cx, pointer, units, 1, 2);
      return tagged ? probablyUtf16(cx, pointer, units) : toLatin1OrUtf16(cx, form, pointer, units);
    default:
      return cx.to.encoding satisfies never;
  }
}

// --- reading ---------------------------------------------------------------------------------------------------------

/** Where reading goes on, in bytes: set by the decoders. */
let next = 0;

/** The scalar value at `at`, before `end`. */
function decode(cx: Crossing, form: Form, at: number, end: number): number {
  const { memory } = cx.from;
  if (form === 'utf8') return decodeUtf8(cx, memory.u8, at, end);
  if (form === 'latin1') {
    next = at + 1;
    return memory.u8[at] as number;
  }
  return decodeUtf16(cx, memory.u16, at, end);
}

function decodeUtf16(cx: Crossing, u16: Uint16Array, at: number, end: number): number {
  const unit = u16[at / 2] as number;
  next = at + 2;
  if ((unit & 0xf800) !== 0xd800) return unit;
  if (unit >= 0xdc00 || next >= end) fail(cx, cx.from, 'invalid-utf16');
  const low = u16[next / 2] as number;
  if ((low & 0xfc00) !== 0xdc00) fail(cx, cx.from, 'invalid-utf16');
  next += 2;
  return ((unit & 0x3ff) << 10) + (low & 0x3ff) + 0x10000;
}

function decodeUtf8(cx: Crossing, u8: Uint8Array, at: number, end: number): number {
  const lead = u8[at] as number;
  next = at + 1;
  if (lead < 0x80) return lead;
  // 80..C1 start nothing, or a form that is too long; F5..FF are beyond U+10FFFF.
  if (lead < 0xc2 || lead > 0xf4) fail(cx, cx.from, 'invalid-utf8');
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  let scalar = lead & (0x7f >> length);
  for (let i = 1; i < length; i += 1) {
    if (next >= end) fail(cx, cx.from, 'incomplete-utf8');
    const byte = u8[next] as number;
    next += 1;
    if ((byte & 0xc0) !== 0x80) fail(cx, cx.from, 'invalid-utf8');
    scalar = (scalar << 6) | (byte & 0x3f);
    // The first ten bits tell: a form that is too long, a surrogate, beyond the last one.
    if (i === 1 && length === 3 && (scalar < 0x20 || (scalar >= 0x360 && scalar < 0x380))) {
      fail(cx, cx.from, 'invalid-utf8');
    }
    if (i === 1 && length === 4 && (scalar < 0x10 || scalar > 0x10f)) fail(cx, cx.from, 'invalid-utf8');
  }
  return scalar;
}

function validate(cx: Crossing, form: Form, at: number, end: number): void {
  if (form === 'latin1') return;
  for (let i = at; i < end; i = next) decode(cx, form, i, end);
}

// --- writing ---------------------------------------------------------------------------------------------------------

/** Writes a scalar value as UTF-8; where the next one goes. */
function encodeUtf8(u8: Uint8Array, at: number, scalar: number): number {
  if (scalar < 0x80) {
    u8[at] = scalar;
    return at + 1;
  }
  if (scalar < 0x800) {
    u8[at] = 0xc0 | (scalar >> 6);
    u8[at + 1] = 0x80 | (scalar & 0x3f);
    return at + 2;
  }
  if (scalar < 0x10000) {
    u8[at] = 0xe0 | (scalar >> 12);
    u8[at + 1] = 0x80 | ((scalar >> 6) & 0x3f);
    u8[at + 2] = 0x80 | (scalar & 0x3f);
    return at + 3;
  }
  u8[at] = 0xf0 | (scalar >> 18);
  u8[at + 1] = 0x80 | ((scalar >> 12) & 0x3f);
  u8[at + 2] = 0x80 | ((scalar >> 6) & 0x3f);
  u8[at + 3] = 0x80 | (scalar & 0x3f);
  return at + 4;
}

/** The same as UTF-16. */
function encodeUtf16(u16: Uint16Array, at: number, scalar: number): number {
  if (scalar < 0x10000) {
    u16[at / 2] = scalar;
    return at + 2;
  }
  u16[at / 2] = 0xd7c0 + (scalar >> 10);
  u16[at / 2 + 1] = 0xdc00 | (scalar & 0x3ff);
  return at + 4;
}

/** `store_string_copy` between equal forms. */
function copy(cx: Crossing, at: number, units: number, unit: 1 | 2, align: 1 | 2): number {
  const size = units * unit;
  const pointer = allocate(cx, align, size, OUTSIDE);
  cx.to.memory.u8.set(cx.from.memory.u8.subarray(at, at + size), pointer);
  return pointer;
}

/** Gives back what was allocated and not written. */
function shrink(cx: Crossing, pointer: number, allocated: number, align: number, size: number): number {
  return size < allocated ? reallocate(cx, pointer, allocated, align, size, OUTSIDE) : pointer;
}

function toUtf8(cx: Crossing, form: Form, at: number, units: number): number {
  const unit = form === 'utf16' ? 2 : 1;
  const end = at + units * unit;
  if (form === 'utf8') {
    validate(cx, form, at, end);
    return copy(cx, at, units, 1, 1);
  }
  let pointer = allocate(cx, 1, units, OUTSIDE);
  let from = at;
  let written = 0;
  for (; from < end; from += unit) {
    const { memory } = cx.from;
    const code = (unit === 2 ? memory.u16[from / 2] : memory.u8[from]) as number;
    if (code >= 0x80) break;
    cx.to.memory.u8[pointer + written] = code;
    written += 1;
  }
  if (from === end) return pointer;
  const worst = units * (unit === 2 ? 3 : 2);
  pointer = reallocate(cx, pointer, units, 1, worst, OUTSIDE);
  let to = pointer + written;
  for (; from < end; from = next) to = encodeUtf8(cx.to.memory.u8, to, decode(cx, form, from, end));
  cx.length = to - pointer;
  return shrink(cx, pointer, worst, 1, cx.length);
}

function toUtf16(cx: Crossing, form: Form, at: number, units: number): number {
  const end = at + units * (form === 'utf16' ? 2 : 1);
  if (form === 'utf16') {
    validate(cx, form, at, end);
    return copy(cx, at, units, 2, 2);
  }
  const pointer = allocate(cx, 2, 2 * units, OUTSIDE);
  let to = pointer;
  for (let from = at; from < end; from = next) {
    to = encodeUtf16(cx.to.memory.u16, to, decode(cx, form, from, end));
  }
  cx.length = (to - pointer) / 2;
  return shrink(cx, pointer, 2 * units, 2, to - pointer);
}

/** `store_string_to_latin1_or_utf16` */
function toLatin1OrUtf16(cx: Crossing, form: Form, at: number, units: number): number {
  const end = at + units * (form === 'utf16' ? 2 : 1);
  let pointer = allocate(cx, 2, units, OUTSIDE);
  let from = at;
  let written = 0;
  while (from < end) {
    const scalar = decode(cx, form, from, end);
    if (scalar >= 0x100) break;
    cx.to.memory.u8[pointer + written] = scalar;
    written += 1;
    from = next;
  }
  if (from === end) {
    cx.length = written;
    return shrink(cx, pointer, units, 2, written);
  }
  pointer = reallocate(cx, pointer, units, 2, 2 * units, OUTSIDE);
  const { u8, u16 } = cx.to.memory;
  for (let i = written - 1; i >= 0; i -= 1) u16[pointer / 2 + i] = u8[pointer + i] as number;
  let to = pointer + 2 * written;
  for (; from < end; from = next) to = encodeUtf16(u16, to, decode(cx, form, from, end));
  cx.length = (to - pointer) / 2;
  cx.tagged = true;
  return shrink(cx, pointer, 2 * units, 2, to - pointer);
}

/** `store_probably_utf16_to_latin1_or_utf16` */
function probablyUtf16(cx: Crossing, at: number, units: number): number {
  validate(cx, 'utf16', at, at + 2 * units);
  const pointer = copy(cx, at, units, 2, 2);
  const { u8, u16 } = cx.to.memory;
  for (let i = 0; i < units; i += 1) {
    if ((u16[pointer / 2 + i] as number) >= 0x100) {
      cx.tagged = true;
      return pointer;
    }
  }
  for (let i = 0; i < units; i += 1) u8[pointer + i] = u16[pointer / 2 + i] as number;
  return reallocate(cx, pointer, 2 * units, 1, units, OUTSIDE);
}
