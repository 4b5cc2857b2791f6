/** What was emitted for a component. In: a component. Out: its modules, and the functions in them that people ask for. */
import { trampolineName } from '@gangway/adapter-codegen';
import type { AdapterIndex, TrampolineIndex } from '@gangway/component/plan';
import type { Component } from '@gangway/host';

/** A function of an emitted module. `name`: `trampoline[0]`, `adapter[2]`, `link[0]`. */
export type EmittedItem = {
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** Index into the modules. */
  readonly module: number;
} & (
  | { readonly kind: 'trampoline'; readonly index: TrampolineIndex }
  | { readonly kind: 'adapter'; readonly index: AdapterIndex }
  /** In place of the trampoline `index`; `callee` is the component whose function it calls. */
  | { readonly kind: 'link'; readonly index: TrampolineIndex; readonly callee: string }
);

/** An import that is connected to a function of another component's instance, as plain data. */
export interface LinkAdapter {
  readonly trampoline: TrampolineIndex;
  /** Title of the component whose function is called. */
  readonly callee: string;
  readonly bytes: Uint8Array;
}

export interface Emitted {
  readonly items: readonly EmittedItem[];
  readonly modules: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

/** The same, with the adapters that an instance is linked by. They are modules of their own. */
export function withLinks({ items, modules }: Emitted, links: readonly LinkAdapter[]): Emitted {
  const kept = items.filter(({ kind }) => kind !== 'link');
  const known = modules.filter((_, i) => kept.some(({ module }) => module === i));
  return {
    items: [
      ...kept,
      ...links.map(({ trampoline, callee }, i): EmittedItem => {
        const name = `link[${trampoline}]`;
        const { title } = kept.find(({ name }) => name === `trampoline[${trampoline}]`) ?? { title: name };
        const module = known.length + i;
        return { kind: 'link', index: trampoline, name, title: title.replace(/^\S+/, name), module, callee };
      }),
    ],
    modules: [...known, ...links.map(({ bytes }) => ({ name: 'link-adapter', bytes }))],
  };
}

/** The name under which its module exports a function. */
export function exportedAs(item: EmittedItem): string {
  return item.kind === 'link' ? 'adapter' : item.name;
}

/** Nothing is emitted for what still has to be linked. */
export async function emittedOf(component: Component): Promise<Emitted> {
  const { plan } = component;
  if (plan.unlinked.length > 0) return { items: [], modules: [] };
  const { trampolines, adapters } = await component.prepare();
  const modules: { name: string; bytes: Uint8Array }[] = [];
  const items: EmittedItem[] = [];
  if (trampolines?.bytes !== undefined) {
    plan.trampolines.forEach((trampoline, i) => {
      const title = trampolineName(plan, trampoline, i);
      const name = `trampoline[${i}]`;
      items.push({ kind: 'trampoline', index: i as TrampolineIndex, name, title, module: modules.length });
    });
    modules.push(trampolines);
  }
  adapters.forEach((module, m) => {
    if (module.bytes === undefined) return;
    for (const index of plan.adapterModules[m] ?? []) {
      const name = `adapter[${index}]`;
      items.push({
        kind: 'adapter',
        index,
        name,
        title: `${name} ${plan.adapters[index]!.name}`,
        module: modules.length,
      });
    }
    modules.push(module);
  });
  return { items, modules };
}
