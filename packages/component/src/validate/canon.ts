/**
 * `canon lift` and `canon lower` (CanonicalABI.md#canon-lift, #canon-lower). In: a definition and the scope. Out: a function
 * in the component's index space, or a core function. The built-ins are in builtins.ts.
 */

import { type FlatType, flattenFunc, MAX_FLAT_ASYNC_PARAMS, MAX_FLAT_PARAMS, MAX_FLAT_RESULTS } from '../abi/layout.ts';
import type { Canon, CoreValType } from '../binary/ast.ts';
import { fail } from '../fail.ts';
import { defineBuiltin } from './builtins.ts';
import {
  checkOption,
  type OptionName,
  type Options,
  readOptions,
  requireForLifting,
  requireForLowering,
  requireMemory,
  requireRealloc,
} from './canon-options.ts';
import { builtinFunc, printCoreValType } from './core-types.ts';
import { sameTypes } from './func-check.ts';
import type { Scope } from './scope.ts';
import { layout, partCount } from './type-store.ts';
import type { FuncType, ValueType } from './types.ts';

const liftOptions: ReadonlySet<OptionName> = new Set([
  'string-encoding',
  'memory',
  'realloc',
  'post-return',
  'async',
  'callback',
]);
const lowerOptions: ReadonlySet<OptionName> = new Set(['string-encoding', 'memory', 'realloc', 'async']);

/** Adds what a canonical definition makes. */
export function defineCanon(scope: Scope, canon: Canon, offset: number): void {
  switch (canon.kind) {
    case 'lift':
      lift(scope, canon, offset);
      break;
    case 'lower':
      lower(scope, canon, offset);
      break;
    default:
      scope.coreFuncs.push(defineBuiltin(scope, canon, offset));
  }
}

/** Number of flat values of `types`, exact up to the limits of the ABI. */
function flatCount(types: readonly ValueType[], options: Options): number {
  let count = 0;
  for (const type of types) count += layout(type, options.address).flat.length;
  return count;
}

function signature(
  type: FuncType,
  options: Options,
  direction: 'lift' | 'lower',
): { readonly params: readonly FlatType[]; readonly results: readonly FlatType[] } {
  const { address, async, callback } = options;
  return flattenFunc(
    type.params.map((param) => layout(param.type, address)),
    type.result === null ? null : layout(type.result, address),
    { address, async, callback: callback !== null },
    direction,
  );
}

function lift(scope: Scope, canon: Canon & { kind: 'lift' }, offset: number): void {
  const type = scope.typeOfKind('func', canon.type, offset);
  scope.store.step(partCount(type));
  const callee = scope.coreFunc(canon.func, offset);
  const options = readOptions(scope, canon.options, 'lift', liftOptions, offset);
  checkAsync(type, options, offset);
  const params = type.params.map((param) => param.type);
  for (const param of params) requireForLowering(param, options, offset);
  if (flatCount(params, options) > MAX_FLAT_PARAMS) requireRealloc(options, offset);
  if (type.result !== null) {
    requireForLifting(type.result, options, offset);
    const max = options.async ? MAX_FLAT_PARAMS : MAX_FLAT_RESULTS;
    if (flatCount([type.result], options) > max) requireMemory(options, offset);
  }
  const wanted = signature(type, options, 'lift');
  if (callee.type.kind === 'func') {
    const found = callee.type.type;
    if (!sameTypes(found.params, wanted.params)) {
      const parts = { expected: types(wanted.params), found: types(found.params), index: canon.func };
      fail(offset, 'lift-params', parts);
    }
    if (!sameTypes(found.results, wanted.results)) {
      const parts = { expected: types(wanted.results), found: types(found.results), index: canon.func };
      fail(offset, 'lift-results', parts);
    }
  }
  if (options.postReturn !== null) checkOption('post-return', options.postReturn, wanted.results, [], offset);
  scope.funcs.push(type);
}

/** Core types as the reference tests print them. */
function types(list: readonly CoreValType[]): string {
  return list.map((type) => (typeof type === 'string' ? type.toUpperCase() : printCoreValType(type))).join(', ');
}

function lower(scope: Scope, canon: Canon & { kind: 'lower' }, offset: number): void {
  const type = scope.func(canon.func, offset);
  scope.store.step(partCount(type));
  const options = readOptions(scope, canon.options, 'lower', lowerOptions, offset);
  checkAsync(type, options, offset);
  const params = type.params.map((param) => param.type);
  for (const param of params) requireForLifting(param, options, offset);
  const maxParams = options.async ? MAX_FLAT_ASYNC_PARAMS : MAX_FLAT_PARAMS;
  if (flatCount(params, options) > maxParams) requireMemory(options, offset);
  if (type.result !== null) {
    requireForLowering(type.result, options, offset);
    const maxResults = options.async ? 0 : MAX_FLAT_RESULTS;
    if (flatCount([type.result], options) > maxResults) requireMemory(options, offset);
  }
  // NON-SPEC: the text has every async lower require `memory`; the reference tests lower functions without parameters and
  // results without one, and nothing is read or written then.
  const { params: flatParams, results } = signature(type, options, 'lower');
  scope.coreFuncs.push(builtinFunc(flatParams, results));
}

function checkAsync(type: FuncType, options: Options, offset: number): void {
  if (options.async && !type.async) fail(offset, 'async-sync', {});
}
