/**
 * Canonical definitions in the binary format (Binary.md `canon`). In: a cursor. Out: nodes of the AST. What follows the
 * opcode of a built-in is its row's matter (builtin-table.ts).
 */

import { type BuiltinRow, builtinRows } from '../builtin-table.ts';
import type { Canon, CanonOption, CoreValType } from './ast.ts';
import { readCoreValType } from './core-types.ts';
import type { BinaryReader } from './reader.ts';
import { readResultList } from './types.ts';

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

/** The immediates of a built-in whose opcode stands at `start`. */
function immediates(reader: BinaryReader, { kind, form }: BuiltinRow, start: number): object {
  const typeIndex = (): number => reader.u32('a type index');
  const requireAsyncOptions = (how: string): void =>
    reader.require('async-builtin-options', start, `\`canon ${kind}\` ${how} \`async\``);
  const asyncFlag = (): boolean => {
    const async = reader.flag('`async`');
    if (async) requireAsyncOptions('with');
    return async;
  };
  const shared = (): boolean => reader.flag('`shared`');
  switch (form) {
    case 'plain':
      return {};
    case 'typed':
      return { type: typeIndex() };
    case 'copy': {
      const type = typeIndex();
      const opts = options(reader);
      if (!opts.some((option) => option.kind === 'async')) requireAsyncOptions('without');
      return { type, options: opts };
    }
    case 'cancel':
      return { type: typeIndex(), async: asyncFlag() };
    case 'async':
      return { async: asyncFlag() };
    case 'wait':
      return { cancellable: reader.flag('`cancellable`'), memory: reader.u32('a core memory index') };
    case 'switch':
      return { cancellable: reader.flag('`cancellable`') };
    case 'options':
      return { options: options(reader) };
    case 'return': {
      const result = readResultList(reader);
      return { ...(result === undefined ? {} : { result }), options: options(reader) };
    }
    case 'context':
      return { type: slotType(reader), slot: reader.u32('a context slot') };
    case 'start':
      return { type: reader.u32('a core type index'), table: reader.u32('a core table index') };
    case 'shared':
      return { shared: shared() };
    case 'shared-ref':
      return { shared: shared(), type: reader.u32('a core type index') };
    case 'shared-start':
      return { shared: shared(), type: reader.u32('a core type index'), table: reader.u32('a core table index') };
  }
}

/** `canon`. */
export function readCanon(reader: BinaryReader): Canon {
  const start = reader.position;
  const byte = reader.byte('a canonical definition');
  if (byte === 0x00) {
    reader.expect(0x00, 'canonical function lift');
    const func = reader.u32('a core function index');
    const opts = options(reader);
    if (opts.some((o) => o.kind === 'async') && !opts.some((o) => o.kind === 'callback')) {
      reader.require('stackful-lift', start, '`canon lift` with `async` and without `callback`');
    }
    return { kind: 'lift', func, options: opts, type: reader.u32('a type index') };
  }
  if (byte === 0x01) {
    reader.expect(0x00, 'canonical function lower');
    const func = reader.u32('a function index');
    return { kind: 'lower', func, options: options(reader) };
  }
  const row = builtinRows().get(byte);
  if (row === undefined) return reader.badByte(byte, 'canonical function');
  const { kind, gate } = row;
  if (gate !== null) reader.require(gate, start, `\`canon ${kind}\``);
  // The form of a row is that of its kind.
  return { kind, ...immediates(reader, row, start) } as Canon;
}
