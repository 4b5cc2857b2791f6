/**
 * The spilled form of a lowering callee: core values in slots of 16 bytes on the store's spill stack. In: the typed form.
 * Out: what the spilled trampoline calls. Only engines with `lowering: 'spilled'` load it.
 *
 * It is bound to a store: it finds the instance by the vmctx address and the host function by the index `data`, and binds the
 * typed form to them. One instance's calls come in a row, so the last binding is kept.
 */
import type { OptionsIndex } from '@gangway/component/plan';
import type { CoreValue } from '../abi/joins.ts';
import type { CoreFunction, GuestSide, HostRuntime } from './guest-side.ts';
import type { TypedCalleeMaker } from './lowering-callee.ts';
import type { JsFunction } from './requests.ts';

/** Bytes of a slot of the spill stack. */
const SLOT = 16;

interface Binding {
  readonly side: GuestSide;
  readonly host: unknown;
  readonly typed: CoreFunction;
}

/** `(vmctx, data, ty, options, args_and_results, nargs_and_results) → i32` around the typed form. */
export function spilledForm(
  signature: string,
  options: OptionsIndex,
  runtime: HostRuntime,
  make: TypedCalleeMaker,
): CoreFunction {
  const [params = '', type] = signature.split(' -> ');
  const flatParams = params === '' ? [] : params.split(' ');
  let last: Binding | null = null;
  return (...values) => {
    const [vmctx, data, , , slots] = values as [number, number, number, number, number];
    const host = runtime.hostObjects[data];
    if (last === null || last.side.vmctx !== vmctx || last.host !== host) {
      last = { side: runtime.side(vmctx, options), host, typed: make(runtime, vmctx, host as JsFunction) };
    }
    const { context } = last.side;
    const memory = context.slots;
    if (memory.u8.length === 0) memory.refresh();
    const start = slots >>> 0;
    const args: CoreValue[] = [];
    flatParams.forEach((type, i) => {
      const at = start + i * SLOT;
      if (type === 'i32') args.push(memory.i32[at / 4]!);
      else if (type === 'i64') args.push(memory.i64[at / 8]!);
      else if (type === 'f32') args.push(memory.f32[at / 4]!);
      else args.push(memory.f64[at / 8]!);
    });
    const result = last.typed(...args);
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
