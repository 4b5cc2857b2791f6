/**
 * A component that is being looked at, and its present instance. In: the component, and what the page gives to it. Out:
 * calls, with what they do to the vmctx. After a trap nothing in a store can be entered: the next call makes a new one.
 */
import { type Component, type FuncInfo, type Instance, instantiate, Trap } from '@gangway/host';
import { exitStatus } from '@gangway/wasi';
import { ContextWatch } from './context-watch.ts';
import { type PageHost, pageImports } from './page-imports.ts';
import { isWasiImport, type PageWasi, pageWasi, type WasiSettings } from './page-wasi.ts';

export interface ExportedFunction {
  /** Names from the root's export down. */
  readonly path: readonly string[];
  readonly type: FuncInfo;
}

export type Outcome =
  | { readonly kind: 'value'; readonly value: unknown }
  /** The error case of a function's result. */
  | { readonly kind: 'error'; readonly payload: unknown }
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'trap'; readonly trap: Trap }
  /** The call did not take place: a wrong argument, a missing import. */
  | { readonly kind: 'failed'; readonly error: unknown };

export interface SessionHost extends Omit<PageHost, 'observe'> {
  settings(): WasiSettings;
  stdout(text: string): void;
  stderr(text: string): void;
  /** Called during a call, when the bytes of the vmctx have been looked at. */
  observed(): void;
}

/** All functions that can be called, those of interfaces included. */
export function exportedFunctions(component: Component): ExportedFunction[] {
  const list = (exports: Component['exports'], path: readonly string[]): ExportedFunction[] =>
    exports.flatMap((one) => {
      const here = [...path, one.name];
      if (one.kind === 'func') return [{ path: here, type: one.type }];
      return one.kind === 'instance' ? list(one.exports, here) : [];
    });
  return list(component.exports, []);
}

export class Session {
  readonly component: Component;
  readonly #host: SessionHost;
  #instance: Instance | null = null;
  #wasi: PageWasi | null = null;
  #watch: ContextWatch | null = null;

  constructor(component: Component, host: SessionHost) {
    this.component = component;
    this.#host = host;
  }

  get instance(): Instance | null {
    return this.#instance;
  }
  /** Null before the first instance. */
  get watch(): ContextWatch | null {
    return this.#watch;
  }
  /** Files as the guest left them. */
  get files(): readonly [string, string][] {
    return this.#wasi?.files() ?? [];
  }

  /** Makes a new instance in a store of its own, with the settings as they are now. */
  async renew(): Promise<void> {
    const { component } = this;
    this.#instance = null;
    const observe = (): void => this.#observe();
    const { log, answer, stdout, stderr, settings } = this.#host;
    this.#wasi = await pageWasi(component, settings(), { stdout, stderr, observe });
    const imports = { ...this.#wasi.imports, ...pageImports(component, isWasiImport, { log, answer, observe }) };
    const instance = await instantiate(component, imports);
    this.#instance = instance;
    this.#watch = new ContextWatch(instance.context.bytes);
  }

  #observe(): void {
    if (this.#instance === null) return;
    this.#watch?.observe(this.#instance.context.bytes);
    this.#host.observed();
  }

  async call({ path }: ExportedFunction, args: readonly unknown[]): Promise<Outcome> {
    try {
      if (this.#instance === null || this.#instance.store.trap !== null) await this.renew();
    } catch (error) {
      return outcomeOf(error);
    }
    const instance = this.#instance as Instance;
    const watch = this.#watch as ContextWatch;
    watch.begin(instance.context.bytes);
    try {
      const func = instance.getFunc(...path);
      if (func === undefined) return { kind: 'failed', error: new Error(`${path.join(' ')} cannot be called`) };
      return { kind: 'value', value: await func(...args) };
    } catch (error) {
      return outcomeOf(error);
    } finally {
      watch.end(instance.context.bytes);
    }
  }
}

function outcomeOf(error: unknown): Outcome {
  const status = exitStatus(error);
  if (status !== null) return { kind: 'exit', code: status.code };
  if (error instanceof Trap) return { kind: 'trap', trap: error };
  if (error instanceof Error && Object.hasOwn(error, 'payload')) {
    return { kind: 'error', payload: (error as Error & { readonly payload: unknown }).payload };
  }
  return { kind: 'failed', error };
}
