/** Compiles a component with the components that it imports. In: bytes. Out: a component that can run, and plugs for it. */
import { type Component, compile } from '@gangway/host';
import { engine } from '../engine.ts';
import type { Part } from './protocol.ts';

export interface OpenedComponent {
  /** Linked with the components among the parts, if that is all it imports. */
  readonly component: Component;
  /** Components whose instances serve imports. */
  readonly plugs: readonly { readonly name: string; readonly component: Component }[];
}

export async function openComponent(bytes: Uint8Array<ArrayBuffer>, parts: readonly Part[]): Promise<OpenedComponent> {
  let component = await compile(bytes, { engine });
  const linked = new Map<string, Component>();
  const plugs: { name: string; component: Component }[] = [];
  for (const part of parts) {
    const made = await compile(part.bytes, { engine });
    if (part.component === null) plugs.push({ name: part.name, component: made });
    else linked.set(part.component, made);
  }
  const { unlinked } = component.plan;
  if (unlinked.length > 0 && unlinked.every((name) => linked.has(name))) component = await component.link(linked);
  return { component, plugs };
}
