/**
 * What `wasi:io/streams` says and the shim's streams do not do. In: the shim's classes. Out: the same, with methods that do.
 *
 * The shim ends the process when its worker refuses something: a write of more than `check-write` allowed, for one. Here that is
 * an error of the guest's call alone, a trap. `skip` returns how many bytes it has read, not the bytes. `splice` keeps to the
 * length, and takes streams of every kind: the shim's knows those of its worker only.
 */
import { dropped, owned } from './scope.ts';
import type { InputStream, IoShim, OutputStream, Pollable } from './shim.ts';

/** Bytes that are written at a time and waited for; every stream of Node takes as many when it is empty. */
const PIECE = 16_384;
/** What blocking-write-and-flush takes at most. */
const BLOCKING_LIMIT = 4096;

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);

interface Budget {
  /** Bytes that may be written before the next check-write. */
  allowed: number;
  /** Whether something was written that has not been waited for. */
  pending: boolean;
}

/** A pollable's stream lives as long as it does: the shim cannot drop them in the other order. */
const pinned = new FinalizationRegistry<object>(() => {});

/** To be called once, before anything is made of them. */
export function applyStreamRules({ streams, poll }: IoShim, hasThread: boolean): void {
  const output = streams.OutputStream.prototype as OutputStream;
  spliceByCopy(output);
  // A page's streams are objects of the embedder, with rules of their own.
  if (!hasThread) return;
  const input = streams.InputStream.prototype as InputStream;
  input.skip = function (length) {
    return BigInt(this.read(length).length);
  };
  input.blockingSkip = function (length) {
    return BigInt(this.blockingRead(length).length);
  };
  keepBudget(output);
  for (const prototype of [input, output]) {
    const { subscribe } = prototype;
    prototype.subscribe = function () {
      const pollable = subscribe.call(this);
      pinned.register(pollable, this);
      return owned(pollable);
    };
  }
  for (const prototype of [input, output, poll.Pollable.prototype as Pollable]) noteDrop(prototype);
}

function noteDrop(prototype: object): void {
  const shims = prototype as Disposable;
  const dispose = shims[Symbol.dispose];
  shims[Symbol.dispose] = function (): void {
    dropped(this);
    dispose.call(this);
  };
}

function spliceByCopy(output: OutputStream): void {
  output.splice = function (source, length) {
    const bytes = source.read(min(length, this.checkWrite()));
    if (bytes.length > 0) this.write(bytes);
    return BigInt(bytes.length);
  };
  output.blockingSplice = function (source, length) {
    const bytes = source.blockingRead(min(length, BigInt(BLOCKING_LIMIT)));
    if (bytes.length > 0) this.blockingWriteAndFlush(bytes);
    return BigInt(bytes.length);
  };
}

function keepBudget(output: OutputStream): void {
  const { checkWrite, write, blockingWriteAndFlush, blockingFlush } = output;
  const budgets = new WeakMap<OutputStream, Budget>();
  const budgetOf = (stream: OutputStream): Budget => {
    let budget = budgets.get(stream);
    if (budget === undefined) budgets.set(stream, (budget = { allowed: 0, pending: false }));
    return budget;
  };
  /** Throws when the stream does not take that much now. */
  const claim = (stream: OutputStream, length: number): void => {
    const budget = budgetOf(stream);
    // Guests that did not ask are lenient towards themselves; what counts is what fits.
    if (length > budget.allowed) stream.checkWrite();
    if (length > budget.allowed)
      throw new RangeError(`a write of ${length} bytes, of which ${budget.allowed} are allowed`);
    budget.allowed -= length;
    budget.pending = true;
  };
  output.checkWrite = function () {
    const allowed = checkWrite.call(this);
    budgetOf(this).allowed = Number(allowed);
    return allowed;
  };
  output.write = function (contents) {
    claim(this, contents.length);
    write.call(this, contents);
  };
  output.writeZeroes = function (length) {
    claim(this, Number(length));
    write.call(this, new Uint8Array(Number(length)));
  };
  output.blockingFlush = function () {
    blockingFlush.call(this);
    budgetOf(this).pending = false;
  };
  output.blockingWriteAndFlush = function (contents) {
    const budget = budgetOf(this);
    // What is still under way leaves less room.
    if (budget.pending) this.blockingFlush();
    for (let at = 0; at < contents.length; at += PIECE) {
      blockingWriteAndFlush.call(this, contents.subarray(at, at + PIECE));
    }
  };
  output.blockingWriteZeroesAndFlush = function (length) {
    if (length > BLOCKING_LIMIT)
      throw new RangeError(`${length} zeroes at a time, of which ${BLOCKING_LIMIT} are allowed`);
    this.blockingWriteAndFlush(new Uint8Array(Number(length)));
  };
}
