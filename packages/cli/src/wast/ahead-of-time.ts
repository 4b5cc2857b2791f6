/**
 * A component as `gangway compile` leaves it: its plan as JSON, the generated code of its functions as an ES module. In: a
 * component that has just been compiled. Out: the same from what would be stored, for an engine that evaluates nothing.
 */

import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { formsSource, listComponent, splitTexts } from '@gangway/host/bundling';
import { stringifyPlan } from '@gangway/host/component';
import { Component, Engine, type PartForms, parseManifest } from '@gangway/host/runtime';

let count = 0;

export async function aheadOfTime(component: Component): Promise<Component> {
  const listed = await listComponent(component);
  const { manifest, texts } = splitTexts(listed.manifest);
  const { forms: source, helpers } = formsSource(texts);
  const from = JSON.stringify(import.meta.resolve('@gangway/host/helpers'));
  const text = `import { ${helpers.join(', ')} } from ${from};\nexport const forms = ${source};`;
  // A module from a string cannot import files.
  const file = join(tmpdir(), `gangway-forms-${process.pid}-${count++}.mjs`);
  writeFileSync(file, text);
  const { forms } = (await import(pathToFileURL(file).href)) as { readonly forms: readonly PartForms[] };
  rmSync(file);
  const { modules } = await component.toTransferable();
  const { evaluate: _, ...options } = component.engine.options;
  const multiMemory = options.multiMemory ? 'auto' : 'never';
  return Component.from(
    { manifest: parseManifest(stringifyPlan(manifest)), modules, forms },
    { engine: new Engine({ ...options, multiMemory, evaluate: 'never' }) },
  );
}
