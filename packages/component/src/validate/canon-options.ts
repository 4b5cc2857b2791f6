/**
 * Canonical options (CanonicalABI.md#canonopt-validation). In: a list of options. Out: the options by name, checked as far
 * as that does not depend on what they are for; and the check of what a canonical definition requires.
 */

import type { AddressType } from '../abi/layout.ts';
import type { CanonOption, CoreValType } from '../binary/ast.ts';
import { fail } from '../fail.ts';
import { coreItemProblem } from './core-subtype.ts';
import { type CoreItemOf, coreFunc, isSignature } from './core-types.ts';
import type { Scope } from './scope.ts';

/** What may be given, in an order in which every canonical definition allows the first few. */
const optionNames = ['string-encoding', 'memory', 'realloc', 'async', 'post-return', 'callback'] as const;
type OptionName = (typeof optionNames)[number];

/** Canonical options as one object. */
export interface Options {
  readonly 'string-encoding': 'utf8' | 'utf16' | 'latin1+utf16' | null;
  readonly memory: CoreItemOf<'memory'> | null;
  /** That of `memory`; `i32` without one. */
  readonly address: AddressType;
  readonly realloc: CoreItemOf<'func'> | null;
  readonly 'post-return': CoreItemOf<'func'> | null;
  readonly async: true | null;
  readonly callback: CoreItemOf<'func'> | null;
}

/** The options of a canonical definition that has none. */
export const noOptions: Options = {
  'string-encoding': null,
  memory: null,
  address: 'i32',
  realloc: null,
  'post-return': null,
  async: null,
  callback: null,
};

function nameOf({ kind }: CanonOption): OptionName {
  return kind === 'utf8' || kind === 'utf16' || kind === 'latin1+utf16' ? 'string-encoding' : kind;
}

/**
 * Reads and checks `list`. `canon` names the definition; of {@link optionNames} it may have the first `allowed`. Throws
 * `ValidationError`.
 */
export function readOptions(
  scope: Scope,
  list: readonly CanonOption[],
  canon: string,
  allowed: number,
  offset: number,
): Options {
  const found: { -readonly [K in keyof Options]: Options[K] } = { ...noOptions };
  for (const option of list) {
    const { kind } = option;
    const name = nameOf(option);
    const first = found[name];
    if (first !== null) {
      if (typeof first === 'string') fail(offset, 'option-encoding', { first, second: kind });
      fail(offset, 'option-twice', { option: name });
    }
    if (kind === 'memory') {
      found.memory = scope.at('core memory', option.index, offset);
      found.address = memoryAddress(scope, found.memory, offset);
    } else {
      found[name] = ('index' in option ? scope.at('core func', option.index, offset) : kind === name || kind) as never;
    }
  }
  for (const given of list) {
    const option = nameOf(given);
    if (optionNames.indexOf(option) < allowed) continue;
    if (canon === 'lower') fail(offset, 'option-lowering', { option });
    fail(offset, 'option-forbidden', { option, canon });
  }
  checkTogether(found, offset);
  return found;
}

/** The address type of a memory, which must be a subtype of `(memory 0)` or, with 🐘, of `(memory i64 0)`. */
export function memoryAddress(scope: Scope, memory: CoreItemOf<'memory'>, offset: number): AddressType {
  const address = scope.context.features.memory64 ? memory.type.limits.address : 'i32';
  const wanted = { type: { kind: 'memory', limits: { min: 0n, shared: false, address } }, space: [] } as const;
  const reason = coreItemProblem(memory, wanted);
  if (reason !== null) fail(offset, 'option-memory', { reason });
  return address;
}

/** What options ask of each other. */
function checkTogether(options: Options, offset: number): void {
  const { memory, address, realloc, async } = options;
  if (realloc !== null && memory === null) fail(offset, 'option-requires', { option: 'realloc', other: 'memory' });
  checkOption('realloc', options, [address, address, address, address], [address], offset);
  if (async && options['post-return'] !== null) fail(offset, 'async-post-return', {});
  if (options.callback !== null && !async) fail(offset, 'callback-async', {});
  checkOption('callback', options, ['i32', 'i32', 'i32'], ['i32'], offset);
}

/** Whether the function of an option, if it is given, has its signature. */
export function checkOption(
  option: 'realloc' | 'callback' | 'post-return',
  { [option]: found }: Options,
  params: readonly CoreValType[],
  results: readonly CoreValType[],
  offset: number,
): void {
  if (found === null || isSignature(found.type.type, params, results)) return;
  fail(offset, 'option-signature', { option, expected: coreFunc(params, results), found });
}

/** Values are read out of core wasm with `memory`, and written into it with `realloc` as well. */
export function requireOption(options: Options, last: 'memory' | 'realloc', offset: number): void {
  for (const option of ['memory', last] as const) {
    if (options[option] === null) fail(offset, 'option-required', { option });
  }
}
