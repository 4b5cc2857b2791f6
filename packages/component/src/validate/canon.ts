/**
 * `canon lift` and `canon lower` (CanonicalABI.md#canon-lift, #canon-lower). In: a definition and the scope. Out: a function
 * in the component's index space, or a core function. The built-ins are in builtins.ts.
 */

import { type FlatSignature, flattenFunc, type Layout } from '../abi/layout.ts';
import type { Canon } from '../binary/ast.ts';
import { fail } from '../fail.ts';
import { defineBuiltin } from './builtins.ts';
import { checkOption, type Options, readOptions, requireOption } from './canon-options.ts';
import { coreFunc, sameTypes } from './core-types.ts';
import type { Scope } from './scope.ts';
import { layout } from './type-store.ts';
import type { FuncType } from './types.ts';

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
      scope.add('core func', defineBuiltin(scope, canon, offset));
  }
}

/** The core signature of a function that is lifted or lowered with `options`, which must be enough for that. */
function signature(
  { async, params, result }: FuncType,
  options: Options,
  direction: 'lift' | 'lower',
  offset: number,
): FlatSignature {
  const { address } = options;
  const isAsync = options.async === true;
  if (isAsync && !async) fail(offset, 'async-sync', {});
  const layouts: Layout[] = [];
  let hasPointers = false;
  for (const param of params) {
    layouts.push(layout(param, address));
    hasPointers ||= param.hasPointer;
  }
  const flat = flattenFunc(
    layouts,
    result && layout(result, address),
    { address, async: isAsync, callback: options.callback !== null },
    direction,
  );
  // A lift writes parameters into the memory of the core function and reads its result; a lower reads parameters and writes
  // the result, for which its caller has reserved memory but for strings and lists.
  // NON-SPEC: the text has every async lower require `memory`; the reference tests lower functions without parameters and
  // results without one, and nothing is read or written then.
  const isLift = direction === 'lift';
  if (flat.spilledParams || hasPointers) {
    requireOption(options, isLift ? 'realloc' : 'memory', offset);
  }
  if (flat.spilledResult || result?.hasPointer) {
    requireOption(options, !isLift && result?.hasPointer ? 'realloc' : 'memory', offset);
  }
  return flat;
}

function lift(scope: Scope, canon: Canon & { kind: 'lift' }, offset: number): void {
  const { func: index } = canon;
  const type = scope.typeOfKind('func', canon.type, offset);
  scope.store.step(type.parts.length);
  const { type: callee } = scope.at('core func', index, offset);
  const options = readOptions(scope, canon.options, 'lift', 6, offset);
  const wanted = signature(type, options, 'lift', offset);
  for (const part of ['params', 'results'] as const) {
    const expected = wanted[part];
    const found = callee.type[part];
    if (!sameTypes(found, expected)) fail(offset, `lift-${part}`, { expected, found, index });
  }
  checkOption('post-return', options, wanted.results, [], offset);
  scope.add('func', type);
}

function lower(scope: Scope, canon: Canon & { kind: 'lower' }, offset: number): void {
  const type = scope.at('func', canon.func, offset);
  scope.store.step(type.parts.length);
  const options = readOptions(scope, canon.options, 'lower', 4, offset);
  const { params, results } = signature(type, options, 'lower', offset);
  scope.add('core func', coreFunc(params, results));
}
