/**
 * `@gangway/host/helpers`: what generated code calls. Modules that were generated ahead of time import from here what they
 * need; text that is evaluated is given all of it. Nothing else should use it: names change as the generator does, and code
 * is kept with the version of gangway that generated it.
 */
export { argumentErrors, expected, located, publicError, readAt, refuse } from '../abi/argument-error.ts';
export { checkChar, liftChar } from '../abi/chars.ts';
export {
  f32Bits,
  f32FromBits,
  f32FromI64,
  f64Bits,
  f64FromBits,
  i32FromI64,
  i64FromF32,
  i64FromI32,
} from '../abi/conversions.ts';
export { readOwn } from '../abi/field-names.ts';
export { countItems, fixedItems, listItems, tupleItems, wrongLength } from '../abi/iterables.ts';
export { checkList, checkSpilledNow } from '../abi/limits.ts';
export { lengthOf, offsetOf, readNumbers, sliceNumbers, writeNumbers } from '../abi/number-lists.ts';
export { storePair, taggedLength, taggedLength64, unsigned } from '../abi/pairs.ts';
export { checkHeld, endedMeanwhile, readHandle } from '../abi/read-handle.ts';
export { componentError, errorPayload, isErrorCase } from '../abi/result-error.ts';
export {
  checkStringLength,
  loadString,
  loadString64,
  storeString,
  storeStringAt,
} from '../abi/strings.ts';
export { trap } from './abi-trap.ts';
export { enterInner, enterSlowly, leaveInner, leaveSlowly, tooFewArguments } from './export-call.ts';
export { resultError, unexpectedPromise } from './host-results.ts';
export { callsMethod } from './requests.ts';
