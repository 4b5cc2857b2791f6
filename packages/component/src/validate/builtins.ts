/**
 * The canonical built-ins (Explainer.md#canonical-built-ins). In: a canonical definition other than lift and lower. Out: the
 * core function that it makes.
 *
 * Core signatures stand in builtin-table.ts; what depends on immediates is a letter there, and is found here with the checks
 * of those. The decoder has seen to it that gates are open.
 */

import type { AddressType } from '../abi/layout.ts';
import { flattenFunc } from '../abi/layout.ts';
import type { Canon, CoreFuncType, CoreValType } from '../binary/ast.ts';
import { type BuiltinKind, builtinRow } from '../builtin-table.ts';
import { InternalError } from '../errors.ts';
import { fail } from '../fail.ts';
import { memoryAddress, noOptions, type Options, readOptions, requireOption } from './canon-options.ts';
import { isFuncTable } from './core-subtype.ts';
import { type CoreItemOf, coreFunc, coreFuncTypeAt } from './core-types.ts';
import { CONTEXT_SLOTS } from './limits.ts';
import { resolveValType } from './resolve.ts';
import type { Scope } from './scope.ts';
import { layout } from './type-store.ts';

/** The member of `Canon` whose `kind` can be `K`, with that kind. */
type CanonOf<K extends Canon['kind'], C = Canon> = C extends { readonly kind: infer X }
  ? K extends X
    ? C
    : never
  : never;
type Builtin = CanonOf<BuiltinKind>;

/** The core function that `canon` makes. Throws `ValidationError`. */
export function defineBuiltin(scope: Scope, canon: Builtin, offset: number): CoreItemOf<'func'> {
  const { kind } = canon;
  const options =
    'options' in canon ? readOptions(scope, canon.options, kind, allowedOptions(kind), offset) : noOptions;
  /** `t` in the signature: the type that the immediates name. */
  let type: CoreValType = 'i32';
  /** `a` in the signature: the address type of the memory or table. */
  let { address } = options;
  switch (kind) {
    case 'resource.new':
    case 'resource.drop':
    case 'resource.rep':
      type = resourceRep(scope, canon, offset);
      break;
    case 'context.get':
    case 'context.set':
      type = contextType(scope, canon, offset);
      break;
    case 'task.return':
      return define(canon, taskReturn(scope, canon, options, offset));
    case 'waitable-set.wait':
    case 'waitable-set.poll':
      address = memoryAddress(scope, scope.at('core memory', canon.memory, offset), offset);
      break;
    case 'error-context.new':
      requireOption(options, 'memory', offset);
      break;
    case 'error-context.debug-message':
      requireOption(options, 'realloc', offset);
      break;
    case 'thread.new-indirect':
    case 'thread.spawn-indirect':
      type = threadParam(scope, canon, offset);
      address = tableAddress(scope, canon, offset);
      break;
    case 'thread.spawn-ref':
      type = threadParam(scope, canon, offset);
      break;
    default:
      if ('type' in canon) checkCopy(scope, canon, options, offset);
  }
  const func: CoreValType = { kind: 'ref', nullable: true, heap: 'type' in canon ? (canon.type as number) : 0 };
  const letters: Readonly<Record<string, CoreValType>> = { i: 'i32', l: 'i64', a: address, t: type, f: func };
  const params: CoreValType[] = [];
  const results: CoreValType[] = [];
  let list = params;
  for (const letter of builtinRow(kind).signature) {
    if (letter === '>') list = results;
    else list.push(letters[letter]!);
  }
  return define(canon, coreFunc(params, results, scope.space('core type')));
}

/** How many of the options, in the order of canon-options.ts, a built-in may have. */
function allowedOptions(kind: BuiltinKind): number {
  return kind === 'task.return' ? 2 : kind.startsWith('error') ? 3 : 4;
}

