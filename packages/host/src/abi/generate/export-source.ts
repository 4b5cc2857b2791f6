/**
 * The generated form of a lifted export: one straight-line function, bound to an instance by a closure. What it does, and
 * in which order, is what the closures in call/export-call.ts do.
 */
import type { FuncAbi } from '@gangway/component/abi';
import type { ExportMaker, ExportRequest } from '../../call/requests.ts';
import { fieldNames } from '../field-names.ts';
import { liftFlat, loadValue, VIEWS } from './lift-source.ts';
import { type ReadOptions, readValue } from './read-source.ts';
import { countVariables, MAX_VARIABLES, type Snapshot, Variables } from './snapshot.ts';
import { Code, literal, Unit } from './unit.ts';
import { flatValues, storeValue } from './write-source.ts';

/** What the two forms share, given by the caller so that imports have no circle. */
export interface ExportHelpers {
  readonly isLastRead: (abi: FuncAbi, index: number) => boolean;
  readonly tooFewArguments: (wanted: number, got: number) => TypeError;
}

/** Whether a function is small enough to be generated. */
export function isSmall(abi: FuncAbi): boolean {
  let count = abi.result === null ? 0 : countVariables(abi.result);
  for (const param of abi.params) count += countVariables(param.type);
  return count <= MAX_VARIABLES;
}

export function generateExport(request: ExportRequest, helpers: ExportHelpers): ExportMaker {
  const unit = new Unit(request.abi.address);
  return unit.evaluate(exportSource(unit, request, helpers), { ...helpers }) as ExportMaker;
}

/** Whether any value of the parameters is an own or borrow that could collide with another. */
function tracksHandles(abi: FuncAbi): boolean {
  const holders = abi.params.filter((param) => param.type.handles);
  const direct = holders.every((param) => param.type.kind === 'own' || param.type.kind === 'borrow');
  return holders.length > 1 || !direct;
}

/** Statements that take the context's words anew. */
const WORDS = 'words = context.i32; if (words.length === 0) words = context.refresh();';
const FRESH = 'if (memory.u8.length === 0) memory.refresh();';

function exportSource(unit: Unit, request: ExportRequest, helpers: ExportHelpers): string {
  const { abi } = request;
  const { params, result, spilledParams } = abi;
  const names = params.map((_, i) => `a${i}`);
  const properties = fieldNames(params.map((param) => param.name));
  const borrows = params.some((param) => param.type.borrows);
  const handles = params.some((param) => param.type.handles);
  const pointers = params.some((param) => param.type.pointers) || spilledParams !== null;
  const resultInMemory = result !== null && (abi.spilledResult || result.pointers);

  // Phase one. A leaf parameter stays in the variable that it came in.
  const variables = new Variables('s');
  const snapshots = params.map(({ type }, i): Snapshot => {
    switch (type.kind) {
      case 'record':
      case 'tuple':
      case 'variant':
      case 'option':
      case 'result':
        return variables.allocate(type);
      default:
        return { kind: 'leaf', plan: type, name: `a${i}` };
    }
  });
  const reads = new Code(unit);
  const track = tracksHandles(abi);
  snapshots.forEach((snapshot, i) => {
    const options: ReadOptions = { last: helpers.isLastRead(abi, i), trackHandles: track };
    readValue(reads, snapshot, `a${i}`, properties[i] as string, options);
  });

  // Phase two.
  const writes = new Code(unit);
  let flat: string[];
  if (spilledParams === null) {
    flat = snapshots.flatMap((snapshot) => flatValues(writes, snapshot));
  } else {
    const base = writes.define('p', `side.reallocate(0, 0, ${spilledParams.align}, ${spilledParams.size})`);
    snapshots.forEach((snapshot, i) => {
      storeValue(writes, snapshot, base, params[i]!.offset);
    });
    flat = [unit.address === 'i32' ? base : `BigInt(${base})`];
  }

  const lifts = new Code(unit);
  const throws = result?.kind === 'result';
  if (result !== null) {
    if (resultInMemory) lifts.emit(FRESH, VIEWS);
    let value: string;
    if (abi.spilledResult) {
      const base = lifts.define('p', 'unsigned(core_result)');
      lifts.emit(`checkSpilled(${base}, ${result.size}, ${result.align}, u8.length);`);
      value = loadValue(lifts, result, base, 0);
    } else {
      value = liftFlat(lifts, result, ['core_result']);
    }
    lifts.emit(`value = ${value};`);
  }

  return `return (side, core, postReturn) => {
const { runtime, context, memory, handles, rootFlags, innerFlags } = side;
const { locked } = context;
const nested = innerFlags.length > 0;
const enterInner = (words) => { for (let i = 0; i < innerFlags.length; i++) words[innerFlags[i]] |= 2; };
const leaveInner = (words) => { for (let i = 0; i < innerFlags.length; i++) words[innerFlags[i]] &= -3; };
return { ${literal(request.name)}(${names.join(', ')}) {
${params.length > 0 ? `if (arguments.length < ${params.length}) throw tooFewArguments(${params.length}, arguments.length);` : ''}
${track ? 'const call = { side, moved: [], lent: [] };' : 'const call = null;'}
${variables.names.length > 0 ? `let ${variables.names.join(', ')};` : ''}
${params.length > 0 ? `let at = '';\ntry {\n${reads}\n} catch (error) { throw publicError(located(error, at)); }` : ''}
let words;
${WORDS}
if ((words[locked] | (words[rootFlags] & 2)) !== 0) throw runtime.cannotEnter(side, ${literal(request.name)});
words[rootFlags] |= 2;
if (nested) enterInner(words);
let value;
try {
${handles || pointers ? FRESH : ''}
${borrows ? 'const scope = handles.openExport(side);' : 'const scope = null;'}
${writes}
const core_result = core(${flat.join(', ')});
${lifts}
${borrows ? 'handles.closeExport(side, scope);' : ''}
if (postReturn !== null) {
side.forbidLeave();
postReturn(${abi.flatResults.length > 0 ? 'core_result' : ''});
side.allowLeave();
}
} catch (error) { throw runtime.translate(side, error, ${literal(request.name)}); }
${WORDS}
words[rootFlags] &= -3;
if (nested) leaveInner(words);
${throws ? `if (value.tag === 'err') throw componentError(value.val, ${request.errorStacks === true});\nreturn value.val;` : 'return value;'}
} }[${literal(request.name)}];
};`;
}
