/** The checks of flags. In: an object of booleans, or one of its properties. Out: bits, or a refusal. */
import { expected, located } from './argument-error.ts';

/** Refuses what is no object of flags. */
export function checkFlags(value: unknown): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) expected('an object of booleans', value);
}

/** The bit of a flag, if it is set. */
export function bitOf(flag: unknown, bit: number, name: string): number {
  if (flag === true) return bit;
  if (flag !== false && flag !== undefined) wrongFlag(name, flag);
  return 0;
}

/** Refuses one flag. */
function wrongFlag(name: string, value: unknown): never {
  try {
    return expected('a boolean', value);
  } catch (error) {
    throw located(error, `.${name}`);
  }
}
