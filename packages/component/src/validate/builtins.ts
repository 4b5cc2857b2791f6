/**
 * The canonical built-ins (Explainer.md#canonical-built-ins). In: a canonical definition other than lift and lower. Out: the
 * core function that it makes.
 *
 * One row a built-in: its gate, the options it may have, and a rule that checks its immediates and gives its core
 * signature. A new built-in is a new row; the compiler asks for it once `Canon` has it.
 */

import type { AddressType } from '../abi/layout.ts';
import { flattenFunc, MAX_FLAT_PARAMS } from '../abi/layout.ts';
import type { Canon, CanonOption, CoreFuncType, CoreValType } from '../binary/ast.ts';
import { InternalError } from '../errors.ts';
import { fail } from '../fail.ts';
import type { Feature } from '../features.ts';
import {
  memoryAddress,
  noOptions,
  type OptionName,
  type Options,
  readOptions,
  requireForLifting,
  requireForLowering,
  requireMemory,
  requireRealloc,
} from './canon-options.ts';
import { isFuncTable } from './core-subtype.ts';
import { builtinFunc, type CoreItem, coreFuncTypeAt, printCoreFunc, printCoreValType } from './core-types.ts';
import { CONTEXT_SLOTS } from './limits.ts';
import { resolveValType } from './resolve.ts';
import type { Scope } from './scope.ts';
import { layout } from './type-store.ts';
import type { ValueType } from './types.ts';

export type BuiltinKind = Exclude<Canon['kind'], 'lift' | 'lower'>;

/** The member of `Canon` whose `kind` can be `K`, with that kind. */
type CanonOf<K extends Canon['kind'], C = Canon> = C extends { readonly kind: infer X }
  ? K extends X
    ? C
    : never
  : never;

/** What a rule works on. */
interface Use<K extends BuiltinKind> {
  readonly scope: Scope;
  readonly kind: K;
  readonly canon: CanonOf<K>;
  readonly options: Options;
  readonly offset: number;
}

export interface Builtin<K extends BuiltinKind = BuiltinKind> {
  readonly gate: Feature | null;
  readonly options: readonly OptionName[];
  readonly rule: (use: Use<K>) => CoreItem;
}

// --- rows that many built-ins share -----------------------------------------------------------------------------------

type CoreNums = readonly CoreValType[];

/** A built-in with a fixed signature. */
function fixed<K extends BuiltinKind>(gate: Feature, params: CoreNums, results: CoreNums): Builtin<K> {
  const func = builtinFunc(params, results);
  return { gate, options: [], rule: () => func };
}

/** The element type of the stream or future at `index`; `null` when it has none. */
function elementOf(scope: Scope, kind: 'stream' | 'future', index: number, offset: number): ValueType | null {
  const type = scope.type(index, offset);
  if (type.kind !== kind) return fail(offset, 'not-a-type', { index, what: `a ${kind} type` });
  return type.element;
}

type Ends =
  | 'stream.new'
  | 'stream.drop-readable'
  | 'stream.drop-writable'
  | 'future.new'
  | 'future.drop-readable'
  | 'future.drop-writable';

/** A built-in on a stream or future type, with a fixed signature. */
function ends<K extends Ends>(of: 'stream' | 'future', params: CoreNums, results: CoreNums): Builtin<K> {
  const func = builtinFunc(params, results);
  return {
    gate: 'async',
    options: [],
    rule: ({ scope, canon, offset }) => {
      elementOf(scope, of, (canon as CanonOf<Ends>).type, offset);
      return func;
    },
  };
}

type Copy = 'stream.read' | 'stream.write' | 'future.read' | 'future.write';

