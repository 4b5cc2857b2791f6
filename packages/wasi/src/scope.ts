/**
 * What a guest was given and has not dropped. In: a call into the guest, and whatever is made for it meanwhile. Out: all of that
 * dropped, children before what they were made from. For guests that are thrown away while the process goes on: nothing else would
 * drop it before the collector comes.
 */

let current: Set<Disposable> | null = null;

/** Notes something that the running guest will own. Returns it. */
export function owned<T extends object>(one: T): T {
  if (current !== null && Symbol.dispose in one) current.add(one as T & Disposable);
  return one;
}

/** The guest has dropped it. */
export function dropped(one: Disposable): void {
  current?.delete(one);
}

/** Runs a call that returns when the guest is done: nothing that others do comes between. */
export function inScope<T>(call: () => T): T {
  const outer = current;
  const all = new Set<Disposable>();
  current = all;
  try {
    return call();
  } finally {
    current = outer;
    for (const one of [...all].reverse()) one[Symbol.dispose]();
  }
}
