/**
 * Canonical definitions in the binary format (Binary.md `canon`). In: a cursor. Out: nodes of the AST.
 *
 * The built-ins that have no immediates, or one flag, or one type index, are rows of a table; the rest is a `switch`.
 */

import type { Feature } from '../features.ts';
import type { Canon, CanonOption, CoreValType } from './ast.ts';
import { readCoreValType } from './core-types.ts';
import type { BinaryReader } from './reader.ts';
import { readResultList } from './types.ts';

/** The kinds of the member of `Canon` that has the kind `K`. */
type KindsWith<K extends Canon['kind'], C = Canon> = C extends { readonly kind: infer X }
  ? K extends X
    ? X
    : never
  : never;
type Plain = KindsWith<'task.cancel'>;
type Typed = KindsWith<'stream.new'>;
type Transfer = KindsWith<'stream.read'>;
type Cancel = KindsWith<'stream.cancel-read'>;
type Waiting = KindsWith<'waitable-set.wait'>;
type Switching = KindsWith<'thread.yield'>;
type ErrorContext = KindsWith<'error-context.new'>;

/** What follows an opcode, and the gate in front of it. */
type Row =
  | { readonly form: 'plain'; readonly kind: Plain; readonly gate: Feature }
  | { readonly form: 'typed'; readonly kind: Typed; readonly gate: Feature }
  | { readonly form: 'transfer'; readonly kind: Transfer; readonly gate: Feature }
  | { readonly form: 'cancel'; readonly kind: Cancel; readonly gate: Feature }
  | { readonly form: 'waiting'; readonly kind: Waiting; readonly gate: Feature }
  | { readonly form: 'switching'; readonly kind: Switching; readonly gate: Feature }
  | { readonly form: 'error-context'; readonly kind: ErrorContext; readonly gate: Feature };

const rows: Readonly<Record<number, Row>> = {
  5: { form: 'plain', kind: 'task.cancel', gate: 'async' },
  12: { form: 'switching', kind: 'thread.yield', gate: 'async' },
  13: { form: 'plain', kind: 'subtask.drop', gate: 'async' },
  14: { form: 'typed', kind: 'stream.new', gate: 'async' },
  15: { form: 'transfer', kind: 'stream.read', gate: 'async' },
  16: { form: 'transfer', kind: 'stream.write', gate: 'async' },
  17: { form: 'cancel', kind: 'stream.cancel-read', gate: 'async' },
  18: { form: 'cancel', kind: 'stream.cancel-write', gate: 'async' },
  19: { form: 'typed', kind: 'stream.drop-readable', gate: 'async' },
  20: { form: 'typed', kind: 'stream.drop-writable', gate: 'async' },
  21: { form: 'typed', kind: 'future.new', gate: 'async' },
  22: { form: 'transfer', kind: 'future.read', gate: 'async' },
  23: { form: 'transfer', kind: 'future.write', gate: 'async' },
  24: { form: 'cancel', kind: 'future.cancel-read', gate: 'async' },
  25: { form: 'cancel', kind: 'future.cancel-write', gate: 'async' },
  26: { form: 'typed', kind: 'future.drop-readable', gate: 'async' },
  27: { form: 'typed', kind: 'future.drop-writable', gate: 'async' },
  28: { form: 'error-context', kind: 'error-context.new', gate: 'error-context' },
  29: { form: 'error-context', kind: 'error-context.debug-message', gate: 'error-context' },
  30: { form: 'plain', kind: 'error-context.drop', gate: 'error-context' },
  31: { form: 'plain', kind: 'waitable-set.new', gate: 'async' },
  32: { form: 'waiting', kind: 'waitable-set.wait', gate: 'async' },
  33: { form: 'waiting', kind: 'waitable-set.poll', gate: 'async' },
  34: { form: 'plain', kind: 'waitable-set.drop', gate: 'async' },
  35: { form: 'plain', kind: 'waitable.join', gate: 'async' },
  36: { form: 'plain', kind: 'backpressure.inc', gate: 'async' },
  37: { form: 'plain', kind: 'backpressure.dec', gate: 'async' },
  38: { form: 'plain', kind: 'thread.index', gate: 'threads' },
  40: { form: 'plain', kind: 'thread.resume-later', gate: 'threads' },
  41: { form: 'switching', kind: 'thread.suspend', gate: 'threads' },
  42: { form: 'switching', kind: 'thread.suspend-then-resume', gate: 'threads' },
  43: { form: 'switching', kind: 'thread.yield-then-resume', gate: 'threads' },
  44: { form: 'switching', kind: 'thread.suspend-then-promote', gate: 'threads' },
  45: { form: 'switching', kind: 'thread.yield-then-promote', gate: 'threads' },
};

function canonOption(reader: BinaryReader): CanonOption {
  const start = reader.position;
  const byte = reader.byte('a canonical option');
  switch (byte) {
    case 0x00:
      return { kind: 'utf8' };
    case 0x01:
      return { kind: 'utf16' };
    case 0x02:
      return { kind: 'latin1+utf16' };
    case 0x03:
      return { kind: 'memory', index: reader.u32('a core memory index') };
    case 0x04:
      return { kind: 'realloc', index: reader.u32('a core function index') };
    case 0x05:
      return { kind: 'post-return', index: reader.u32('a core function index') };
    case 0x06:
      reader.require('async', start, 'the canonical option `async`');
      return { kind: 'async' };
    case 0x07:
      reader.require('async', start, 'the canonical option `callback`');
      return { kind: 'callback', index: reader.u32('a core function index') };
    default:
      return reader.badByte(byte, 'canonical option');
  }
}

