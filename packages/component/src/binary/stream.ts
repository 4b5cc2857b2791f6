/**
 * The decoder of what arrives in pieces. In: the bytes of a component, in chunks. Out: a {@link ComponentAst}, and each core
 * module when its last byte is there.
 */

import { malformed } from '../fail.ts';
import { defaultFeatures } from '../features.ts';
import type { ByteRange, ComponentAst } from './ast.ts';
import { ComponentDecoder } from './component-decoder.ts';
import type { DecodeOptions } from './decode.ts';

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

  /** Takes the next bytes; they are copied. Throws as `decode` does. */
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

  /** Says that all bytes have come. Throws as `decode` does. */
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
