/**
 * What tools show of an instance. In: an instance. Out: copies of what its store keeps of it, and what it is connected to. Not
 * methods of it: programs that run components do not need them.
 */
import type { EmittedModule } from '@gangway/adapter-codegen/emitted';
import type { TrampolineIndex } from '@gangway/component/plan';
import { CallFrameOffsets } from '@gangway/offsets';
import type { Component } from '../compile/component.ts';
import { DisposedError } from '../errors.ts';
import { componentInstance, type Instance } from './instance.ts';

/** The vmctx of an instance. */
export interface InstanceContext {
  /** Byte address in the context memory of its store. */
  readonly address: number;
  /** A copy; `component.offsets` says where its fields lie in them (`vmctxLayout` of `@gangway/offsets`). */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Addresses of the call frame records that its adapters have (`callFrameLayout`). */
  readonly frames: readonly number[];
}

/**
 * The vmctx as it is now. From then on the bytes say whether a call is inside, which makes calls a little slower.
 * `DisposedError` when the instance has been disposed.
 */
export function instanceContext(instance: Instance<object>): InstanceContext {
  const { vmctx, released, words, blocks } = componentInstance(instance);
  if (released) throw new DisposedError('the instance has been disposed');
  words.share();
  const { address, memory, offsets } = vmctx;
  // Records are 16-byte aligned, and as long as they are on the spill stack.
  const { size } = new CallFrameOffsets(offsets.pointerSize);
  const frames = (blocks ?? []).flatMap((block) =>
    Array.from({ length: block.bytes / size }, (_, i) => block.address + i * size),
  );
  return { address, bytes: memory.u8.slice(address, address + offsets.size), frames };
}

/** An import that is connected to a function of another instance. */
export interface InstanceLink {
  readonly trampoline: TrampolineIndex;
  /** The module with the adapter, which it exports as `adapter`. */
  readonly adapter: EmittedModule;
  readonly callee: Component;
}

/**
 * The imports that are connected in wasm to functions of other instances in the store: the trampoline in `component.plan` that
 * each one would have, what is called in its place, and whose function that calls.
 */
export function instanceLinks(instance: Instance<object>): InstanceLink[] {
  return [...componentInstance(instance).links.values()].map(({ trampoline, adapter, callee }) => {
    return { trampoline, adapter: adapter.emitted, callee: callee.component };
  });
}
