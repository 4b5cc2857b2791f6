/**
 * Canonical options (CanonicalABI.md#canonopt-validation). In: a list of options. Out: the options by name, checked as far
 * as that does not depend on what they are for; and the checks of what a canonical definition requires.
 */

import type { AddressType } from '../abi/layout.ts';
import type { CanonOption } from '../binary/ast.ts';
import { fail } from '../fail.ts';
import { memoryProblem } from './core-subtype.ts';
import type { CoreItem } from './core-types.ts';
import { checkCoreFunc } from './func-check.ts';
import type { Scope } from './scope.ts';
import type { ValueType } from './types.ts';

export type OptionName = 'string-encoding' | 'memory' | 'realloc' | 'post-return' | 'async' | 'callback';

/** Canonical options as one object. */
export interface Options {
  readonly encoding: 'utf8' | 'utf16' | 'latin1+utf16' | null;
  readonly memory: CoreItem | null;
  /** That of `memory`; `i32` without one. */
  readonly address: AddressType;
  readonly realloc: CoreItem | null;
  readonly postReturn: CoreItem | null;
  readonly async: boolean;
  readonly callback: CoreItem | null;
}

/** The options of a canonical definition that has none. */
export const noOptions: Options = Object.freeze({
  encoding: null,
  memory: null,
  address: 'i32',
  realloc: null,
  postReturn: null,
  async: false,
  callback: null,
});

/** What an encoding is called in messages. */
function encodingName(encoding: string): string {
  return encoding === 'latin1+utf16' ? 'latin1-utf16' : encoding;
}

/**
 * Reads and checks `list`. `canon` names the definition; `allowed` are the options that it may have at all. Throws
 * `ValidationError`.
 */
export function readOptions(
  scope: Scope,
  list: readonly CanonOption[],
  canon: string,
  allowed: ReadonlySet<OptionName>,
  offset: number,
): Options {
  if (list.length === 0) return noOptions;
  const found: { -readonly [K in keyof Options]: Options[K] } = { ...noOptions };
  const once = (option: string, taken: boolean): void => {
    if (taken) fail(offset, 'option-twice', { option });
  };
  for (const option of list) {
    switch (option.kind) {
      case 'utf8':
      case 'utf16':
      case 'latin1+utf16':
        if (found.encoding !== null) {
          const first = encodingName(found.encoding);
          fail(offset, 'option-encoding', { first, second: encodingName(option.kind) });
        }
        found.encoding = option.kind;
        break;
      case 'memory':
        once('memory', found.memory !== null);
        found.memory = scope.coreMemory(option.index, offset);
        found.address = memoryAddress(scope, found.memory, offset);
        break;
      case 'realloc':
        once('realloc', found.realloc !== null);
        found.realloc = scope.coreFunc(option.index, offset);
        break;
      case 'post-return':
        once('post-return', found.postReturn !== null);
        found.postReturn = scope.coreFunc(option.index, offset);
        break;
      case 'callback':
        once('callback', found.callback !== null);
        found.callback = scope.coreFunc(option.index, offset);
        break;
      case 'async':
        once('async', found.async);
        found.async = true;
        break;
    }
  }
  checkAllowed(list, canon, allowed, offset);
  checkTogether(found, offset);
  return found;
}

/** The address type of a memory, which must be a subtype of `(memory 0)` or, with 🐘, of `(memory i64 0)`. */
export function memoryAddress(scope: Scope, memory: CoreItem, offset: number): AddressType {
  if (memory.type.kind !== 'memory') return 'i32';
  const { limits } = memory.type;
  const address = scope.features.memory64 ? limits.address : 'i32';
  const reason = memoryProblem(limits, { min: 0n, shared: false, address });
  if (reason !== null) fail(offset, 'option-memory', { reason });
  return address;
}

function checkAllowed(
  list: readonly CanonOption[],
  canon: string,
  allowed: ReadonlySet<OptionName>,
  offset: number,
): void {
  for (const { kind } of list) {
    const name = kind === 'utf8' || kind === 'utf16' || kind === 'latin1+utf16' ? 'string-encoding' : kind;
    if (allowed.has(name)) continue;
    if (canon === 'lower') fail(offset, 'option-lowering', { option: name });
    fail(offset, 'option-forbidden', { option: name, canon });
  }
}

/** What options ask of each other. */
function checkTogether({ memory, address, realloc, postReturn, async, callback }: Options, offset: number): void {
  if (realloc !== null) {
    if (memory === null) fail(offset, 'option-requires', { option: 'realloc', other: 'memory' });
    checkOption('realloc', realloc, [address, address, address, address], [address], offset);
  }
  if (async && postReturn !== null) fail(offset, 'async-post-return', {});
  if (callback !== null) {
    if (!async) fail(offset, 'callback-async', {});
    checkOption('callback', callback, ['i32', 'i32', 'i32'], ['i32'], offset);
  }
}

/** Whether the function of an option has its signature. */
export function checkOption(
  option: OptionName,
  func: CoreItem,
  params: readonly AddressType[] | readonly ('i32' | 'i64' | 'f32' | 'f64')[],
  results: readonly AddressType[],
  offset: number,
): void {
  checkCoreFunc(func, params, results, (expected, found) =>
    fail(offset, 'option-signature', { option, expected, found }),
  );
}

export function requireMemory(options: Options, offset: number): void {
  if (options.memory === null) fail(offset, 'option-required', { option: 'memory' });
}

export function requireRealloc(options: Options, offset: number): void {
  requireMemory(options, offset);
  if (options.realloc === null) fail(offset, 'option-required', { option: 'realloc' });
}

/** What reading values of `type` out of core wasm takes: memory, for strings and lists. */
export function requireForLifting(type: ValueType, options: Options, offset: number): void {
  if (type.hasPointer) requireMemory(options, offset);
}

/** What writing values of `type` into core wasm takes: memory and realloc, for strings and lists. */
export function requireForLowering(type: ValueType, options: Options, offset: number): void {
  if (type.hasPointer) requireRealloc(options, offset);
}
