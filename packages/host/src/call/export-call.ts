/**
 * What all forms of a lifted export share. A lifted export is a JavaScript function: check and read the arguments, enter,
 * lower, call the core function, lift the result, post-return, leave.
 *
 * The closures are in export-closures.ts and scalar-closures.ts, the generated form is in abi/generate/export-source.ts. All
 * do the same things in the same order; which one an export has is decided in forms/.
 */
import type { FuncAbi } from '@gangway/component/abi';
import { ENTERED, type GuestSide, INSIDE, OPEN } from './guest-side.ts';

/**
 * Whether all borrows among the parameters are parameters themselves, and of resources that the instance defines: they are
 * passed as representations, and the call needs no call frame record.
 */
export function passesRepresentations(abi: FuncAbi, side: GuestSide): boolean {
  return (
    abi.spilledParams === null &&
    abi.params.some(({ type }) => type.borrows) &&
    abi.params.every(
      ({ type }) => !type.borrows || (type.kind === 'borrow' && side.handles.passesRepresentation(side, type.resource)),
    )
  );
}

/** The error for a call with too few arguments. */
export function tooFewArguments(wanted: number, got: number): TypeError {
  return new TypeError(`expected ${wanted} argument${wanted === 1 ? '' : 's'}, got ${got}`);
}

/**
 * CanonicalABI.md#component-instance-state: `enter_from` the host. Throws what the embedder gets when it may not.
 *
 * One property tells: a call closes the root's gate, and locking the store makes every gate ask the words.
 */
export function enter(side: GuestSide, name: string): void {
  const { context, innerFlags } = side;
  if (context.gate === OPEN) context.gate = INSIDE;
  else enterSlowly(side, name);
  if (innerFlags.length > 0) enterInner(side);
}

/** As {@link enter}, for a gate that is not open. */
export function enterSlowly(side: GuestSide, name: string): void {
  if (!side.context.enterWords()) throw side.runtime.cannotEnter(side, name);
}

/** Sets the entered bits of the instance and of what is between it and the root. */
export function enterInner(side: GuestSide): void {
  const { context } = side;
  const words = context.i32.length === 0 ? context.refresh() : context.i32;
  for (const flags of side.innerFlags) words[flags]! |= ENTERED;
}

/** CanonicalABI.md#component-instance-state: `leave_to` the host. */
export function leave(side: GuestSide): void {
  const { context, innerFlags } = side;
  if (context.shared) leaveSlowly(side);
  else context.gate = OPEN;
  if (innerFlags.length > 0) leaveInner(side);
}

/** As {@link leave}, where the words say whether a call is inside. */
export function leaveSlowly(side: GuestSide): void {
  side.context.leaveWords();
}

/** Clears what {@link enterInner} set. */
export function leaveInner(side: GuestSide): void {
  const { context } = side;
  const words = context.i32.length === 0 ? context.refresh() : context.i32;
  for (const flags of side.innerFlags) words[flags]! &= ~ENTERED;
}
