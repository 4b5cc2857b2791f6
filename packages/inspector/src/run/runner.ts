/**
 * The page's side of the worker. In: requests. Out: promises of their reports; what comes in between goes to the listener.
 * Stopping ends the worker, and with it the instance and its resources; the next request begins anew.
 */
import type { OutputKind, Part, Progress, Report, Request } from './protocol.ts';

export interface RunnerListener {
  output(pieces: readonly (readonly [OutputKind, string])[]): void;
  progress(progress: Progress): void;
}

export type FinalReport = Exclude<Report, { readonly kind: 'output' | 'progress' }> | { readonly kind: 'stopped' };

export class Runner {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #parts: readonly Part[];
  readonly #listener: RunnerListener;
  #worker: Worker | null = null;
  #answer: ((report: FinalReport) => void) | null = null;

  constructor(bytes: Uint8Array<ArrayBuffer>, parts: readonly Part[], listener: RunnerListener) {
    this.#bytes = bytes;
    this.#parts = parts;
    this.#listener = listener;
  }

  get busy(): boolean {
    return this.#answer !== null;
  }

  /** Never rejects: what goes wrong is a report. One request at a time. */
  async ask(request: Exclude<Request, { readonly kind: 'open' }>): Promise<FinalReport> {
    if (this.busy) return { kind: 'refused', message: 'another call is still running' };
    if (this.#worker === null) {
      this.#worker = this.#start();
      const opened = await this.#send({ kind: 'open', bytes: this.#bytes, parts: this.#parts });
      if (opened.kind !== 'opened') {
        this.stop();
        return opened;
      }
    }
    return this.#send(request);
  }

  /** Ends what runs. A request under way is answered by `stopped`. */
  stop(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#finish({ kind: 'stopped' });
  }

  #send(request: Request): Promise<FinalReport> {
    return new Promise((resolve) => {
      this.#answer = resolve;
      this.#worker?.postMessage(request);
    });
  }

  #finish(report: FinalReport): void {
    const answer = this.#answer;
    this.#answer = null;
    answer?.(report);
  }

  #start(): Worker {
    const worker = new Worker(new URL('worker.js', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<Report>) => {
      // A message of a worker that has been ended may still be on its way.
      if (worker !== this.#worker) return;
      if (data.kind === 'output') this.#listener.output(data.pieces);
      else if (data.kind === 'progress') this.#listener.progress(data.progress);
      else this.#finish(data);
    });
    worker.addEventListener('error', (event) => {
      if (worker !== this.#worker) return;
      event.preventDefault();
      this.#worker = null;
      worker.terminate();
      this.#finish({ kind: 'refused', message: event.message || 'the worker could not be started' });
    });
    return worker;
  }
}
