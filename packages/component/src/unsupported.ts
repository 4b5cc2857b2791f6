/**
 * What needs tasks and is not run: canonical definitions that load, and trap when they are called. In the trap word's
 * detail stands the place in this list; the plan has the name.
 *
 * Rejected: refusing the component. Most that define such a function never call it in what a host without tasks runs.
 */

/** Names as a text says them after "canon". New ones go to the end: emitted code that was stored has the numbers. */
export const unsupportedCanons = [
  'lower with the option async',
  'lower of an async function',
  'lower of a function with streams, futures or error contexts',
  'backpressure.inc',
  'backpressure.dec',
  'task.return',
  'task.cancel',
  'waitable-set.new',
  'waitable-set.wait',
  'waitable-set.poll',
  'waitable-set.drop',
  'waitable.join',
  'subtask.cancel',
  'subtask.drop',
  'stream.new',
  'stream.read',
  'stream.write',
  'stream.cancel-read',
  'stream.cancel-write',
  'stream.drop-readable',
  'stream.drop-writable',
  'future.new',
  'future.read',
  'future.write',
  'future.cancel-read',
  'future.cancel-write',
  'future.drop-readable',
  'future.drop-writable',
  'thread.index',
  'thread.new-indirect',
  'thread.resume-later',
  'thread.suspend',
  'thread.yield',
  'thread.suspend-then-resume',
  'thread.yield-then-resume',
  'thread.suspend-then-promote',
  'thread.yield-then-promote',
  'error-context.new',
  'error-context.debug-message',
  'error-context.drop',
  'thread.spawn-indirect',
  'thread.available-parallelism',
] as const;

export type UnsupportedCanon = (typeof unsupportedCanons)[number];

/** Those that the specification lets an instance call that may not leave. */
const withoutMayLeave: ReadonlySet<UnsupportedCanon> = new Set([
  'backpressure.inc',
  'backpressure.dec',
  'thread.available-parallelism',
]);

/** Whether `canon` begins with the may-leave check (CanonicalABI.md, `trap_if(not inst.may_leave)`). */
export function checksMayLeave(canon: UnsupportedCanon): boolean {
  return !withoutMayLeave.has(canon);
}

/** The number that a trap's detail word has for `canon`. */
export function unsupportedNumber(canon: UnsupportedCanon): number {
  return unsupportedCanons.indexOf(canon);
}

/** The text of the trap: `number` is its detail word. */
export function unsupportedText(number: number): string {
  return `canon ${unsupportedCanons[number]} is not supported: tasks (async) are not run by this host`;
}
