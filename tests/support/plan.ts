/** Plans for tests. In: the text of a component. Out: its plan, through the assembler, the decoder, validation and translation. */
import { parse } from '@bytecodealliance/jco';
import {
  type ComponentPlan,
  componentValue,
  decode,
  type Features,
  resolveFeatures,
  translateValue,
  validate,
} from '@gangway/component';

/** The import that stands for the intrinsics in tests. */
export const INTRINSICS = 'unsafe-intrinsics';

export async function planOfText(text: string, features: Partial<Features> = {}): Promise<ComponentPlan> {
  const bytes = Uint8Array.from(await parse(text));
  const options = { features: resolveFeatures(features) };
  const ast = decode(bytes, options);
  validate(bytes, ast, options);
  return translateValue({ ...componentValue(bytes, ast), intrinsics: INTRINSICS });
}
