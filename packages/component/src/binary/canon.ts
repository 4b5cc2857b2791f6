/**
 * Canonical definitions in the binary format (Binary.md `canon`). In: a cursor. Out: nodes of the AST. What follows the
 * opcode of a built-in is its row's matter (builtin-table.ts).
 */

import { type BuiltinForm, type BuiltinRow, builtinOf } from '../builtin-table.ts';
import type { Canon, CanonOption, CoreValType } from './ast.ts';
import { readCoreValType } from './core-types.ts';
import { choice, type Form, gated, type Part, type Read, take, u32, vec } from './grammar.ts';
import type { BinaryReader } from './reader.ts';
import { readResultList } from './types.ts';

const coreFunc = u32('a core function index');
const memory = u32('a core memory index');

const options = vec(
  'canonical options',
  choice<CanonOption>('a canonical option', 'canonical option', {
    0x00: { kind: 'utf8' },
    0x01: { kind: 'utf16' },
    0x02: { kind: 'latin1+utf16' },
    0x03: (reader) => ({ kind: 'memory', index: memory(reader) }),
    0x04: (reader) => ({ kind: 'realloc', index: coreFunc(reader) }),
    0x05: (reader) => ({ kind: 'post-return', index: coreFunc(reader) }),
    0x06: { kind: gated('async', 'the canonical option `async`', 'async') },
    0x07: { kind: gated('async', 'the canonical option `callback`', 'callback'), index: coreFunc },
  }),
);

const has = (list: readonly CanonOption[], kind: CanonOption['kind']): boolean =>
  list.some((option) => option.kind === kind);

/** The built-in whose opcode stands at `start` has, or has not, the option `async` (`how`). */
function requireAsyncOptions(reader: BinaryReader, start: number, how: 'with' | 'without'): void {
  const { kind } = builtinAt(reader, start);
  reader.require('async-builtin-options', start, `\`canon ${kind}\` ${how} \`async\``);
}

/** The type of a context slot. */
function slotType(reader: BinaryReader): CoreValType {
  const start = reader.position;
  const type = readCoreValType(reader);
  if (type === 'i64') reader.require('memory64', start, 'a context slot of the type `i64`');
  return type;
}

const type = u32('a type index');
const coreType = u32('a core type index');
const table = u32('a core table index');
const flag =
  (what: string): Read<boolean> =>
  (reader) =>
    reader.flag(what);
const cancellable = flag('`cancellable`');
const shared = flag('`shared`');
const async: Part<boolean> = (reader, start) => {
  const isAsync = reader.flag('`async`');
  if (isAsync) requireAsyncOptions(reader, start, 'with');
  return isAsync;
};

/** What follows the opcode of a built-in. */
const forms: Readonly<Record<BuiltinForm, Form<object>>> = {
  plain: {},
  typed: { type },
  copy: {
    type,
    options: (reader: BinaryReader, start: number): CanonOption[] => {
      const list = options(reader);
      if (!has(list, 'async')) requireAsyncOptions(reader, start, 'without');
      return list;
    },
  },
  cancel: { type, async },
  async: { async },
  wait: { cancellable, memory },
  switch: { cancellable },
  options: { options },
  return: { result: readResultList, options },
  context: { type: slotType, slot: u32('a context slot') },
  start: { type: coreType, table },
  shared: { shared },
  'shared-ref': { shared, type: coreType },
  'shared-start': { shared, type: coreType, table },
};

function lift(reader: BinaryReader, start: number): Canon {
  reader.expect(0x00, 'canonical function lift');
  const func = coreFunc(reader);
  const list = options(reader);
  if (has(list, 'async') && !has(list, 'callback')) {
    reader.require('stackful-lift', start, '`canon lift` with `async` and without `callback`');
  }
  return { kind: 'lift', func, options: list, type: type(reader) };
}

function lower(reader: BinaryReader): Canon {
  reader.expect(0x00, 'canonical function lower');
  return { kind: 'lower', func: reader.u32('a function index'), options: options(reader) };
}

/** `canon`. */
export function readCanon(reader: BinaryReader): Canon {
  const start = reader.position;
  const byte = reader.byte('a canonical definition');
  if (byte === 0x00) return lift(reader, start);
  if (byte === 0x01) return lower(reader);
  const { kind, gate, form } = builtinAt(reader, start);
  if (gate !== null) reader.require(gate, start, `\`canon ${kind}\``);
  // The form of a row is that of its kind.
  return { kind, ...take(reader, forms[form], start) } as Canon;
}

function builtinAt(reader: BinaryReader, start: number): BuiltinRow {
  const opcode = reader.bytes[start]!;
  return builtinOf(opcode) ?? reader.badByte(opcode, 'canonical function');
}
