/**
 * Compilation with a code cache. In: the bytes of a component, and how it is compiled when the cache has nothing. Out: the
 * `Component`, from an entry of the cache or put there. Loaded by engines that have a cache; what a hit loads and runs is what
 * runs a component that was compiled ahead of time, and this: no decoder, no validator, no code generator.
 *
 * The bytes of an entry's component were decoded and validated when the entry was made.
 */
import type { PlanModule } from '@gangway/component';
import type { ComponentValue } from '@gangway/component/front-end';
import type { CodeCache } from '../cache/code-cache.ts';
import { type Entry, type EntryModule, entryKey, readEntry, writeEntry } from '../cache/entry.ts';
import type { Engine } from '../engine.ts';
import { InternalError } from '../errors.ts';
import { registerPart } from '../forms/parts.ts';
import { linkEmitter, prepareLinking } from '../link/emit-link.ts';
import { findCompatible } from '../link/semver.ts';
import { loadFrontEnd } from './compile.ts';
import { Component, type ComponentParts } from './component.ts';
import { moduleAt } from './core-modules.ts';
import { engineModule } from './engine-module.ts';
import { nestedPlans } from './nested-plans.ts';
import { register, type Validated } from './origins.ts';
import { storedParts } from './stored-component.ts';

/** From the cache, or made by `make` and then put there. A cache that fails is one that has nothing. */
export async function throughCache(
  engine: Engine,
  cache: CodeCache,
  bytes: Uint8Array<ArrayBuffer>,
  make: () => Promise<Component>,
): Promise<Component> {
  const key = await entryKey(bytes, engine.options);
  const entry = await cache
    .get(key)
    .then((found) => (found === undefined ? null : readEntry(found)))
    .catch(() => null);
  if (entry !== null) return fromEntry(engine, bytes, entry);
  const component = await make();
  // Components that are linked later, and those that export others, need their bytes decoded anyway.
  const alone = component.plan.unlinked.length === 0 && nestedPlans(component.plan).length === 0;
  // Not awaited: the component is ready.
  if (alone) void store(cache, key, component).catch(() => undefined);
  return component;
}

async function store(cache: CodeCache, key: string, component: Component): Promise<void> {
  const { listComponent } = await import('../parts/list-component.ts');
  const { manifest, modules } = await listComponent(component);
  const entries = modules.map((listed): EntryModule => {
    if (listed.kind === 'core') return { kind: 'core', ...(listed.component.plan.modules[listed.index] as PlanModule) };
    const { bytes } = listed.emitted;
    if (bytes === undefined) throw new InternalError('an emitted module has no bytes');
    return { kind: 'emitted', bytes };
  });
  await cache.put(key, writeEntry({ manifest, modules: entries }));
}

async function fromEntry(engine: Engine, bytes: Uint8Array<ArrayBuffer>, entry: Entry): Promise<Component> {
  registerPart('versions', findCompatible);
  const modules = await Promise.all(
    entry.modules.map((one) => (one.kind === 'core' ? moduleAt(bytes, one.start, one.end) : engineModule(one.bytes))),
  );
  let value: ComponentValue | undefined;
  const decoded = (validated: Validated) => (value ??= validated(engine, bytes));
  const link: ComponentParts['link'] = async (components) => {
    const { assemble, validated } = await loadFrontEnd(engine);
    return assemble(engine, decoded(validated), components);
  };
  const root = new Component({
    ...storedParts({ manifest: entry.manifest, modules }, engine, (parts) => new Component(parts)),
    link,
    linking: linkEmitter(engine),
  });
  register(root, { bytes, value: decoded });
  await Promise.all([root.prepare(), prepareLinking(engine)]);
  return root;
}
