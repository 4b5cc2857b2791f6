/**
 * What components were compiled from. In: a component that was compiled here or taken from a cache. Out: its bytes, and the
 * value that stands for it where it is given for an import of another.
 */
import type { ComponentValue } from '@gangway/component/front-end';
import type { Engine } from '../engine.ts';
import type { Component } from './component.ts';

/** Decodes and validates: build.ts. Whoever asks for values has loaded it. */
export type Validated = (engine: Engine, bytes: Uint8Array) => ComponentValue;

export interface Origin {
  readonly bytes: Uint8Array;
  /** What the component was translated from; of one from the cache it is decoded when it is asked for. */
  readonly value: (validated: Validated) => ComponentValue;
  /** The binaries that `PlanModule.source` counts; absent when there is only the one. */
  readonly sources?: readonly Uint8Array[];
}

const origins = new WeakMap<Component, Origin>();

/** Makes the component one that can be given for an import of another. */
export function register(component: Component, origin: Origin): void {
  origins.set(component, origin);
}

/** The value of a component that is given for an import of another. Throws `TypeError` for one that was stored. */
export function linkable(component: Component, validated: Validated): ComponentValue {
  const origin = origins.get(component);
  if (origin === undefined) throw new TypeError('a stored component cannot be given for an import of another');
  return origin.value(validated);
}

/** The bytes of a core module of the plan. Throws `TypeError` for a component that was stored without them. */
export function coreModuleBytes(component: Component, index: number): Uint8Array {
  const origin = origins.get(component);
  if (origin === undefined) throw new TypeError('a stored component does not have its bytes any more');
  const { source, start, end } = component.plan.modules[index]!;
  const { sources = [origin.bytes] } = origin;
  return sources[source]!.subarray(start, end);
}
