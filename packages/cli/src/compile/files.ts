/**
 * The files of a compiled component. In: the component, its bytes, a name. Out: core modules, emitted modules with their
 * text, the manifest with the plan, the generated code of lift and lower, entries and their types.
 */
import type { EmittedModule } from '@gangway/adapter-codegen';
import { stringifyPlan } from '@gangway/component';
import type { Component } from '@gangway/host';
import { formsSource, listComponent, partsSource, splitTexts } from '@gangway/host/bundling';
import type { Artifact } from '../artifact.ts';
import { emittedWat } from '../inspect/emitted.ts';
import { declarations, entry, formsModule, workerdDeclarations, workerdEntry } from './entries.ts';

/** `bytes` are the whole component. */
export async function compiledFiles(component: Component, bytes: Uint8Array, name: string): Promise<Artifact[]> {
  const listed = await listComponent(component);
  const { manifest, texts } = splitTexts(listed.manifest);
  const artifacts: Artifact[] = [];
  const files: string[] = [];
  const taken = new Map<string, number>();
  /** Exported components have modules of the same names. */
  const unique = (stem: string): string => {
    const count = taken.get(stem) ?? 0;
    taken.set(stem, count + 1);
    return count === 0 ? `${name}.${stem}` : `${name}.${stem}.${count}`;
  };
  let cores = 0;
  for (const module of listed.modules) {
    if (module.kind === 'core') {
      const { start, end } = module.component.plan.modules[module.index]!;
      files.push(`${name}.core${cores}.wasm`);
      cores += 1;
      artifacts.push({ name: files.at(-1) as string, contents: bytes.subarray(start, end) });
    } else {
      // Compiled here and now: it has its bytes.
      const emitted = module.emitted as EmittedModule;
      const stem = unique(emitted.name);
      files.push(`${stem}.wasm`);
      artifacts.push({ name: `${stem}.wasm`, contents: emitted.bytes });
      artifacts.push({ name: `${stem}.wat`, contents: await emittedWat(emitted) });
    }
  }
  return [
    ...artifacts,
    { name: `${name}.plan.json`, contents: `${stringifyPlan(manifest)}\n` },
    { name: `${name}.forms.js`, contents: formsModule(name, formsSource(texts), partsSource(manifest)) },
    { name: `${name}.js`, contents: entry(name, files) },
    { name: `${name}.d.ts`, contents: declarations(component.plan, name) },
    { name: `${name}.workerd.js`, contents: workerdEntry(name, files) },
    { name: `${name}.workerd.d.ts`, contents: workerdDeclarations(name) },
  ];
}
