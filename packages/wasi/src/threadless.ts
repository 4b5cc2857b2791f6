/**
 * What of WASI takes no thread: clocks, timers, waiting for them, random numbers. In: Node's own functions. Out: the interfaces
 * as the shim has them, in the form of its modules `io`, `clocks` and `random`.
 *
 * The shim's timers run in its thread. Whoever waits for one blocks in the meantime, so that the guest's own thread may as well
 * sleep. A list that has something else in it is left to the shim.
 *
 * Rejected: `node:crypto` as an import (15 ms of a start).
 */
import type { ClocksShim, InterfaceObject, IoShim, Pollable, RandomShim } from './shim.ts';
import { standIns } from './stand-ins.ts';

const NANOSECONDS_A_MILLISECOND = 1e6;

/** Of the monotonic clock, in nanoseconds. */
const now = (): bigint => process.hrtime.bigint();

/** Returns at that instant of the monotonic clock or later. */
function sleepUntil(instant: bigint): void {
  // Nobody else has it, so that only time ends the waiting.
  let cell: Int32Array | undefined;
  for (let left = instant - now(); left > 0n; left = instant - now()) {
    cell ??= new Int32Array(new SharedArrayBuffer(4));
    Atomics.wait(cell, 0, 0, Number(left) / NANOSECONDS_A_MILLISECOND);
  }
}

/** Ready from an instant on: nanoseconds of the monotonic clock. */
class Timer extends standIns.Pollable {
  readonly instant: bigint;
  constructor(instant: bigint) {
    super();
    this.instant = instant;
  }
  override ready(): boolean {
    return now() >= this.instant;
  }
  override block(): void {
    sleepUntil(this.instant);
  }
}

/** What waits for the shim's pollables. */
export interface ShimWaiting {
  readonly poll: (list: readonly Pollable[]) => Uint32Array;
  readonly subscribeInstant: (instant: bigint) => Pollable & Partial<Disposable>;
}

let shimWaiting: ShimWaiting | undefined;

/** To be called before the first pollable of the shim gets to a guest. */
export function waitWith(shim: ShimWaiting): void {
  shimWaiting = shim;
}

/** Indices of those that are ready; waits until there is one. Traps for an empty list, as the interface wants. */
function poll(list: readonly Pollable[]): Uint32Array {
  if (list.length === 0) throw new Error('the list of pollables is empty');
  let first: bigint | null = null;
  for (const one of list) {
    if (!(one instanceof Timer)) return pollShim(list);
    if (first === null || one.instant < first) first = one.instant;
  }
  sleepUntil(first as bigint);
  const time = now();
  return Uint32Array.from(list.flatMap((one, index) => ((one as Timer).instant <= time ? [index] : [])));
}

/** Timers of ours become timers of the shim for as long as that waits. */
function pollShim(list: readonly Pollable[]): Uint32Array {
  if (shimWaiting === undefined) throw new Error('a pollable of the shim, which has not been loaded');
  const { subscribeInstant } = shimWaiting;
  const made: Partial<Disposable>[] = [];
  try {
    return shimWaiting.poll(
      list.map((one) => {
        if (!(one instanceof Timer)) return one;
        const timer = subscribeInstant(one.instant);
        made.push(timer);
        return timer;
      }),
    );
  } finally {
    for (const timer of made) timer[Symbol.dispose]?.();
  }
}

export const io: IoShim = {
  error: { Error: standIns.Error },
  poll: { Pollable: standIns.Pollable, poll },
  streams: { InputStream: standIns.InputStream, OutputStream: standIns.OutputStream },
};

export const clocks: ClocksShim = {
  monotonicClock: {
    resolution: () => 1n,
    now,
    subscribeInstant: (instant: bigint) => new Timer(instant),
    subscribeDuration: (nanoseconds: bigint) => new Timer(now() + nanoseconds),
  },
  wallClock: { resolution: () => ({ seconds: 0n, nanoseconds: 1_000_000 }) },
};

/** Bytes up to which the system is asked itself. */
const FEW = 256;

/**
 * From the system's generator. It seeds that of `node:crypto`, which is faster for many bytes, but takes a tenth of the time of a short
 * program to load; most programs want a few bytes when they start, for their hash tables.
 */
function randomBytes(length: bigint): Uint8Array<ArrayBuffer> {
  const few = length <= FEW ? fromSystem(Number(length)) : null;
  return few ?? process.getBuiltinModule('node:crypto').randomBytes(Number(length));
}

/** Null where the system has no such file. */
function fromSystem(length: number): Uint8Array<ArrayBuffer> | null {
  if (process.platform === 'win32') return null;
  const { closeSync, openSync, readSync } = process.getBuiltinModule('node:fs');
  let file: number | undefined;
  try {
    file = openSync('/dev/urandom', 'r');
    const bytes = new Uint8Array(length);
    return readSync(file, bytes) === length ? bytes : null;
  } catch {
    return null;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function randomU64(): bigint {
  const { buffer, byteOffset } = randomBytes(8n);
  return new DataView(buffer, byteOffset).getBigUint64(0, true);
}

let seed: readonly [bigint, bigint] | undefined;

const insecure: InterfaceObject = { getInsecureRandomBytes: randomBytes, getInsecureRandomU64: randomU64 };

export const random: RandomShim = {
  random: { getRandomBytes: randomBytes, getRandomU64: randomU64 },
  insecure,
  insecureSeed: { insecureSeed: () => (seed ??= [randomU64(), randomU64()]) },
};
