/**
 * A lifted export as a JavaScript function: check and read the arguments, enter, lower, call the core function, lift the
 * result, post-return, leave.
 *
 * Here are the choice of the form and what the forms share. The closures are in export-closures.ts and scalar-closures.ts,
 * the generated form is in abi/generate/export-source.ts. All do the same things in the same order.
 */
import type { AbiPlan, FuncAbi } from '@gangway/component/abi';
import { generateExport, isSmall } from '../abi/generate/export-source.ts';
import { canEvaluate } from './evaluate.ts';
import { closureExport } from './export-closures.ts';
import { ENTERED, type GuestSide } from './guest-side.ts';
import type { ExportMaker, ExportRequest } from './requests.ts';

/** Specialises an export; do it once a component. */
export function exportCall(request: ExportRequest): ExportMaker {
  const generate = request.evaluate === 'auto' && canEvaluate() && isSmall(request.abi);
  return generate ? generateExport(request, { isLastRead, tooFewArguments }) : closureExport(request);
}

/** Types whose reading runs no code of the embedder. */
const inert = new Set<AbiPlan['kind']>([
  'bool',
  's8',
  'u8',
  's16',
  'u16',
  's32',
  'u32',
  's64',
  'u64',
  'f32',
  'f64',
  'char',
  'string',
  'enum',
]);

/** Whether nothing after parameter `index` runs code of the embedder while it is read. */
export function isLastRead(abi: FuncAbi, index: number): boolean {
  return abi.params.slice(index + 1).every((param) => inert.has(param.type.kind));
}

/** The error for a call with too few arguments. */
export function tooFewArguments(wanted: number, got: number): TypeError {
  return new TypeError(`expected ${wanted} argument${wanted === 1 ? '' : 's'}, got ${got}`);
}

/** CanonicalABI.md#component-instance-state: `enter_from` the host. Throws what the embedder gets when it may not. */
export function enter(side: GuestSide, name: string): void {
  const { context, rootFlags, innerFlags } = side;
  const words = context.i32.length === 0 ? context.refresh() : context.i32;
  if (words[context.locked] !== 0 || (words[rootFlags]! & ENTERED) !== 0) throw side.runtime.cannotEnter(side, name);
  words[rootFlags]! |= ENTERED;
  for (let i = 0; i < innerFlags.length; i++) words[innerFlags[i]!]! |= ENTERED;
}

/** CanonicalABI.md#component-instance-state: `leave_to` the host. */
export function leave(side: GuestSide): void {
  const { context, rootFlags, innerFlags } = side;
  const words = context.i32.length === 0 ? context.refresh() : context.i32;
  words[rootFlags]! &= ~ENTERED;
  for (let i = 0; i < innerFlags.length; i++) words[innerFlags[i]!]! &= ~ENTERED;
}
