/**
 * Strings between JavaScript and a guest's memory, in the three encodings of the ABI.
 *
 * Which of the specification's sequences of realloc calls is used is the host's choice, because it chooses how it
 * presents its strings; here a string is presented so that one exact allocation is enough: as UTF-8 to UTF-8 guests (short
 * strings are measured first; long ones are presented as UTF-16, whose first guess is right for ASCII), as UTF-16
 * to UTF-16 guests, as latin1+utf16 to latin1+utf16 guests.
 *
 * By length: short strings by the strings module where a guest has one (`side.strings`), else by loops over the view (a
 * call of TextDecoder costs 200 ns); long ones by TextDecoder and encodeInto.
 */
import { trap } from '../call/abi-trap.ts';
import type { GuestSide, StringAccess, StringEncoding } from '../call/guest-side.ts';
import { refuse } from './argument-error.ts';
import { checkString, MAX_STRING_BYTE_LENGTH, SHORT_LOAD, SHORT_STORE } from './limits.ts';
import { storePair } from './pairs.ts';

// Made when they are used first: most starts have short strings only.
let decoders: { readonly utf8: TextDecoder; readonly utf16: TextDecoder } | undefined;
let encoder: TextEncoder | undefined;

/** Those that keep U+FEFF and refuse what is not in the encoding. */
function makeDecoders(): typeof decoders & object {
  const options = { fatal: true, ignoreBOM: true };
  decoders = { utf8: new TextDecoder('utf-8', options), utf16: new TextDecoder('utf-16le', options) };
  return decoders;
}

/** Longest strings (bytes, code units) that the loops handle. */
const SHORT_DECODE = 64;
const SHORT_ENCODE = SHORT_STORE;
/** Arguments of one `fromCharCode`: well below every engine's limit. */
const CHUNK = 4096;

const fromCharCode = String.fromCharCode;

// --- lifting ---------------------------------------------------------------------------------------------------------

/**
 * `length` as the guest gives it: code units, tagged for latin1+utf16 (`tag` is 2^31 or 2^63).
 *
 * CanonicalABI.md#loading: `load_string_from_range`
 */
export function loadString(side: GuestSide, address: number, length: number): string {
  const { strings } = side;
  if (strings !== null && length <= SHORT_LOAD) {
    const text = strings.load(address, length);
    if (text !== null) return text;
    // What is wrong with it is said below.
  }
  return loadOtherwise(side, address, length);
}

function loadOtherwise(side: GuestSide, address: number, length: number): string {
  if (side.adoptsStrings()) return loadString(side, address, length);
  const { memory } = side;
  if (memory.u8.length === 0) memory.refresh();
  switch (side.encoding) {
    case 'utf8':
      return loadUtf8(side, address, length);
    case 'utf16':
      return loadUtf16(side, address, length);
    default: {
      const tag = side.address === 'i32' ? 2 ** 31 : 2 ** 63;
      return length >= tag ? loadUtf16(side, address, length - tag) : loadLatin1(side, address, length);
    }
  }
}

/** A string in a 64-bit memory: its length may be tagged, so it comes as a bigint. */
export function loadString64(side: GuestSide, address: bigint, length: bigint): string {
  const start = Number(BigInt.asUintN(64, address));
  const units = BigInt.asUintN(64, length);
  if (side.encoding === 'latin1+utf16' && units >= 1n << 63n)
    return loadUtf16(side, start, Number(units - (1n << 63n)));
  return loadString(side, start, Number(units));
}

function loadUtf8(side: GuestSide, address: number, length: number): string {
  const { u8 } = side.memory;
  if (address + length > u8.length || length > MAX_STRING_BYTE_LENGTH) checkString(address, length, 1, u8.length);
  if (length > SHORT_DECODE) return decodeUtf8(u8, address, length);
  const end = address + length;
  let at = address;
  let text = '';
  for (; at + 16 <= end; at += 16) {
    const a = u8[at]!;
    const b = u8[at + 1]!;
    const c = u8[at + 2]!;
    const d = u8[at + 3]!;
    const e = u8[at + 4]!;
    const f = u8[at + 5]!;
    const g = u8[at + 6]!;
    const h = u8[at + 7]!;
    const i = u8[at + 8]!;
    const j = u8[at + 9]!;
    const k = u8[at + 10]!;
    const l = u8[at + 11]!;
    const m = u8[at + 12]!;
    const n = u8[at + 13]!;
    const o = u8[at + 14]!;
    const p = u8[at + 15]!;
    if ((a | b | c | d | e | f | g | h | i | j | k | l | m | n | o | p) > 0x7f) return decodeUtf8(u8, address, length);
    const part = fromCharCode(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p);
    text = text === '' ? part : text + part;
  }
  for (; at + 4 <= end; at += 4) {
    const a = u8[at]!;
    const b = u8[at + 1]!;
    const c = u8[at + 2]!;
    const d = u8[at + 3]!;
    if ((a | b | c | d) > 0x7f) return decodeUtf8(u8, address, length);
    const part = fromCharCode(a, b, c, d);
    text = text === '' ? part : text + part;
  }
  for (; at < end; at++) {
    const a = u8[at]!;
    if (a > 0x7f) return decodeUtf8(u8, address, length);
    text += fromCharCode(a);
  }
  return text;
}

