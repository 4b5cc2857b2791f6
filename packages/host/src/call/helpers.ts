/**
 * What generated code may call, by the names that it uses: the code of an export or a callee is a function of this one
 * object. Code that was generated ahead of time is kept with the version of gangway that made it, so names may change.
 */
import { argumentError, expected, located, publicError, refuse } from '../abi/argument-error.ts';
import { checkChar, liftChar } from '../abi/chars.ts';
import { readOwn } from '../abi/field-names.ts';
import { fixedItems, listItems, tupleItems, wrongLength } from '../abi/iterables.ts';
import { conversions } from '../abi/joins.ts';
import { checkList, checkSpilled } from '../abi/limits.ts';
import { lengthOf, offsetOf, readNumbers, sliceNumbers, writeNumbers } from '../abi/number-lists.ts';
import { storePair, taggedLength, taggedLength64, unsigned } from '../abi/pairs.ts';
import { readHandle } from '../abi/read-handle.ts';
import { componentError, errorPayload, isErrorCase } from '../abi/result-error.ts';
import { checkLongString, checkStringLength, loadString, loadString64, storeString } from '../abi/strings.ts';
import { trap } from './abi-trap.ts';
import { enterInner, enterSlowly, leaveInner, leaveSlowly, tooFewArguments } from './export-call.ts';
import { resultError, unexpectedPromise } from './lowering-callee.ts';
import { callsMethod } from './requests.ts';

export const helpers = {
  argumentError,
  callsMethod,
  ...conversions,
  checkChar,
  checkList,
  checkLongString,
  checkSpilled,
  checkStringLength,
  componentError,
  enterInner,
  enterSlowly,
  errorPayload,
  expected,
  fixedItems,
  isErrorCase,
  leaveInner,
  leaveSlowly,
  lengthOf,
  liftChar,
  listItems,
  loadString,
  loadString64,
  located,
  offsetOf,
  publicError,
  readHandle,
  readNumbers,
  readOwn,
  refuse,
  resultError,
  sliceNumbers,
  storePair,
  storeString,
  taggedLength,
  taggedLength64,
  tooFewArguments,
  trap,
  tupleItems,
  unexpectedPromise,
  unsigned,
  writeNumbers,
  wrongLength,
};

export type Helpers = typeof helpers;
