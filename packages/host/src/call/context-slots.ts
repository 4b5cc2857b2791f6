/**
 * The context slots of a task, seen from the host (CanonicalABI.md#-canon-contextget). In: a call into the guest that starts
 * a task. Out: the same call with slots of its own, zero at first, and those of the task around it back in place after
 * it, however it ends. Only components that have `context.get` or `context.set` pay for this.
 *
 * Rejected: saving and restoring in each form of an export. Arguments are read before the guest is entered, but
 * what reading them calls puts the slots back as well.
 */
import type { ContextWords } from './guest-side.ts';
import type { JsFunction } from './requests.ts';

/** Words of the two slots. */
const WORDS = 4;

export class ContextSlots {
  readonly #context: ContextWords;
  readonly #first: number;

  /** `first` is an index into `context.i32`. */
  constructor(context: ContextWords, first: number) {
    this.#context = context;
    this.#first = first;
  }

  /** Runs `task` with slots of its own. */
  around<T>(task: () => T): T {
    const first = this.#first;
    const words = this.#words();
    const saved = words.slice(first, first + WORDS);
    words.fill(0, first, first + WORDS);
    try {
      return task();
    } finally {
      // The words of an instance that has been disposed have no slots.
      if (saved.length > 0) this.#words().set(saved, first);
    }
  }

  /** The function, with slots of its own for each call. */
  wrap(func: JsFunction): JsFunction {
    const { name, length } = func;
    const wrapped = { [name]: (...args: unknown[]) => this.around(() => func(...args)) }[name] as JsFunction;
    return Object.defineProperty(wrapped, 'length', { value: length, configurable: true });
  }

  #words(): Int32Array<ArrayBuffer> {
    const { i32 } = this.#context;
    return i32.length === 0 ? this.#context.refresh() : i32;
  }
}
