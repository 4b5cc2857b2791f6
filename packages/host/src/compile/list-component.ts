/**
 * A component on its way into storage. In: a component. Out: its manifest and the core modules that the manifest counts, in
 * order. See stored-component.ts for the way back.
 */
import { part as loadPart } from '../forms/parts.ts';
import type { Component, RunnableModule } from './component.ts';
import { nestedPlans } from './nested-plans.ts';
import { MANIFEST_VERSION, type Manifest, type StoredModule, type StoredPart } from './stored-component.ts';

/** A core module on its way into storage: the component's own, or an emitted one. */
export type ListedModule =
  | { readonly kind: 'core'; readonly component: Component; readonly index: number }
  | { readonly kind: 'emitted'; readonly component: Component; readonly emitted: RunnableModule };

/** Everything that has to be stored of a component, with its generated code. Emits what has not been emitted yet. */
export async function listComponent(root: Component): Promise<{ manifest: Manifest; modules: ListedModule[] }> {
  const generator = await loadPart('generator');
  const { unlinked } = root.plan;
  if (unlinked.length > 0) {
    throw new TypeError(`the component instantiates the imported component "${unlinked[0]}": link it first`);
  }
  const modules: ListedModule[] = [];
  const parts: StoredPart[] = [];
  const known = new Map<unknown, number>();
  const list = (key: unknown, module: ListedModule): number => {
    let index = known.get(key);
    if (index === undefined) {
      index = modules.push(module) - 1;
      known.set(key, index);
    }
    return index;
  };
  const visit = async (component: Component, path: readonly string[]): Promise<void> => {
    const code = await component.prepare();
    const store = (emitted: RunnableModule): StoredModule => {
      const { name, imports, exports } = emitted;
      return { name, imports, exports, module: list(emitted, { kind: 'emitted', component, emitted }) };
    };
    parts.push({
      path,
      modules: component.modules.map((module, index) => list(module, { kind: 'core', component, index })),
      trampolines: code.trampolines && store(code.trampolines),
      callees: code.callees && store(code.callees),
      adapters: code.adapters.map(store),
      signatures: component.signatureTexts,
      texts: generator.texts(component.plan),
    });
    for (const nested of nestedPlans(component.plan)) {
      await visit(component.nestedAt(nested.path), [...path, ...nested.path]);
    }
  };
  await visit(root, []);
  const { pointerSize } = root.engine.options;
  return { manifest: { manifest: MANIFEST_VERSION, pointerSize, plan: root.plan, parts }, modules };
}
