/**
 * `wasi:io/poll` and the timers of `wasi:clocks` for programs in a worker. In: the shim's interfaces. Out: ones whose
 * functions return when something is ready, and not promises, which a synchronous call cannot take.
 *
 * What only an event of the worker would make ready never becomes so: waiting for that is an error, which traps.
 */
import { sleep } from './sleep.ts';

interface Pollable {
  ready(): boolean;
  block(): unknown;
}
export type PollInterface = Readonly<Record<string, unknown>>;

/** `Pollable` of the shim; one made with `new` is always ready. */
type PollableClass = new () => Pollable;

const NANOSECONDS = 1_000_000;

function nothingReady(): never {
  throw new Error('the worker cannot wait for events while a synchronous call runs');
}

/** Replaces what waits. `poll` is the shim's interface, whose class all pollables have; `waiting` is called before a wait. */
export function pageTimers(
  poll: PollInterface,
  clock: PollInterface,
  waiting: () => void,
): { readonly poll: PollInterface; readonly clock: PollInterface } {
  const Base = poll['Pollable'] as PollableClass;

  class Timer extends Base {
    /** On the clock of `performance.now()`, milliseconds. */
    readonly deadline: number;
    constructor(deadline: number) {
      super();
      this.deadline = deadline;
    }
    override ready(): boolean {
      return performance.now() >= this.deadline;
    }
    override block(): void {
      waiting();
      while (!this.ready()) sleep(this.deadline - performance.now());
    }
  }

  const { block } = Base.prototype as Pollable;
  const patched = Base.prototype as Pollable & { patched?: true };
  if (patched.patched !== true) {
    patched.patched = true;
    // The shim returns a promise even when the pollable is ready.
    patched.block = function (this: Pollable): unknown {
      return this.ready() ? undefined : block.call(this);
    };
  }

  function readyOnes(list: readonly Pollable[]): Uint32Array {
    if (list.length === 0) throw new Error('the list of pollables is empty');
    for (;;) {
      const ready = list.flatMap((one, i) => (one.ready() ? [i] : []));
      if (ready.length > 0) return Uint32Array.from(ready);
      const deadlines = list.flatMap((one) => (one instanceof Timer ? [one.deadline] : []));
      if (deadlines.length === 0) nothingReady();
      waiting();
      sleep(Math.min(...deadlines) - performance.now());
    }
  }

  return {
    poll: { ...poll, poll: readyOnes, pollList: readyOnes },
    clock: {
      ...clock,
      subscribeDuration: (nanoseconds: bigint) => new Timer(performance.now() + Number(nanoseconds) / NANOSECONDS),
      subscribeInstant: (nanoseconds: bigint) => new Timer(Number(nanoseconds) / NANOSECONDS),
    },
  };
}
