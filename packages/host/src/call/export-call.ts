/**
 * What all forms of a lifted export share. A lifted export is a JavaScript function: check and read the arguments, enter,
 * lower, call the core function, lift the result, post-return, leave.
 *
 * The closures are in export-closures.ts and scalar-closures.ts, the generated form is in abi/generate/export-source.ts. All
 * do the same things in the same order; which one an export has is decided in forms/.
 */
import type { FuncAbi } from '@gangway/component/abi';
import { ENTERED, type GuestSide, MAY_LEAVE } from './guest-side.ts';

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

/** The flags word of an instance that no call is in: it may be left, it has not been entered. */
const IDLE = MAY_LEAVE;

/**
 * CanonicalABI.md#component-instance-state: `enter_from` the host. Throws what the embedder gets when it may not.
 *
 * One word tells: a call sets the root's entered bit, and so does locking the store, in every instance.
 */
export function enter(side: GuestSide, name: string): void {
  const { context, rootFlags, innerFlags } = side;
  const words = context.i32;
  if (words[rootFlags] === IDLE) words[rootFlags] = IDLE | ENTERED;
  else enterSlowly(side, name);
  if (innerFlags.length > 0) enterInner(side);
}

/** As {@link enter}, for a root whose word is not {@link IDLE}, or whose words are stale. */
export function enterSlowly(side: GuestSide, name: string): void {
  const { context, rootFlags } = side;
  const words = context.i32.length === 0 ? context.refresh() : context.i32;
  const flags = words[rootFlags];
  if (words[context.locked] !== 0 || flags === undefined || (flags & ENTERED) !== 0) {
    throw side.runtime.cannotEnter(side, name);
  }
  words[rootFlags] = flags | ENTERED;
}

/** Sets the entered bits of the instance and of what is between it and the root. */
export function enterInner(side: GuestSide): void {
  const { i32 } = side.context;
  for (const flags of side.innerFlags) i32[flags]! |= ENTERED;
}

/** CanonicalABI.md#component-instance-state: `leave_to` the host. */
export function leave(side: GuestSide): void {
  const { context, rootFlags, innerFlags } = side;
  const words = context.i32;
  if (words[rootFlags] === (IDLE | ENTERED)) words[rootFlags] = IDLE;
  else leaveSlowly(side);
  if (innerFlags.length > 0) leaveInner(side);
}

/** As {@link leave}, for a root with other bits, or whose words are stale. */
export function leaveSlowly(side: GuestSide): void {
  const { context, rootFlags } = side;
  const words = context.i32.length === 0 ? context.refresh() : context.i32;
  // The store was locked during the call, by a trap that a host function caught: entered for good.
  if (words[context.locked] === 0) words[rootFlags]! &= ~ENTERED;
}

/** Clears what {@link enterInner} set. */
export function leaveInner(side: GuestSide): void {
  const { i32 } = side.context;
  for (const flags of side.innerFlags) i32[flags]! &= ~ENTERED;
}
