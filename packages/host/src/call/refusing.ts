/** What stands for an export that cannot be called. In: why. Out: a function that says so, without a step into the guest. */
import { UnsupportedError } from '../errors.ts';
import type { JsFunction } from './requests.ts';

/** Throws `UnsupportedError` whenever it is called. */
export function refusing(problem: string, name: string, parameters: number): JsFunction {
  const refuse = (): never => {
    throw new UnsupportedError(null, problem);
  };
  Object.defineProperty(refuse, 'name', { value: name, configurable: true });
  return Object.defineProperty(refuse, 'length', { value: parameters, configurable: true });
}
