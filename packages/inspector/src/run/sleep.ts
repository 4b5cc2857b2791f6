/**
 * Sleeping in a worker. In: milliseconds. Out: control, when they have passed. An atomic wait needs shared memory, which
 * some engines have in cross-origin isolated pages only; without it, the worker looks at the clock until it is time. The
 * page is another thread and stays responsive either way.
 */

/** Milliseconds of one wait at most: a timer of hours may overflow. */
const LONGEST = 2 ** 30;

function sharedWords(): Int32Array<SharedArrayBuffer> | null {
  try {
    return new Int32Array(new SharedArrayBuffer(4));
  } catch {
    return null;
  }
}

const words = sharedWords();

export function sleep(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  for (let left = milliseconds; left > 0; left = end - performance.now()) {
    if (words !== null) Atomics.wait(words, 0, 0, Math.min(left, LONGEST));
  }
}
