/** Handles among the arguments of one call. In: an object and the resource that it should be of. Out: nothing, or a refusal. */
import type { ResourceIndex } from '@gangway/component/plan';
import type { GuestSide } from '../call/guest-side.ts';
import { refuse } from './argument-error.ts';

/** What the read phase keeps of a call's handles. */
export interface HandleReader {
  readonly side: GuestSide;
  readonly moved: unknown[];
  readonly lent: unknown[];
}

/** Checks an object of a resource, and that the call does not give it away twice or lend what it gives away. */
export function readHandle(call: HandleReader, kind: 'own' | 'borrow', resource: ResourceIndex, value: unknown): void {
  const { handles } = call.side;
  const problem =
    kind === 'own' ? handles.checkOwn(call.side, resource, value) : handles.checkBorrow(call.side, resource, value);
  if (problem !== null) refuse(problem);
  if (kind === 'own') {
    if (call.moved.includes(value)) refuse('this object is given away twice');
    if (call.lent.includes(value)) refuse('this object is lent and given away in one call');
    call.moved.push(value);
  } else {
    if (call.moved.includes(value)) refuse('this object is lent and given away in one call');
    call.lent.push(value);
  }
}

/**
 * After the read phase: refuses a call one of whose handles has ended since it was read. What was read later, or inside the
 * same argument, may have run code of the embedder; lowering runs none.
 */
export function checkHeld({ side, moved, lent }: HandleReader): void {
  const { hasEnded } = side.handles;
  if (moved.some(hasEnded) || lent.some(hasEnded)) throw endedMeanwhile();
}

/** For a handle that had not ended when it was read. */
export function endedMeanwhile(): TypeError {
  return new TypeError('a resource was dropped or given away while the other arguments were read');
}
