/**
 * Whether something else runs on the same core: a hyperthread's sibling, or another virtual machine. In: nothing. Out: samples,
 * and which of them had the core for themselves.
 *
 * It matters to ratios, not to times only: who shares a core gets fewer instructions a cycle, and code that waits for one
 * load after another does not notice. On a shared core `guest resource's method` took 1.80 times raw instead of 1.33 and
 * `guest calls a scalar import` 1.56 instead of 1.43, of the same machine code in the same process; whole runs were
 * bimodal. The probe is independent additions, as many a cycle as a core can do: 1.5 ns a step alone, 2.25 shared.
 *
 * Rejected: the load that the system reports (other virtual machines are not in it), and counters of the processor
 * (virtual machines have none).
 */

/** Steps of a sample: half a millisecond. */
const STEPS = 300_000;
/** A sample above so many times the best one did not have the core for itself. */
const SHARED = 1.2;

function additions(steps: number): number {
  let [a, b, c, d, e, f, g, h] = [1, 2, 3, 4, 5, 6, 7, 8];
  for (let i = 0; i < steps; i++) {
    a = (a + i) | 0;
    b = (b ^ i) | 0;
    c = (c + i) | 0;
    d = (d ^ i) | 0;
    e = (e + i) | 0;
    f = (f ^ i) | 0;
    g = (g + i) | 0;
    h = (h ^ i) | 0;
  }
  return a ^ b ^ c ^ d ^ e ^ f ^ g ^ h;
}

export class CoreProbe {
  #best = Infinity;

  constructor() {
    for (let i = 0; i < 50; i++) this.sample();
  }

  /** Milliseconds that the additions took. */
  sample(): number {
    const start = performance.now();
    additions(STEPS);
    const took = performance.now() - start;
    this.#best = Math.min(this.#best, took);
    return took;
  }

  /** Whether the core was free; the more samples have been taken, the better is the answer. */
  wasFree(...samples: number[]): boolean {
    return samples.every((took) => took <= this.#best * SHARED);
  }
}
