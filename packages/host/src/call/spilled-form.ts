/**
 * The spilled form of a lowering callee: core values in slots of 16 bytes on the store's spill stack. In: the typed form.
 * Out: what the spilled trampoline calls. Only engines with `lowering: 'spilled'` load it.
 */
import type { OptionsIndex } from '@gangway/component/plan';
import type { CoreValue } from '../abi/joins.ts';
import type { CoreFunction, GuestSide, HostRuntime } from './guest-side.ts';

/** Bytes of a slot of the spill stack. */
const SLOT = 16;

/** `(vmctx, data, ty, options, args_and_results, nargs_and_results) → i32` around the typed form. */
export function spilledForm(
  signature: string,
  options: OptionsIndex,
  runtime: HostRuntime,
  typed: CoreFunction,
): CoreFunction {
  const [params = '', type] = signature.split(' -> ');
  const flatParams = params === '' ? [] : params.split(' ');
  let cached: GuestSide | null = null;
  return (...values) => {
    const [vmctx, data, , , slots] = values as [number, number, number, number, number];
    const side: GuestSide =
      cached !== null && cached.vmctx === vmctx ? cached : (cached = runtime.side(vmctx, options));
    const { context } = side;
    const memory = context.slots;
    if (memory.u8.length === 0) memory.refresh();
    const start = slots >>> 0;
    const args: CoreValue[] = [vmctx, data];
    flatParams.forEach((type, i) => {
      const at = start + i * SLOT;
      if (type === 'i32') args.push(memory.i32[at / 4]!);
      else if (type === 'i64') args.push(memory.i64[at / 8]!);
      else if (type === 'f32') args.push(memory.f32[at / 4]!);
      else args.push(memory.f64[at / 8]!);
    });
    const result = typed(...args);
    const words = context.i32.length === 0 ? context.refresh() : context.i32;
    if (words[context.trapCode] !== 0) return 0;
    if (memory.u8.length === 0) memory.refresh();
    if (type === 'i32') memory.i32[start / 4] = result as number;
    else if (type === 'i64') memory.i64[start / 8] = result as bigint;
    else if (type === 'f32') memory.f32[start / 4] = result as number;
    else if (type === 'f64') memory.f64[start / 8] = result as number;
    return 1;
  };
}
