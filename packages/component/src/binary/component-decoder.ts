/**
 * The walk over the sections of a component. In: bytes, of which more may come later. Out: the AST, when they have ended.
 *
 * One machine serves both the whole binary and the stream: it takes every section whose bytes are complete and keeps a frame
 * for each component that is still open. Nested components are frames, not recursion, so that depth costs no stack.
 * Rejected: two decoders (they would differ), generators (slower, and harder to look at in a debugger).
 */

import { malformed } from '../fail.ts';
import type { Features } from '../features.ts';
import type { ByteRange, ComponentAst, Definition } from './ast.ts';
import { NameTable } from './names.ts';
import { BinaryReader, nestingLimit } from './reader.ts';
import { readSection, sectionId, sectionNames } from './sections.ts';

/** A component whose end has not been reached. */
interface Frame {
  readonly start: number;
  /** Absolute byte offset; unknown (`Infinity`) for the root of a stream. */
  readonly end: number;
  readonly definitions: Definition[];
  readonly names: NameTable;
}

/** Bytes of the preamble. */
const preambleSize = 8;
const magic = [0x00, 0x61, 0x73, 0x6d];

export class ComponentDecoder {
  readonly #features: Features;
  readonly #onModule: ((range: ByteRange) => void) | undefined;
  readonly #frames: Frame[] = [];
  /** Absolute byte offset of what is decoded next. */
  #position = 0;
  /** The preamble of the innermost frame has not been read yet. */
  #atPreamble = true;
  #result: ComponentAst | undefined;

  /** `onModule` is called with the range of a core module when all its bytes are there. */
  constructor(features: Features, onModule?: (range: ByteRange) => void) {
    this.#features = features;
    this.#onModule = onModule;
    this.#frames.push({ start: 0, end: Number.POSITIVE_INFINITY, definitions: [], names: new NameTable() });
  }

  /**
   * Decodes what can be decoded of the first `available` of `bytes`. `bytes` must begin as in the calls before.
   * `complete` says that nothing more will come; then the AST is returned.
   */
  advance(bytes: Uint8Array, available: number, complete: true): ComponentAst;
  advance(bytes: Uint8Array, available: number, complete: false): undefined;
  advance(bytes: Uint8Array, available: number, complete: boolean): ComponentAst | undefined {
    while (this.#step(bytes, available, complete)) {
      // every step takes one preamble, one section, or the end of a component
    }
    return this.#result;
  }

  /** Takes one step. False when more bytes are needed, or everything is done. */
  #step(bytes: Uint8Array, available: number, complete: boolean): boolean {
    const frame = this.#frames.at(-1);
    if (frame === undefined) return false;
    if (this.#atPreamble) {
      if (!complete && available - this.#position < preambleSize && frame.end - this.#position >= preambleSize) {
        return false;
      }
      this.#preamble(new BinaryReader(bytes, this.#position, Math.min(frame.end, available), this.#features));
      return true;
    }
    const end = complete && frame.end === Number.POSITIVE_INFINITY ? available : frame.end;
    if (complete && end > available) {
      const size = end - frame.start;
      malformed(frame.start, 'section-too-long', { size, left: available - frame.start });
    }
    if (this.#position === end) {
      this.#close(frame, end);
      return true;
    }
    return this.#section(frame, bytes, available, complete);
  }

  #preamble(reader: BinaryReader): void {
    const start = reader.position;
    for (const byte of magic) {
      const at = reader.position;
      if (reader.byte('the magic header') !== byte) malformed(at, 'not-wasm', {});
    }
    const at = reader.position;
    const version = reader.byte('the version') | (reader.byte('the version') << 8);
    const layer = reader.byte('the layer') | (reader.byte('the layer') << 8);
    if (version === 1 && layer === 0) malformed(at, 'core-module-given', {});
    if (version !== 0x0d || layer !== 1) malformed(at, 'unknown-version', { version, layer });
    this.#position = start + preambleSize;
    this.#atPreamble = false;
  }

  #section(frame: Frame, bytes: Uint8Array, available: number, complete: boolean): boolean {
    const header = new BinaryReader(bytes, this.#position, Math.min(frame.end, available), this.#features);
    if (header.atEnd()) return false;
    const id = header.byte('a section id');
    if (id >= sectionNames.length) malformed(this.#position, 'bad-section-id', { id });
    // A size is at most 5 bytes: with fewer available, one that has not ended yet must wait for more of the stream.
    if (!complete && header.end < frame.end && !sizeIsThere(header)) return false;
    const size = header.u32('the size of a section');
    const start = header.position;
    const limit = complete ? Math.min(frame.end, available) : frame.end;
    if (size > limit - start) malformed(start, 'section-too-long', { size, left: limit - start });
    const end = start + size;
    if (id === sectionId.component) {
      if (this.#frames.length >= nestingLimit) malformed(start, 'nesting', { limit: nestingLimit });
      this.#frames.push({ start, end, definitions: [], names: new NameTable() });
      this.#position = start;
      this.#atPreamble = true;
      return true;
    }
    if (end > available) return false;
    const reader = new BinaryReader(bytes, start, end, this.#features, this.#frames.length);
    if (id === sectionId.coreModule) {
      moduleHeader(reader);
      const range = { start, end };
      frame.definitions.push({ offset: start, kind: 'core-module', range });
      this.#onModule?.(range);
    } else {
      readSection(reader, id, frame.definitions, frame.names);
    }
    this.#position = end;
    return true;
  }

  #close(frame: Frame, end: number): void {
    const { start, definitions, names } = frame;
    const component: ComponentAst = {
      kind: 'component',
      range: { start, end },
      definitions,
      names: names.toNames(),
    };
    this.#frames.pop();
    const parent = this.#frames.at(-1);
    if (parent === undefined) this.#result = component;
    else parent.definitions.push({ offset: start, kind: 'component', component });
  }
}

/** Whether the size of the section ends within what is there, or is too long in any case. */
function sizeIsThere(header: BinaryReader): boolean {
  const { bytes, position, end } = header;
  for (let i = 0; i < 5; i++) {
    if (position + i >= end) return false;
    if ((bytes[position + i] as number) < 0x80) return true;
  }
  return true;
}

/** A core module is the engine's matter, but for its first 8 bytes: they say that it is one. */
function moduleHeader(reader: BinaryReader): void {
  for (const byte of magic) {
    const at = reader.position;
    if (reader.byte('the magic header of a core module') !== byte) malformed(at, 'not-wasm', {});
  }
  const at = reader.position;
  for (const byte of [1, 0, 0, 0]) {
    if (reader.byte('the version of a core module') !== byte) {
      malformed(at, 'component-in-module', {});
    }
  }
}
