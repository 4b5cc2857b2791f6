/**
 * What needs tasks: a canonical definition that this host does not run. In: a trampoline of that kind. Out: a core function
 * of its core type, which makes the may-leave check where the specification begins with one, and then traps with the
 * name of the definition.
 */
import type { Trampoline } from '@gangway/component/plan';
import { checksMayLeave, unsupportedNumber } from '@gangway/component/unsupported';
import type { Func, NamedParam } from './builder.ts';
import type { TrampolineModule } from './trampolines.ts';
import { checkMayLeave, recordTrap } from './trap.ts';

type Unsupported = Extract<Trampoline, { kind: 'unsupported' }>;

export function emitUnsupported(t: TrampolineModule, trampoline: Unsupported, name: string): Func {
  const { canon, params, results } = trampoline;
  const at = t.instance(trampoline.instance);
  const named = params.map((type, i): NamedParam => [`p${i}`, type]);
  return t.module.func(name, named, results, (f) => [
    ...(checksMayLeave(canon) ? [checkMayLeave(f, at)] : []),
    recordTrap(f, { ...at, code: 'unsupported', detail: f.i32.const(unsupportedNumber(canon)) }),
  ]);
}
