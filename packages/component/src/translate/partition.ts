/**
 * Which adapters are emitted into one module. In: the effects of an instantiation and what else must exist at its end.
 * Out: lists of adapters; each list depends only on core instances and adapters that exist before its first use.
 *
 * Adapters are visited in the order in which they were defined, and put into the module in progress. When one depends on
 * something whose own making needs an adapter of that module, the module is finished first. So consecutive
 * adapters share a module as long as that is possible. Rejected: a minimal partition. It saves a module in cases that
 * nobody writes, and costs a graph algorithm.
 */
import { type AdapterItem, type CoreItem, optionItems } from './entities.ts';
import { type Effect, needs } from './instantiate.ts';

/** `roots` are the core items that exports use. */
export function partitionAdapters(effects: readonly Effect[], roots: readonly CoreItem[]): AdapterItem[][] {
  const reachable = new Set<AdapterItem>();
  const reach = (item: CoreItem): void => {
    if (item.kind === 'lower-import') optionItems(item.options).forEach(reach);
    if (item.kind !== 'adapter' || reachable.has(item)) return;
    // Dependencies come first, so that the set's order is one in which they can be made.
    adapterItems(item).forEach(reach);
    reachable.add(item);
  };
  const effectOf = new Map<number, number>();
  effects.forEach((effect, i) => {
    if (effect.kind === 'instantiate') effectOf.set(effect.instance, i);
    needs(effect).forEach(reach);
  });
  roots.forEach(reach);

  const modules: AdapterItem[][] = [];
  const made = new Set<AdapterItem>();
  let current: AdapterItem[] = [];
  /** Effects before this one have been visited: all adapters that they need are made. */
  let frontier = 0;

  const finish = (): void => {
    if (current.length === 0) return;
    for (const adapter of current) made.add(adapter);
    modules.push(current);
    current = [];
  };
  const require = (item: CoreItem): void => {
    switch (item.kind) {
      case 'export': {
        const effect = effectOf.get(item.instance) ?? -1;
        while (frontier <= effect) needs(effects[frontier++] as Effect).forEach(require);
        break;
      }
      case 'adapter':
        // Every reachable adapter that is not made stands in the module in progress.
        if (!made.has(item)) finish();
        break;
      case 'lower-import':
        optionItems(item.options).forEach(require);
        break;
    }
  };
  for (const adapter of reachable) {
    adapterItems(adapter).forEach(require);
    current.push(adapter);
  }
  finish();
  return modules;
}

/** What an adapter needs before it can be made. */
function adapterItems(adapter: AdapterItem): CoreItem[] {
  return [adapter.lift.func, ...optionItems(adapter.lift.options), ...optionItems(adapter.lower.options)];
}
