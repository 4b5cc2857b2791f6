/**
 * What the decoder says, by key: templates with the parts in braces; `#` in front of one means hexadecimal. `explain` in
 * texts.ts fills them in. The texts contain what the specification's reference tests expect of them.
 *
 * What the decoder refuses as invalid, not as malformed, has its text in the validator's table.
 */
export const decodeText = {
  'unexpected-end': 'unexpected end-of-file while reading {what}',
  'not-wasm': 'magic header not detected: this is not a WebAssembly binary',
  'core-module-given':
    'expected a version header for a component: this is a core module (use the functions of `WebAssembly` for it)',
  'component-in-module': 'expected a version header for a module',
  'unknown-version':
    'unknown binary version {#version} and layer {#layer}: expected a version header for a component, 0xd and 0x1',
  'bad-section-id': 'malformed section id: {id}',
  'section-too-long': 'unexpected end-of-file: section of {size} bytes, but only {left} are left',
  'section-size': 'section size mismatch: {left} bytes left over at the end of the {section} section',
  'leb-too-long': 'integer representation too long for {what}',
  'leb-too-large': 'integer too large for {what}',
  'bad-utf8': 'malformed UTF-8 encoding in {what}',
  'vec-too-long': 'unexpected end-of-file: {count} {what}, but only {left} bytes are left',
  'leading-byte': 'invalid leading byte ({#byte}) for {what}',
  boolean: 'invalid boolean value {#byte} for {what}',
  'limits-flags': 'malformed limits flags {#byte}',
  mutability: 'malformed mutability {#byte}',
  nesting: 'components and types are nested deeper than {limit} levels',
  'unknown-core-type': 'unknown core function type {index} (the module has {count} types)',
  'unknown-core-item': 'unknown core {kind} {index} (the module has {count})',
} as const;

export type DecodeText = keyof typeof decodeText;
