/**
 * A component as `gangway compile` leaves it: its plan as JSON, the generated code of its functions as an ES module. In: a
 * component that has just been compiled. Out: the same from what would be stored, for an engine that evaluates nothing.
 */

import { stringifyPlan } from '@gangway/component';
import { formsSource, splitTexts } from '@gangway/host/bundling';
import { Component, Engine, listComponent, type PartForms, parseManifest } from '@gangway/host/runtime';

export async function aheadOfTime(component: Component): Promise<Component> {
  const listed = await listComponent(component);
  const { manifest, texts } = splitTexts(listed.manifest);
  const { forms } = (await import(
    `data:text/javascript,${encodeURIComponent(`export const forms = ${formsSource(texts)};`)}`
  )) as { readonly forms: readonly PartForms[] };
  const { modules } = await component.toTransferable();
  const { evaluate: _, ...options } = component.engine.options;
  const multiMemory = options.multiMemory ? 'auto' : 'never';
  return Component.from(
    { manifest: parseManifest(stringifyPlan(manifest)), modules, forms },
    { engine: new Engine({ ...options, multiMemory, evaluate: 'never' }) },
  );
}
