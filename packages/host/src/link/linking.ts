/**
 * Whether a new instance is linked with others in its store, and the part of the host that does it (links.ts): most are not,
 * so it is loaded when the first one is.
 */
import type { LoweringIndex } from '@gangway/component/plan';
import type { Component } from '../compile/component.ts';
import { part, partNow } from '../forms/parts.ts';
import type { StoreState } from '../store/store.ts';
import { exportedFunc } from './exported-funcs.ts';
import type { ImportValue } from './imports.ts';
import type { Link } from './links.ts';

/** By the lowering that it takes the place of. */
export type Links = ReadonlyMap<LoweringIndex, Link>;

export const noLinks: Links = new Map();

/** Errors are those of links.ts. */
export async function linksLater(
  store: StoreState,
  component: Component,
  imports: readonly ImportValue[],
): Promise<Links> {
  return isLinked(store, imports) ? (await part('links')).findLinks(store, component, imports) : noLinks;
}

/** Throws `TypeError` when that part has to be loaded first. */
export function linksNow(store: StoreState, component: Component, imports: readonly ImportValue[]): Links {
  if (!isLinked(store, imports)) return noLinks;
  const links = partNow('links');
  if (links === undefined) {
    throw new TypeError("linking with another instance takes instantiate(), or import '@gangway/host/parts'");
  }
  return links.findLinksNow(store, component, imports);
}

function isLinked(store: StoreState, imports: readonly ImportValue[]): boolean {
  return imports.some((value) => value.kind === 'func' && exportedFunc(value.func)?.instance.store === store);
}