function decodeUtf8(u8: Uint8Array, address: number, length: number): string {
  const bytes = u8.subarray(address, address + length);
  try {
    return (decoders ?? makeDecoders()).utf8.decode(bytes);
  } catch {
    trap(endsEarly(bytes) ? 'incomplete-utf8' : 'invalid-utf8');
  }
}

/** Whether the only thing wrong with these bytes is that their last sequence is cut off. */
function endsEarly(bytes: Uint8Array): boolean {
  for (let cut = 1; cut <= 3 && cut <= bytes.length; cut++) {
    const tail = bytes.subarray(bytes.length - cut);
    const lead = tail[0]!;
    if (lead < 0x80) return false;
    if (lead < 0xc0) continue;
    const wanted = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (lead < 0xc2 || lead > 0xf4 || wanted <= cut) return false;
    // The second byte of some leads is restricted (no overlong forms, no surrogates, nothing beyond U+10FFFF).
    if (cut > 1) {
      const second = tail[1]!;
      const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
      const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
      if (second < low || second > high) return false;
    }
    try {
      (decoders ?? makeDecoders()).utf8.decode(bytes.subarray(0, bytes.length - cut));
      return true;
    } catch {
      return false;
    }
  }
  return false;
}

/** `length` in code units. */
function loadUtf16(side: GuestSide, address: number, length: number): string {
  const { u8, u16 } = side.memory;
  checkString(address, length * 2, 2, u8.length);
  if (length > SHORT_DECODE) {
    try {
      return (decoders ?? makeDecoders()).utf16.decode(u8.subarray(address, address + 2 * length));
    } catch {
      trap('invalid-utf16');
    }
  }
  const start = address / 2;
  const text = fromCharCode.apply(null, u16.subarray(start, start + length) as unknown as number[]);
  if (!text.isWellFormed()) trap('invalid-utf16');
  return text;
}

function loadLatin1(side: GuestSide, address: number, length: number): string {
  const { u8 } = side.memory;
  checkString(address, length, 2, u8.length);
  if (length <= CHUNK) {
    return fromCharCode.apply(null, u8.subarray(address, address + length) as unknown as number[]);
  }
  const parts: string[] = [];
  for (let at = 0; at < length; at += CHUNK) {
    const part = u8.subarray(address + at, address + Math.min(at + CHUNK, length));
    parts.push(fromCharCode.apply(null, part as unknown as number[]));
  }
  return parts.join('');
}

// --- lowering --------------------------------------------------------------------------------------------------------

/** Refuses a string that has no room in the guest's encoding. */
export function checkStringLength(text: string, encoding: StringEncoding): void {
  if (text.length * 3 <= MAX_STRING_BYTE_LENGTH) return;
  const bytes = encoding === 'utf8' ? utf8Length(text) : text.length * 2;
  if (bytes > MAX_STRING_BYTE_LENGTH) refuse(`expected a string of at most ${MAX_STRING_BYTE_LENGTH} bytes`);
}

/**
 * Allocates, encodes, and returns the address; the length in code units is in `side.length`, its tag in `side.tagged`.
 * Unpaired surrogates become U+FFFD.
 *
 * CanonicalABI.md#storing: `store_string_into_range`
 */
export function storeString(side: GuestSide, text: string): number {
  const { strings } = side;
  if (strings === null || text.length > SHORT_STORE) return storeOtherwise(side, text);
  const words = side.forbidLeave();
  const stored = strings.store(text);
  side.allowLeave(words);
  if (stored < 0) trap('realloc-out-of-bounds');
  const { memory } = side;
  if (memory.u8.length === 0) memory.refresh();
  const address = stored >>> 0;
  side.length = ((stored - address) / 2 ** 32) | 0;
  side.tagged = false;
  return address;
}

/**
 * Stores a string and, at byte address `at`, its address and length. With `strings` the caller has cleared may-leave, once
 * for all strings of a list: setting and clearing it for each is a tenth of what 100 records with a short string cost.
 */
