/**
 * The files of a compiled component. In: the component, and a name. Out: core modules, emitted modules with their text, the
 * manifest with the plan, the generated code of lift and lower, entries and their types.
 */
import type { Component } from '@gangway/host';
import { coreFiles, formsSource, partsSource } from '@gangway/host/bundling';
import { stringifyPlan } from '@gangway/host/component';
import type { Artifact } from '../artifact.ts';
import { emittedWat } from '../inspect/emitted.ts';
import { declarations, entry, formsModule, workerdDeclarations, workerdEntry } from './entries.ts';

export async function compiledFiles(component: Component, name: string): Promise<Artifact[]> {
  const { manifest, texts, files } = await coreFiles(component, name);
  const artifacts: Artifact[] = [];
  for (const file of files) {
    artifacts.push({ name: `${file.name}.wasm`, contents: file.bytes });
    if (file.emitted !== null) artifacts.push({ name: `${file.name}.wat`, contents: await emittedWat(file.emitted) });
  }
  const names = files.map((file) => `${file.name}.wasm`);
  return [
    ...artifacts,
    { name: `${name}.plan.json`, contents: `${stringifyPlan(manifest)}\n` },
    { name: `${name}.forms.js`, contents: formsModule(name, formsSource(texts), partsSource(manifest)) },
    { name: `${name}.js`, contents: entry(name, names) },
    { name: `${name}.d.ts`, contents: declarations(component.plan, name) },
    { name: `${name}.workerd.js`, contents: workerdEntry(name, names) },
    { name: `${name}.workerd.d.ts`, contents: workerdDeclarations(name) },
  ];
}
