/**
 * When strings go through the engine's js-string builtins, by the engine option `stringBuiltins`. In: the option. Out: what
 * a `GuestSide` is told. What evaluates generated code brings the part with it; otherwise it is loaded once an instance has had
 * a string, and nobody waits for it, unless it must be used from the first string on: a start pays nothing, and a program that
 * then calls without a pause has it.
 */
import type { StringsOption } from '../call/guest-side.ts';
import type { Engine, ResolvedOptions } from '../engine.ts';
import { part, partNow } from './parts.ts';

type Choice = ResolvedOptions['stringBuiltins'];

/** The loops do until it is there, and if it never is. */
const prepare = (): void => {
  if (partNow('strings') === undefined) part('strings').catch(() => undefined);
};

const find: StringsOption['find'] = (memory, realloc) => partNow('strings')?.(memory, realloc);

/** An instance costs some 30 µs; 16 bytes save 0.1 to 0.3 each way. */
const options: Readonly<Record<Choice, StringsOption | undefined>> = {
  auto: { after: 100, prepare, find },
  always: { after: 0, find },
  never: undefined,
};

export function stringsOption(engine: Engine): StringsOption | undefined {
  return options[engine.options.stringBuiltins];
}
