/** Plans for tests. In: the text of a component. Out: its plan, through the assembler, the decoder and translation. */
import { parse } from '@bytecodealliance/jco';
import { type ComponentPlan, decode, type Features, resolveFeatures, translate } from '@gangway/component';

export async function planOfText(text: string, features: Partial<Features> = {}): Promise<ComponentPlan> {
  const bytes = Uint8Array.from(await parse(text));
  return translate(bytes, decode(bytes, { features: resolveFeatures(features) }));
}
