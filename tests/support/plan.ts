/** Plans for tests. In: the text of a component. Out: its plan, through the assembler, the decoder, validation and translation. */
import { parse } from '@bytecodealliance/jco';
import { type ComponentPlan, decode, type Features, resolveFeatures, translate, validate } from '@gangway/component';

export async function planOfText(text: string, features: Partial<Features> = {}): Promise<ComponentPlan> {
  const bytes = Uint8Array.from(await parse(text));
  const options = { features: resolveFeatures(features) };
  const ast = decode(bytes, options);
  validate(bytes, ast, options);
  return translate(bytes, ast);
}
