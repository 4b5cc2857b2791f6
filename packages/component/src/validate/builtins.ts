/**
 * The canonical built-ins (Explainer.md#canonical-built-ins). In: a canonical definition other than lift and lower. Out: the
 * core function that it makes.
 *
 * Those whose core signature depends on their immediates have a rule here; the others have it in their row of
 * builtin-table.ts. The decoder has seen to it that gates are open.
 */

import type { AddressType } from '../abi/layout.ts';
import { flattenFunc, MAX_FLAT_PARAMS } from '../abi/layout.ts';
import type { Canon, CoreFuncType, CoreValType } from '../binary/ast.ts';
import { type BuiltinKind, builtinRow } from '../builtin-table.ts';
import { InternalError } from '../errors.ts';
import { fail } from '../fail.ts';
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
type Rule<K extends BuiltinKind> = (use: Use<K>) => CoreItem;

// --- rules that several built-ins share -------------------------------------------------------------------------------

/** The element type of the stream or future that the built-in is for; `null` when it has none. */
function elementOf({ scope, kind, canon, offset }: Use<Copy>): ValueType | null {
  const { type: index } = canon;
  const type = scope.type(index, offset);
  const wanted = kind.split('.')[0] as 'stream' | 'future';
  if (type.kind !== wanted) return fail(offset, 'not-a-type', { index, what: `a ${wanted} type` });
  return type.element;
}

type Copy = 'stream.read' | 'stream.write' | 'future.read' | 'future.write';

/** CanonicalABI.md#canon-streamreadwrite, #canon-futurereadwrite. Reading lowers into memory, writing lifts out of it. */
function copy(use: Use<Copy>): CoreItem {
  const { kind, options, offset } = use;
  const element = elementOf(use);
  if (element !== null) {
    requireMemory(options, offset);
    if (kind.endsWith('read')) requireForLowering(element, options, offset);
    else requireForLifting(element, options, offset);
  }
  const { address } = options;
  return kind.startsWith('stream')
    ? builtinFunc(['i32', address, address], [address])
    : builtinFunc(['i32', address], ['i32']);
}

function wait({ scope, canon, offset }: Use<'waitable-set.wait' | 'waitable-set.poll'>): CoreItem {
  return builtinFunc(['i32', memoryAddress(scope, scope.coreMemory(canon.memory, offset), offset)], ['i32']);
}

function context({ scope, kind, canon, offset }: Use<'context.get' | 'context.set'>): CoreItem {
  const { type, slot } = canon;
  if (type !== 'i32' && type !== 'i64') {
    return fail(offset, 'context-type', { canon: kind, type: printCoreValType(type) });
  }
  if (slot >= CONTEXT_SLOTS) fail(offset, 'context-slot', { canon: kind, slot });
  const previous = scope.contextType;
  if (previous !== null && previous !== type) fail(offset, 'context-types', { type, previous });
  scope.contextType = type;
  return kind === 'context.get' ? builtinFunc([], [type]) : builtinFunc([type], []);
}

/** The representation of the resource at `index`, which this component must have defined. */
function localRep({ scope, kind, canon, offset }: Use<'resource.new' | 'resource.rep'>): AddressType {
  const { resource } = scope.typeOfKind('resource', canon.type, offset);
  if (resource.rep === null || resource.binder !== scope.binder) {
    return fail(offset, 'resource-local', { index: canon.type, canon: kind });
  }
  return resource.rep;
}

type Spawn = 'thread.new-indirect' | 'thread.spawn-ref' | 'thread.spawn-indirect';

/** The parameter of the function that a new thread runs. */
function threadParam({ scope, kind, canon, offset }: Use<Spawn>): AddressType {
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

function indirect(use: Use<'thread.new-indirect' | 'thread.spawn-indirect'>): CoreItem {
  const param = threadParam(use);
  return builtinFunc([threadTable(use), param], ['i32']);
}

/** The address type of the table that a new thread's function is in. */
function threadTable(use: Use<'thread.new-indirect' | 'thread.spawn-indirect'>): AddressType {
  const { scope, kind, canon, offset } = use;
  const { table: index } = canon;
  const table = scope.coreTable(index, offset);
  if (table.type.kind !== 'table') return 'i32';
  if (!isFuncTable(table)) {
    fail(offset, 'thread-table', { canon: kind, index, found: printCoreValType(table.type.element) });
  }
  const { limits } = table.type;
  if ('shared' in canon && canon.shared && !limits.shared) fail(offset, 'thread-table-shared', { canon: kind, index });
  if (limits.address === 'i64' && !scope.features.memory64) {
    fail(offset, 'gate', { canon: `${kind} with a table of 64-bit addresses`, feature: 'memory64' });
  }
  return limits.address;
}

// --- the rules --------------------------------------------------------------------------------------------------------

const rules: { readonly [K in BuiltinKind]?: Rule<K> } = {
  'resource.new': (use) => builtinFunc([localRep(use)], ['i32']),
  'resource.drop': ({ scope, canon, offset }) => {
    scope.typeOfKind('resource', canon.type, offset);
    return builtinFunc(['i32'], []);
  },
  'resource.rep': (use) => builtinFunc(['i32'], [localRep(use)]),
  'context.get': context,
  'context.set': context,
  'task.return': ({ scope, canon, options, offset }) => {
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
  'waitable-set.wait': wait,
  'waitable-set.poll': wait,
  'stream.read': copy,
  'stream.write': copy,
  'future.read': copy,
  'future.write': copy,
  'thread.new-indirect': indirect,
  'error-context.new': ({ options, offset }) => {
    requireMemory(options, offset);
    return builtinFunc([options.address, options.address], ['i32']);
  },
  'error-context.debug-message': ({ options, offset }) => {
    requireRealloc(options, offset);
    return builtinFunc(['i32', options.address], []);
  },
  'thread.spawn-ref': (use) => {
    const param = threadParam(use);
    const func: CoreValType = { kind: 'ref', nullable: true, heap: use.canon.type };
    return { ...builtinFunc([func, param], ['i32']), space: use.scope.coreTypes };
  },
  'thread.spawn-indirect': indirect,
};

/** The options that a built-in may have. */
function allowed(kind: BuiltinKind): ReadonlySet<OptionName> {
  const names: OptionName[] = ['string-encoding', 'memory', 'realloc', 'async'];
  return new Set(names.slice(0, kind === 'task.return' ? 2 : kind.startsWith('error') ? 3 : 4));
}

/** The core function that `canon` makes. Throws `ValidationError`. */
export function defineBuiltin(scope: Scope, canon: CanonOf<BuiltinKind>, offset: number): CoreItem {
  const { kind } = canon;
  const options = 'options' in canon ? readOptions(scope, canon.options, kind, allowed(kind), offset) : noOptions;
  const use = { scope, kind, canon, options, offset };
  const rule = rules[kind] as ((use: unknown) => CoreItem) | undefined;
  const item = rule === undefined ? fixed(use) : rule(use);
  if (item.type.kind === 'func') coreTypes.set(canon, item.type.type);
  return item;
}

/** A built-in whose core signature stands in the table. Its type, if it has one, is that of a stream or future. */
function fixed(use: Use<BuiltinKind>): CoreItem {
  const { params, results } = builtinRow(use.kind);
  if ('type' in use.canon) elementOf(use as Use<Copy>);
  return builtinFunc(params, results);
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
