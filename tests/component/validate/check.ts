/** Component text in, verdict of decoder and validator out. */
import { parse } from '@bytecodealliance/jco';
import {
  allFeatures,
  BinaryError,
  decode,
  type Features,
  ValidationError,
  type ValidComponent,
  validate,
} from '@gangway/component';
import * as assert from 'uvu/assert';

const assembled = new Map<string, Uint8Array>();

/** Assembles text; the same text is assembled once a process. */
export async function assemble(text: string): Promise<Uint8Array> {
  const known = assembled.get(text);
  if (known !== undefined) return known;
  const bytes = await parse(text);
  assembled.set(text, bytes);
  return bytes;
}

export const allGates: Features = allFeatures;

/** Decodes and validates. Throws what they throw. */
export function judge(bytes: Uint8Array, features: Features = allGates): ValidComponent {
  return validate(bytes, decode(bytes, { features }), { features });
}

/** The component of `text`, which must be valid. */
export async function valid(text: string, features: Features = allGates): Promise<ValidComponent> {
  return judge(await assemble(text), features);
}

/** Asserts that the component of `text` is refused by validation, with `message` in the text and an offset inside. */
export async function invalid(text: string, message: string, features: Features = allGates): Promise<void> {
  const bytes = await assemble(text);
  const error = refusal(bytes, features);
  assert.instance(error, ValidationError, `expected a refusal of ${text}`);
  assert.ok(error?.message.includes(message), `expected '${message}' in '${error?.message}'`);
  assert.ok(error !== null && error.offset >= 0 && error.offset <= bytes.length, 'offset outside of the component');
}

/** The error that decoding and validating throws; `null` when there is none. Errors of other classes pass through. */
export function refusal(bytes: Uint8Array, features: Features = allGates): BinaryError | null {
  try {
    judge(bytes, features);
    return null;
  } catch (error) {
    if (error instanceof BinaryError) return error;
    throw error;
  }
}
