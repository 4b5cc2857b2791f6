/** What every scenario of the cold-start benchmark shares: where it gets its inputs, and a clock for its steps. */

/** Milliseconds by step; `total` is from bytes in memory to the first call returned, `CPU` what the main thread took of it. */
export type Steps = Readonly<Record<string, number>> & { readonly total: number };

/** Where a process gets its inputs. */
export interface Inputs {
  readonly component: Uint8Array<ArrayBuffer>;
  /** The core module that the scalars component was made of. */
  readonly core: Uint8Array<ArrayBuffer>;
  /** A folder of the scenario's own. */
  readonly folder: URL;
  /** What was made ahead of time: prepare.ts says what lies there. */
  readonly prepared: URL;
}

export class Clock {
  readonly #steps: Record<string, number> = {};
  readonly #start = performance.now();
  readonly #cpu = process.threadCpuUsage();
  #last = this.#start;

  step(name: string): void {
    const now = performance.now();
    this.#steps[name] = now - this.#last;
    this.#last = now;
  }
  end(): Steps {
    const { user, system } = process.threadCpuUsage(this.#cpu);
    return { ...this.#steps, CPU: (user + system) / 1000, total: this.#last - this.#start };
  }
}

/** By name. */
export type Scenarios = Readonly<Record<string, (inputs: Inputs) => Promise<Steps>>>;
