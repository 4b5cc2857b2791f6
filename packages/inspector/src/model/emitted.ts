/** What was emitted for a component. In: a component. Out: its modules, and the functions in them that people ask for. */
import { trampolineName } from '@gangway/adapter-codegen';
import type { AdapterIndex, TrampolineIndex } from '@gangway/component/plan';
import type { Component } from '@gangway/host';

/** A function of an emitted module. `name` is its export's: `trampoline[0]`, `adapter[2]`. */
export type EmittedItem = {
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** Index into the modules. */
  readonly module: number;
} & (
  | { readonly kind: 'trampoline'; readonly index: TrampolineIndex }
  | { readonly kind: 'adapter'; readonly index: AdapterIndex }
);

export interface Emitted {
  readonly items: readonly EmittedItem[];
  readonly modules: readonly { readonly name: string; readonly bytes: Uint8Array }[];
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