export function storeStringAt(side: GuestSide, strings: StringAccess | null, text: string, at: number): void {
  if (strings === null) {
    storePair(side, at, storeString(side, text));
    return;
  }
  if (text.length > SHORT_STORE) {
    const address = storeOtherwise(side, text);
    side.forbidLeave();
    storePair(side, at, address);
    return;
  }
  const stored = strings.store(text);
  if (stored < 0) trap('realloc-out-of-bounds');
  const { memory } = side;
  if (memory.u8.length === 0) memory.refresh();
  const { u32 } = memory;
  const address = stored >>> 0;
  u32[at >>> 2] = address;
  u32[(at >>> 2) + 1] = (stored - address) / 2 ** 32;
}

function storeOtherwise(side: GuestSide, text: string): number {
  if (side.adoptsStrings()) return storeString(side, text);
  side.tagged = false;
  switch (side.encoding) {
    case 'utf8':
      return storeUtf8(side, text);
    case 'utf16':
      return storeUtf16(side, text);
    default:
      return isLatin1(text) ? storeLatin1(side, text) : storeTaggedUtf16(side, text);
  }
}

function storeUtf8(side: GuestSide, text: string): number {
  const units = text.length;
  if (units > SHORT_ENCODE) return storeLongUtf8(side, text);
  // Presented as UTF-8: `store_string_copy`.
  const size = shortUtf8Length(text);
  const address = side.reallocate(0, 0, 1, size);
  const { u8 } = side.memory;
  if (size === units) {
    for (let i = 0; i < units; i++) u8[address + i] = text.charCodeAt(i);
  } else {
    writeUtf8(u8, address, text);
  }
  side.length = size;
  return address;
}

/** CanonicalABI.md#storing: `store_utf16_to_utf8` */
function storeLongUtf8(side: GuestSide, text: string): number {
  const units = text.length;
  let address = side.reallocate(0, 0, 1, units);
  encoder ??= new TextEncoder();
  const { read, written } = encoder.encodeInto(text, side.memory.u8.subarray(address, address + units));
  if (read === units) {
    side.length = written;
    return address;
  }
  const worst = units * 3;
  address = side.reallocate(address, units, 1, worst);
  const rest = encoder.encodeInto(text.slice(read), side.memory.u8.subarray(address + written, address + worst));
  const size = written + rest.written;
  if (size < worst) address = side.reallocate(address, worst, 1, size);
  side.length = size;
  return address;
}

function storeUtf16(side: GuestSide, text: string): number {
  const units = text.length;
  const address = side.reallocate(0, 0, 2, units * 2);
  writeUtf16(side.memory.u16, address / 2, text);
  side.length = units;
  return address;
}

function storeTaggedUtf16(side: GuestSide, text: string): number {
  side.tagged = true;
  return storeUtf16(side, text);
}

function storeLatin1(side: GuestSide, text: string): number {
  const units = text.length;
  const address = side.reallocate(0, 0, 2, units);
  const { u8 } = side.memory;
  for (let i = 0; i < units; i++) u8[address + i] = text.charCodeAt(i);
  side.length = units;
  return address;
}

function isLatin1(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0xff) return false;
  return true;
}

function writeUtf16(u16: Uint16Array, start: number, text: string): void {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  for (let i = 0; i < whole.length; i++) u16[start + i] = whole.charCodeAt(i);
}

/** Bytes, with U+FFFD (three bytes) for each unpaired surrogate. */
function shortUtf8Length(text: string): number {
  const units = text.length;
  for (let i = 0; i < units; i++) if (text.charCodeAt(i) > 0x7f) return utf8Length(text);
  return units;
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit >= 0xd800 && unit < 0xdc00 && isLowSurrogate(text.charCodeAt(i + 1))) {
      bytes += 4;
      i++;
    } else bytes += 3;
  }
  return bytes;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

/** There is room: the length was computed by {@link utf8Length}. */
function writeUtf8(u8: Uint8Array, start: number, text: string): void {
  let at = start;
  for (let i = 0; i < text.length; i++) {
    let unit = text.charCodeAt(i);
    if (unit < 0x80) {
      u8[at++] = unit;
      continue;
    }
    if (unit < 0x800) {
      u8[at++] = 0xc0 | (unit >> 6);
      u8[at++] = 0x80 | (unit & 0x3f);
      continue;
    }
    if (unit >= 0xd800 && unit < 0xe000) {
      const low = text.charCodeAt(i + 1);
      if (unit < 0xdc00 && isLowSurrogate(low)) {
        const point = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
        u8[at++] = 0xf0 | (point >> 18);
        u8[at++] = 0x80 | ((point >> 12) & 0x3f);
        u8[at++] = 0x80 | ((point >> 6) & 0x3f);
        u8[at++] = 0x80 | (point & 0x3f);
        i++;
        continue;
      }
      unit = 0xfffd;
    }
    u8[at++] = 0xe0 | (unit >> 12);
    u8[at++] = 0x80 | ((unit >> 6) & 0x3f);
    u8[at++] = 0x80 | (unit & 0x3f);
  }
}
