/**
 * What the decoder says. In: the parts of a message. Out: its text, without the offset (the error class adds that).
 *
 * Texts contain what the specification's reference tests expect of them. Rejected: texts where they are thrown; the table
 * of all messages in the documentation is made from this file.
 */

const hex = (n: number): string => `0x${n.toString(16)}`;

export const decodeText = {
  'unexpected-end': (what: string): string => `unexpected end-of-file while reading ${what}`,
  'not-wasm': (): string => 'magic header not detected: this is not a WebAssembly binary',
  'core-module-given': (): string =>
    'expected a version header for a component: this is a core module (use the functions of `WebAssembly` for it)',
  'component-in-module': (): string => 'expected a version header for a module',
  'unknown-version': (version: number, layer: number): string =>
    `unknown binary version ${hex(version)} and layer ${hex(layer)}: expected a version header for a component, 0xd and 0x1`,
  'bad-section-id': (id: number): string => `malformed section id: ${id}`,
  'section-too-long': (size: number, left: number): string =>
    `unexpected end-of-file: section of ${size} bytes, but only ${left} are left`,
  'section-size': (section: string, left: number): string =>
    `section size mismatch: ${left} bytes left over at the end of the ${section} section`,
  'leb-too-long': (what: string): string => `integer representation too long for ${what}`,
  'leb-too-large': (what: string): string => `integer too large for ${what}`,
  'bad-utf8': (what: string): string => `malformed UTF-8 encoding in ${what}`,
  'vec-too-long': (what: string, count: number, left: number): string =>
    `unexpected end-of-file: ${count} ${what}, but only ${left} bytes are left`,
  'leading-byte': (byte: number, what: string): string => `invalid leading byte (${hex(byte)}) for ${what}`,
  boolean: (byte: number, what: string): string => `invalid boolean value ${hex(byte)} for ${what}`,
  'limits-flags': (byte: number): string => `malformed limits flags ${hex(byte)}`,
  mutability: (byte: number): string => `malformed mutability ${hex(byte)}`,
  nesting: (limit: number): string => `components and types are nested deeper than ${limit} levels`,
  'module-type-in-module-type': (): string =>
    'invalid leading byte (0x50) for a type in a module type: module types cannot be nested',
  'record-empty': (): string => 'record type must have at least one field',
  'variant-empty': (): string => 'variant type must have at least one case',
  'tuple-empty': (): string => 'tuple type must have at least one type',
  'flags-empty': (): string => 'flags must have at least one entry',
  'flags-many': (count: number): string => `cannot have more than 32 flags, found ${count}`,
  'enum-empty': (): string => 'enum type must have at least one variant',
  'unknown-core-type': (index: number, count: number): string =>
    `unknown core function type ${index} (the module has ${count} types)`,
  'unknown-core-item': (kind: string, index: number, count: number): string =>
    `unknown core ${kind} ${index} (the module has ${count})`,
  'fixed-list-empty': (): string => 'fixed-length lists must have more than zero elements',
} satisfies Record<string, (...args: never[]) => string>;

export type DecodeText = keyof typeof decodeText;