/** The representation of a resource, which this component must have defined unless handles are just dropped. */
function resourceRep(
  scope: Scope,
  { kind, type: index }: CanonOf<'resource.new' | 'resource.drop' | 'resource.rep'>,
  offset: number,
): AddressType {
  const { rep, binder } = scope.typeOfKind('resource', index, offset).resource;
  if (kind === 'resource.drop' || (rep !== null && binder === scope.binder)) return rep ?? 'i32';
  return fail(offset, 'resource-local', { index, canon: kind });
}

function contextType(
  scope: Scope,
  { kind: canon, type, slot }: CanonOf<'context.get' | 'context.set'>,
  offset: number,
): CoreValType {
  if (type !== 'i32' && type !== 'i64') return fail(offset, 'context-type', { canon, type });
  if (slot >= CONTEXT_SLOTS) fail(offset, 'context-slot', { canon, slot });
  const previous = (scope.contextType ??= type);
  if (previous !== type) fail(offset, 'context-types', { type, previous });
  return type;
}

function taskReturn(scope: Scope, canon: CanonOf<'task.return'>, options: Options, offset: number): CoreItemOf<'func'> {
  const { address } = options;
  if (canon.result === undefined) return coreFunc([], []);
  const result = resolveValType(scope, canon.result, offset);
  if (result.hasBorrow) fail(offset, 'result-borrow', {});
  const { params, results, spilledParams } = flattenFunc([layout(result, address)], null, { address }, 'lower');
  if (result.hasPointer || spilledParams) requireOption(options, 'memory', offset);
  return coreFunc(params, results);
}

/** The type of a built-in for streams or futures, and what copying its elements takes: reading writes into memory. */
function checkCopy(
  scope: Scope,
  canon: { readonly kind: BuiltinKind; readonly type: number },
  options: Options,
  offset: number,
): void {
  const { kind } = canon;
  const type = scope.typeOfKind(kind.startsWith('stream') ? 'stream' : 'future', canon.type, offset);
  const element = type.parts[0];
  if (!('options' in canon) || element === null) return;
  requireOption(options, element?.hasPointer && kind.endsWith('read') ? 'realloc' : 'memory', offset);
}

type Spawn = CanonOf<'thread.new-indirect' | 'thread.spawn-ref' | 'thread.spawn-indirect'>;

/** The parameter of the function that a new thread runs. */
function threadParam(scope: Scope, { kind: canon, type: index }: Spawn, offset: number): AddressType {
  const found = coreFuncTypeAt(scope, index, offset);
  const { params, results } = found.type.type;
  const [param] = params;
  const fits = params.length === 1 && results.length === 0;
  if (fits && (param === 'i32' || (param === 'i64' && scope.context.features.memory64))) return param;
  return fail(offset, 'thread-func', { canon, index, found });
}

/** The address type of the table that a new thread's function is in. */
function tableAddress(
  scope: Scope,
  canon: CanonOf<'thread.new-indirect' | 'thread.spawn-indirect'>,
  offset: number,
): AddressType {
  const { kind, table: index } = canon;
  const table = scope.at('core table', index, offset);
  const { element: found, limits } = table.type;
  if (!isFuncTable(table)) fail(offset, 'thread-table', { canon: kind, index, found });
  if ('shared' in canon && canon.shared && !limits.shared) fail(offset, 'thread-table-shared', { canon: kind, index });
  if (limits.address === 'i64' && !scope.context.features.memory64) fail(offset, 'thread-table-gate', { canon: kind });
  return limits.address;
}

/**
 * The core types of the built-ins that have been validated. Translation takes them from here, so that they are said once;
 * they depend on types and memories, which only validation looks up.
 */
const coreTypes = new WeakMap<Canon, CoreFuncType>();

function define(canon: Builtin, func: CoreItemOf<'func'>): CoreItemOf<'func'> {
  coreTypes.set(canon, func.type.type);
  return func;
}

/** The core type of `canon`, which {@link defineBuiltin} has defined. */
export function builtinType(canon: Canon): CoreFuncType {
  const type = coreTypes.get(canon);
  if (type === undefined) throw new InternalError(`canon ${canon.kind} is translated before it was validated`);
  return type;
}
