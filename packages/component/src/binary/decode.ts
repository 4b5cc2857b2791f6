/**
 * The decoder's two entry points. In: the bytes of a component, whole or in chunks. Out: a {@link ComponentAst}.
 *
 * Decoding reads every byte of every section but those of core modules and custom sections, which stay ranges.
 */

import { malformed } from '../fail.ts';
import { defaultFeatures, type Features } from '../features.ts';
import type { ByteRange, ComponentAst } from './ast.ts';
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

export interface StreamOptions extends DecodeOptions {
  /** Called for each embedded core module, at any depth, as soon as its last byte is there. `bytes` holds just the module. */
  readonly onModule?: (range: ByteRange, bytes: Uint8Array<ArrayBuffer>) => void;
  /** The number of bytes that will come, when it is known: saves copies. Not trusted. */
  readonly expectedLength?: number;
}

/** An announced length is believed up to here; beyond, the buffer grows with what really comes. In bytes. */
const believedLength = 1 << 26;

/** Decodes a component while its bytes arrive. Errors come as early as the bytes that cause them. */
export class ComponentStreamDecoder {
  readonly #decoder: ComponentDecoder;
  #buffer: Uint8Array<ArrayBuffer>;
  #length = 0;
  #ended = false;

  constructor(options: StreamOptions = {}) {
    const { onModule, expectedLength = 0 } = options;
    this.#buffer = new Uint8Array(Math.max(1 << 16, Math.min(expectedLength, believedLength)));
    this.#decoder = new ComponentDecoder(
      options.features ?? defaultFeatures,
      onModule && ((range) => onModule(range, this.#buffer.subarray(range.start, range.end))),
    );
  }

  /** What has arrived so far: a view that later chunks may leave behind. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Takes the next bytes; they are copied. Throws as {@link decode} does. */
  push(chunk: Uint8Array): void {
    if (this.#ended) throw new TypeError('bytes after the end of the component');
    const length = this.#length + chunk.length;
    if (length > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(length, this.#buffer.length * 2));
      larger.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = larger;
    }
    this.#buffer.set(chunk, this.#length);
    this.#length = length;
    this.#decoder.advance(this.#buffer, length, false);
  }

  /** Says that all bytes have come. Throws as {@link decode} does. */
  end(): ComponentAst {
    if (this.#ended) throw new TypeError('the component has ended already');
    this.#ended = true;
    const ast = this.#decoder.advance(this.#buffer, this.#length, true);
    return ast ?? unexpectedEnd(this.#length);
  }
}

function unexpectedEnd(offset: number): never {
  malformed(offset, 'unexpected-end', { what: 'a section' });
}
