/**
 * The shim's I/O worker, as `wasi:http` needs it. Out: its calls, and operations of `worker.ts`, which it loads once. Null where
 * there is no such worker: the shim's own HTTP is taken then.
 */
import { owned } from '../scope.ts';
import { type InputStream, type OutputStream, type Pollable, shim } from '../shim.ts';
import type { ErrorCode } from './messages.ts';
import type { Operations } from './worker.ts';

/** What the shim exports for extensions of its worker. */
interface IoWorker {
  callExtension(module: URL, operation: string, args: readonly unknown[]): unknown;
  inputStreamCreate(id: number): InputStream;
  outputStreamCreate(id: number): OutputStream;
  outputStreamId(stream: OutputStream): number;
  futureSubscribe(id: number, parent: object): Pollable;
  futureTakeValue(id: number): FutureValue;
  futureDispose(id: number): void;
}

/** Undefined: not yet. The outer `err`: taken before. */
export type FutureValue =
  | undefined
  | { readonly tag: 'err' }
  | {
      readonly tag: 'ok';
      readonly val: { readonly tag: 'ok'; readonly val: unknown } | { readonly tag: 'err'; readonly val: ErrorCode };
    };

export interface HttpIo extends Omit<IoWorker, 'callExtension'> {
  /** Throws what the operation throws. */
  call<K extends keyof Operations>(
    operation: K,
    ...args: Parameters<Operations[K]>
  ): Awaited<ReturnType<Operations[K]>>;
}

/** Only Node's build of the shim has it, hence no `import` that bundlers for browsers would follow. */
const ioWorker = '@bytecodealliance/preview2-shim/io-worker';

let loaded: Promise<HttpIo | null> | undefined;

export function httpIo(): Promise<HttpIo | null> {
  return (loaded ??= load());
}

async function load(): Promise<HttpIo | null> {
  if ((globalThis as { process?: { versions?: { node?: string } } }).process?.versions?.node === undefined) return null;
  let worker: IoWorker;
  let module: URL;
  try {
    // Asked as a dependent would, so that it is found wherever the rest of this package was bundled to.
    module = new URL(import.meta.resolve('@gangway/wasi/http-worker'));
    // Sockets: for the classes of streams that come with them.
    [worker] = await Promise.all([import(/* @vite-ignore */ ioWorker) as Promise<IoWorker>, shim.sockets()]);
  } catch {
    return null;
  }
  return {
    call: (operation, ...args) => worker.callExtension(module, operation, args) as never,
    inputStreamCreate: (id) => owned(worker.inputStreamCreate(id)),
    outputStreamCreate: (id) => owned(worker.outputStreamCreate(id)),
    futureSubscribe: (id, parent) => owned(worker.futureSubscribe(id, parent)),
    outputStreamId: worker.outputStreamId,
    futureTakeValue: worker.futureTakeValue,
    futureDispose: worker.futureDispose,
  };
}
