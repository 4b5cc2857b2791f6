/**
 * The decoder. In: the bytes of a component (stream.ts: in chunks). Out: a {@link ComponentAst}.
 *
 * Decoding reads every byte of every section but those of core modules and custom sections, which stay ranges.
 */

import { defaultFeatures, type Features } from '../features.ts';
import type { ComponentAst } from './ast.ts';
import { ComponentDecoder } from './component-decoder.ts';

export interface DecodeOptions {
  /** Gates of the specification; the defaults are the specification's. */
  readonly features?: Features;
}

/**
 * Decodes a component binary (Binary.md).
 *
 * Throws `DecodeError` for malformed bytes, and `ValidationError` for forms that are well-formed but refused on sight: a
 * closed feature gate, an empty record. Both have the absolute byte offset. Core modules inside are not looked into.
 */
export function decode(bytes: Uint8Array, options: DecodeOptions = {}): ComponentAst {
  const decoder = new ComponentDecoder(options.features ?? defaultFeatures);
  return decoder.advance(bytes, bytes.length, true);
}