function options(reader: BinaryReader): readonly CanonOption[] {
  return reader.vec('canonical options', canonOption);
}

/** The type of a context slot. */
function slotType(reader: BinaryReader): CoreValType {
  const start = reader.position;
  const type = readCoreValType(reader);
  if (type === 'i64') reader.require('memory64', start, 'a context slot of the type `i64`');
  return type;
}

function row(reader: BinaryReader, of: Row, start: number): Canon {
  reader.require(of.gate, start, `\`canon ${of.kind}\``);
  switch (of.form) {
    case 'plain':
      return { kind: of.kind };
    case 'typed':
      return { kind: of.kind, type: reader.u32('a type index') };
    case 'transfer': {
      const type = reader.u32('a type index');
      const opts = options(reader);
      if (!opts.some((option) => option.kind === 'async')) {
        reader.require('async-builtin-options', start, `\`canon ${of.kind}\` without \`async\``);
      }
      return { kind: of.kind, type, options: opts };
    }
    case 'cancel': {
      const type = reader.u32('a type index');
      return { kind: of.kind, type, async: asyncFlag(reader, of.kind, start) };
    }
    case 'waiting': {
      const cancellable = reader.flag('`cancellable`');
      return { kind: of.kind, cancellable, memory: reader.u32('a core memory index') };
    }
    case 'switching':
      return { kind: of.kind, cancellable: reader.flag('`cancellable`') };
    case 'error-context':
      return { kind: of.kind, options: options(reader) };
  }
}

/** The `async` immediate of a built-in that cancels: gated, unlike the option of the same name. */
function asyncFlag(reader: BinaryReader, kind: string, start: number): boolean {
  const async = reader.flag('`async`');
  if (async) reader.require('async-builtin-options', start, `\`canon ${kind}\` with \`async\``);
  return async;
}

function shared(reader: BinaryReader, start: number, kind: string): boolean {
  reader.require('shared-everything-threads', start, `\`canon ${kind}\``);
  return reader.flag('`shared`');
}

/** `canon`. */
export function readCanon(reader: BinaryReader): Canon {
  const start = reader.position;
  const byte = reader.byte('a canonical definition');
  const simple = rows[byte];
  if (simple !== undefined) return row(reader, simple, start);
  switch (byte) {
    case 0x00: {
      reader.expect(0x00, 'canonical function lift');
      const func = reader.u32('a core function index');
      const opts = options(reader);
      if (opts.some((o) => o.kind === 'async') && !opts.some((o) => o.kind === 'callback')) {
        reader.require('stackful-lift', start, '`canon lift` with `async` and without `callback`');
      }
      return { kind: 'lift', func, options: opts, type: reader.u32('a type index') };
    }
    case 0x01: {
      reader.expect(0x00, 'canonical function lower');
      const func = reader.u32('a function index');
      return { kind: 'lower', func, options: options(reader) };
    }
    case 0x02:
      return { kind: 'resource.new', type: reader.u32('a type index') };
    case 0x03:
      return { kind: 'resource.drop', type: reader.u32('a type index') };
    case 0x04:
      return { kind: 'resource.rep', type: reader.u32('a type index') };
    case 0x06:
      reader.require('async', start, '`canon subtask.cancel`');
      return { kind: 'subtask.cancel', async: asyncFlag(reader, 'subtask.cancel', start) };
    case 0x09: {
      reader.require('async', start, '`canon task.return`');
      const result = readResultList(reader);
      const opts = options(reader);
      return result === undefined
        ? { kind: 'task.return', options: opts }
        : { kind: 'task.return', result, options: opts };
    }
    case 0x0a:
    case 0x0b: {
      const kind = byte === 0x0a ? 'context.get' : 'context.set';
      reader.require('async', start, `\`canon ${kind}\``);
      const type = slotType(reader);
      return { kind, type, slot: reader.u32('a context slot') };
    }
    case 0x27: {
      reader.require('threads', start, '`canon thread.new-indirect`');
      const type = reader.u32('a core type index');
      return { kind: 'thread.new-indirect', type, table: reader.u32('a core table index') };
    }
    case 0x40: {
      const isShared = shared(reader, start, 'thread.spawn-ref');
      return { kind: 'thread.spawn-ref', shared: isShared, type: reader.u32('a core type index') };
    }
    case 0x41: {
      const isShared = shared(reader, start, 'thread.spawn-indirect');
      const type = reader.u32('a core type index');
      return { kind: 'thread.spawn-indirect', shared: isShared, type, table: reader.u32('a core table index') };
    }
    case 0x42:
      return { kind: 'thread.available-parallelism', shared: shared(reader, start, 'thread.available-parallelism') };
    default:
      return reader.badByte(byte, 'canonical function');
  }
}