/** CanonicalABI.md#canon-streamreadwrite, #canon-futurereadwrite. Reading lowers into memory, writing lifts out of it. */
function copy<K extends Copy>(of: 'stream' | 'future', reads: boolean): Builtin<K> {
  return {
    gate: 'async',
    options: ['string-encoding', 'memory', 'realloc', 'async'],
    rule: ({ scope, kind, canon, options, offset }) => {
      const element = elementOf(scope, of, (canon as CanonOf<Copy>).type, offset);
      if (!options.async) requireSyncOptions(scope, kind, offset);
      if (element !== null) {
        requireMemory(options, offset);
        if (reads) requireForLowering(element, options, offset);
        else requireForLifting(element, options, offset);
      }
      const { address } = options;
      return of === 'stream'
        ? builtinFunc(['i32', address, address], [address])
        : builtinFunc(['i32', address], ['i32']);
    },
  };
}

function requireSyncOptions(scope: Scope, canon: BuiltinKind, offset: number): void {
  if (!scope.features['async-builtin-options']) fail(offset, 'builtin-sync', { canon });
}

function allowAsync(scope: Scope, canon: BuiltinKind, async: boolean, offset: number): void {
  if (async && !scope.features['async-builtin-options']) fail(offset, 'builtin-async', { canon });
}

type CancelCopy = 'stream.cancel-read' | 'stream.cancel-write' | 'future.cancel-read' | 'future.cancel-write';

function cancelCopy<K extends CancelCopy>(of: 'stream' | 'future'): Builtin<K> {
  return {
    gate: 'async',
    options: [],
    rule: ({ scope, kind, canon, offset }) => {
      const { type, async } = canon as CanonOf<CancelCopy>;
      elementOf(scope, of, type, offset);
      allowAsync(scope, kind, async, offset);
      return builtinFunc(['i32'], ['i32']);
    },
  };
}

type Wait = 'waitable-set.wait' | 'waitable-set.poll';

function wait<K extends Wait>(): Builtin<K> {
  return {
    gate: 'async',
    options: [],
    rule: ({ scope, canon, offset }) => {
      const { memory } = canon as CanonOf<Wait>;
      return builtinFunc(['i32', memoryAddress(scope, scope.coreMemory(memory, offset), offset)], ['i32']);
    },
  };
}

type Context = 'context.get' | 'context.set';

function context<K extends Context>(gets: boolean): Builtin<K> {
  return {
    gate: 'async',
    options: [],
    rule: ({ scope, kind, canon, offset }) => {
      const { type, slot } = canon as CanonOf<Context>;
      if (type !== 'i32' && type !== 'i64') {
        return fail(offset, 'context-type', { canon: kind, type: printCoreValType(type) });
      }
      if (type === 'i64') requireGate(scope, 'memory64', `${kind} i64`, offset);
      if (slot >= CONTEXT_SLOTS) fail(offset, 'context-slot', { canon: kind, slot });
      const previous = scope.contextType;
      if (previous !== null && previous !== type) fail(offset, 'context-types', { type, previous });
      scope.contextType = type;
      return gets ? builtinFunc([], [type]) : builtinFunc([type], []);
    },
  };
}

type ResourceRep = 'resource.new' | 'resource.rep';

/** The representation of the resource at `index`, which this component must have defined. */
function localRep(use: Use<ResourceRep>): AddressType {
  const { scope, kind, canon, offset } = use;
  const { resource } = scope.typeOfKind('resource', canon.type, offset);
  if (resource.rep === null || resource.binder !== scope.binder) {
    return fail(offset, 'resource-local', { index: canon.type, canon: kind });
  }
  return resource.rep;
}

type Spawn = 'thread.new-indirect' | 'thread.spawn-ref' | 'thread.spawn-indirect';

/** The parameter of the function that a new thread runs. */
function threadParam(use: Use<Spawn>): AddressType {
  const { scope, kind, canon, offset } = use;
  const func = coreFuncTypeAt(scope, canon.type, offset);
  if (func.type.kind === 'func') {
    const { params, results } = func.type.type;
    const [param] = params;
    const fits = params.length === 1 && results.length === 0;
    if (fits && (param === 'i32' || (param === 'i64' && scope.features.memory64))) return param;
    return fail(offset, 'thread-func', { canon: kind, index: canon.type, found: printCoreFunc(func.type.type) });
  }
  return fail(offset, 'thread-func', { canon: kind, index: canon.type, found: func.type.kind });
}

