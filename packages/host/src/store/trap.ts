/**
 * The trap state of a store. In: what a failing host function, a failing check in emitted code or the engine says. Out:
 * the one `Trap` that the embedder gets, and a locked store.
 *
 * Two ways lead here. A callee that is reached from wasm must not throw (a guest's `catch_all` would see it): it records,
 * and the trampoline executes `unreachable`. A check in emitted code has written the trap word itself. In both cases the
 * engine's error comes out at the outermost host frame, where `take` replaces it.
 *
 * Rejected: keeping the trap word only, with the JS cause in a side table. The first record wins, so one field is enough.
 */
import type { ComponentInstanceIndex } from '@gangway/component/plan';
import { trapCode, trapNumber, trapText } from '@gangway/component/traps';
import { AbiTrap } from '../call/abi-trap.ts';
import { type ComponentFrame, InternalError, Trap, type TrapCode } from '../errors.ts';
import { partNow } from '../forms/parts.ts';

/** What is known of a trap before the outermost host frame has been reached. */
interface Record {
  readonly code: TrapCode;
  /** The detail words; 0 when absent. */
  readonly a?: number;
  readonly b?: number;
  /** What the embedder's own code threw; absent when nothing did. */
  readonly cause?: { readonly error: unknown };
  /** Replaces the code's text. */
  readonly text?: string;
}

/** The store context, as far as traps go. */
export interface TrapWords {
  trapCode: number;
  trapDetail0: number;
  trapDetail1: number;
  trapVmctx: number;
  trapInstance: number;
}

export class TrapState {
  readonly #words: TrapWords;
  readonly #lock: () => void;
  #record: Record | null = null;
  /** What comes out at the outermost host frame. An `InternalError` when the failure is ours. */
  #taken: Trap | InternalError | null = null;
  #frames: ComponentFrame[] = [];

  /** `lock` keeps everything from being entered. */
  constructor(words: TrapWords, lock: () => void) {
    this.#words = words;
    this.#lock = lock;
  }

  /** The trap that locked the store, if one did. */
  get trap(): Trap | InternalError | null {
    return this.#taken;
  }

  /** Whether an error that came out of wasm is a trap, recorded or the engine's; otherwise it is about memory, say. */
  isTrap(error: unknown): boolean {
    return this.#words.trapCode !== 0 || describe(error).code !== 'host-error';
  }

  /** The code without the embedder's error, for callers that must not throw through guest frames. The first record wins. */
  record(vmctx: number, instance: ComponentInstanceIndex, error: unknown, origin: 'guest' | 'host'): void {
    const words = this.#words;
    if (this.#record === null && this.#taken === null && words.trapCode === 0) {
      const record = origin === 'host' && !(error instanceof AbiTrap) ? hostError(error) : describe(error);
      this.#record = record;
      words.trapCode = trapNumber(record.code);
      words.trapDetail0 = record.a ?? 0;
      words.trapDetail1 = record.b ?? 0;
      words.trapVmctx = vmctx;
      words.trapInstance = instance;
    }
    // A host function may have caught a trap that another call of it ran into: the guest below must not go on.
    if (words.trapCode === 0) words.trapCode = trapNumber('host-error');
  }

  /** Names the reason of a trap that emitted code has recorded, where the code alone does not say it. */
  explain(code: TrapCode, text: string, error: Error): void {
    this.#record ??= { code, text, cause: { error } };
  }

  /** What the embedder gets for `error`; adds `frames` (innermost first) to the component call stack; locks the store. */
  take(error: unknown, frames: readonly ComponentFrame[]): Trap | InternalError {
    this.#frames.push(...frames);
    if (this.#taken === null) {
      this.#taken = this.#make(error);
      this.#lock();
      // Host functions below this frame must not return into their guests normally either.
      if (this.#words.trapCode === 0) this.#words.trapCode = trapNumber('guest-trap');
    }
    return this.#taken;
  }

  #make(error: unknown): Trap | InternalError {
    const words = this.#words;
    const recorded = this.#record;
    let found: Record;
    if (recorded !== null) {
      found = recorded;
    } else if (words.trapCode !== 0) {
      const code = trapCode(words.trapCode);
      if (code === undefined) return new InternalError(`trap word ${words.trapCode}`, { cause: error });
      const a = words.trapDetail0 >>> 0;
      found = { code, a, b: words.trapDetail1 >>> 0 };
      const text = code === 'unsupported' ? partNow('unsupported')?.(a) : undefined;
      if (text !== undefined) found = { ...found, text };
    } else {
      found = describe(error);
      if (found.code === 'host-error') return asInternal(error);
    }
    const { code, cause: thrown, ...details } = found;
    const cause = thrown !== undefined ? thrown.error : error instanceof AbiTrap ? undefined : error;
    const trap = new Trap(code, {
      ...details,
      componentStack: this.#frames,
      ...(cause === undefined ? {} : { cause }),
    });
    takeStack(trap, error);
    return trap;
  }
}

function asInternal(error: unknown): InternalError {
  if (error instanceof InternalError) return error;
  return new InternalError(`unexpected ${error instanceof Error ? error.name : typeof error} in a call`, {
    cause: error,
  });
}

/** A trap that did not come from the store's own state: for an entry that was refused. */
export function cannotEnterTrap(cause: unknown, instance: string, name: string): Trap {
  return new Trap('cannot-enter', {
    componentStack: [{ instance, function: name }],
    ...(cause === null || cause === undefined ? {} : { cause }),
  });
}

function hostError(error: unknown): Record {
  const text = `${trapText('host-error')}: ${describeThrown(error)}`;
  return { code: 'host-error', cause: { error }, text };
}

function describeThrown(error: unknown): string {
  try {
    return String(error);
  } catch {
    return typeof error;
  }
}

/** How engines say that the stack is exhausted: V8, JavaScriptCore, SpiderMonkey. */
const stackExhausted = /call stack|stack overflow|recursion/i;

/**
 * What an error that came out of wasm means. `host-error` stands for what cannot come out of wasm: a bug of ours, since
 * the host's functions never throw through guest frames.
 */
function describe(error: unknown): Record {
  if (error instanceof AbiTrap) return { code: error.code, a: error.a, b: error.b };
  // A call into another instance that the host made on behalf of the guest: a destructor.
  if (error instanceof Trap) return { code: error.code, cause: { error }, text: error.message };
  if (error instanceof WebAssembly.RuntimeError) {
    if (/unreachable/i.test(error.message)) return { code: 'unreachable' };
    if (stackExhausted.test(error.message)) return { code: 'stack-overflow' };
    return { code: 'guest-trap', text: `wasm trap: ${error.message}` };
  }
  if (exception !== undefined && error instanceof exception) return { code: 'guest-exception' };
  if (error instanceof Error && stackExhausted.test(error.message)) return { code: 'stack-overflow' };
  return { code: 'host-error', cause: { error } };
}

/** Absent in engines without exception handling. */
const exception: typeof WebAssembly.Exception | undefined = (WebAssembly as Partial<typeof WebAssembly>).Exception;

/** Gives `trap` the frames of the engine's error: where in the guest it happened. */
function takeStack(trap: Trap, error: unknown): void {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return;
  const header = `${error.name}: ${error.message}`;
  const stack = error.stack.startsWith(header) ? error.stack.slice(header.length) : `\n${error.stack}`;
  Object.defineProperty(trap, 'stack', {
    value: `${trap.name}: ${trap.message}${stack}`,
    writable: true,
    configurable: true,
  });
}