/** The address type of the table that a new thread's function is in. */
function threadTable(scope: Scope, kind: BuiltinKind, index: number, shared: boolean, offset: number): AddressType {
  const table = scope.coreTable(index, offset);
  if (table.type.kind !== 'table') return 'i32';
  if (!isFuncTable(table)) {
    fail(offset, 'thread-table', { canon: kind, index, found: printCoreValType(table.type.element) });
  }
  const { limits } = table.type;
  if (shared && !limits.shared) fail(offset, 'thread-table-shared', { canon: kind, index });
  if (limits.address === 'i64') requireGate(scope, 'memory64', `${kind} with a table of 64-bit addresses`, offset);
  return limits.address;
}

// --- the table --------------------------------------------------------------------------------------------------------

/** Every built-in, in the order of Explainer.md. */
export const builtins: { readonly [K in BuiltinKind]: Builtin<K> } = {
  'resource.new': { gate: null, options: [], rule: (use) => builtinFunc([localRep(use)], ['i32']) },
  'resource.drop': {
    gate: null,
    options: [],
    rule: ({ scope, canon, offset }) => {
      scope.typeOfKind('resource', canon.type, offset);
      return builtinFunc(['i32'], []);
    },
  },
  'resource.rep': { gate: null, options: [], rule: (use) => builtinFunc(['i32'], [localRep(use)]) },
  'context.get': context(true),
  'context.set': context(false),
  'backpressure.inc': fixed('async', [], []),
  'backpressure.dec': fixed('async', [], []),
  'task.return': {
    gate: 'async',
    options: ['string-encoding', 'memory'],
    rule: ({ scope, canon, options, offset }) => {
      const { address } = options;
      if (canon.result === undefined) return builtinFunc([], []);
      const result = resolveValType(scope, canon.result, offset);
      if (result.hasBorrow) fail(offset, 'result-borrow', {});
      requireForLifting(result, options, offset);
      const flat = layout(result, address);
      if (flat.flat.length > MAX_FLAT_PARAMS) requireMemory(options, offset);
      const { params, results } = flattenFunc([flat], null, { address }, 'lower');
      return builtinFunc(params, results);
    },
  },
  'task.cancel': fixed('async', [], []),
  'waitable-set.new': fixed('async', [], ['i32']),
  'waitable-set.wait': wait(),
  'waitable-set.poll': wait(),
  'waitable-set.drop': fixed('async', ['i32'], []),
  'waitable.join': fixed('async', ['i32', 'i32'], []),
  'subtask.cancel': {
    gate: 'async',
    options: [],
    rule: ({ scope, kind, canon, offset }) => {
      allowAsync(scope, kind, canon.async, offset);
      return builtinFunc(['i32'], ['i32']);
    },
  },
  'subtask.drop': fixed('async', ['i32'], []),
  'stream.new': ends('stream', [], ['i64']),
  'stream.read': copy('stream', true),
  'stream.write': copy('stream', false),
  'stream.cancel-read': cancelCopy('stream'),
  'stream.cancel-write': cancelCopy('stream'),
  'stream.drop-readable': ends('stream', ['i32'], []),
  'stream.drop-writable': ends('stream', ['i32'], []),
  'future.new': ends('future', [], ['i64']),
  'future.read': copy('future', true),
  'future.write': copy('future', false),
  'future.cancel-read': cancelCopy('future'),
  'future.cancel-write': cancelCopy('future'),
  'future.drop-readable': ends('future', ['i32'], []),
  'future.drop-writable': ends('future', ['i32'], []),
  'thread.index': fixed('threads', [], ['i32']),
  'thread.new-indirect': {
    gate: 'threads',
    options: [],
    rule: (use) => {
      const { scope, kind, canon, offset } = use;
      const param = threadParam(use);
      return builtinFunc([threadTable(scope, kind, canon.table, false, offset), param], ['i32']);
    },
  },
  'thread.resume-later': fixed('threads', ['i32'], []),
  'thread.suspend': fixed('threads', [], ['i32']),
  'thread.yield': fixed('async', [], ['i32']),
  'thread.suspend-then-resume': fixed('threads', ['i32'], ['i32']),
  'thread.yield-then-resume': fixed('threads', ['i32'], ['i32']),
  'thread.suspend-then-promote': fixed('threads', ['i32'], ['i32']),
  'thread.yield-then-promote': fixed('threads', ['i32'], ['i32']),
  'error-context.new': {
    gate: 'error-context',
    options: ['string-encoding', 'memory', 'realloc'],
    rule: ({ options, offset }) => {
      requireMemory(options, offset);
      return builtinFunc([options.address, options.address], ['i32']);
    },
  },
  'error-context.debug-message': {
    gate: 'error-context',
    options: ['string-encoding', 'memory', 'realloc'],
    rule: ({ options, offset }) => {
      requireRealloc(options, offset);
      return builtinFunc(['i32', options.address], []);
    },
  },
  'error-context.drop': fixed('error-context', ['i32'], []),
  'thread.spawn-ref': {
    gate: 'shared-everything-threads',
    options: [],
    rule: (use) => {
      const param = threadParam(use);
      const func: CoreValType = { kind: 'ref', nullable: true, heap: use.canon.type };
      return { ...builtinFunc([func, param], ['i32']), space: use.scope.coreTypes };
    },
  },
  'thread.spawn-indirect': {
    gate: 'shared-everything-threads',
    options: [],
    rule: (use) => {
      const { scope, kind, canon, offset } = use;
      const param = threadParam(use);
      return builtinFunc([threadTable(scope, kind, canon.table, canon.shared, offset), param], ['i32']);
    },
  },
  'thread.available-parallelism': fixed('shared-everything-threads', [], ['i32']),
};

const optionSets = new Map<BuiltinKind, ReadonlySet<OptionName>>(
  Object.entries(builtins).map(([kind, { options }]) => [kind as BuiltinKind, new Set(options)]),
);

/** The core function that `canon` makes. Throws `ValidationError`. */
export function defineBuiltin(scope: Scope, canon: CanonOf<BuiltinKind>, offset: number): CoreItem {
  const { kind } = canon;
  const builtin = builtins[kind];
  if (builtin.gate !== null) requireGate(scope, builtin.gate, kind, offset);
  const list: readonly CanonOption[] | null = 'options' in canon ? canon.options : null;
  const options = list === null ? noOptions : readOptions(scope, list, kind, optionSets.get(kind)!, offset);
  const item = (
    builtin.rule as (use: {
      scope: Scope;
      kind: BuiltinKind;
      canon: Canon;
      options: Options;
      offset: number;
    }) => CoreItem
  )({
    scope,
    kind,
    canon,
    options,
    offset,
  });
  if (item.type.kind === 'func') coreTypes.set(canon, item.type.type);
  return item;
}

/**
 * The core types of the built-ins that have been validated. Translation takes them from here, so that they are said once;
 * they depend on types and memories, which only validation looks up.
 */
const coreTypes = new WeakMap<Canon, CoreFuncType>();

/** The core type of `canon`, which {@link defineBuiltin} has defined. */
export function builtinType(canon: Canon): CoreFuncType {
  const type = coreTypes.get(canon);
  if (type === undefined) throw new InternalError(`canon ${canon.kind} is translated before it was validated`);
  return type;
}

function requireGate(scope: Scope, feature: Feature, canon: string, offset: number): void {
  if (!scope.features[feature]) fail(offset, 'gate', { canon, feature });
}
