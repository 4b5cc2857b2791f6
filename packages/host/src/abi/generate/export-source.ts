/**
 * The generated form of a lifted export: one straight-line function, bound to an instance by a closure. What it does, and
 * in which order, is what the closures in call/export-closures.ts do.
 *
 * Measured on V8 14.6 against hand-written glue around the same core module that engines inline: `add(u32, u32)` 1.2 times.
 * `try` and `arguments.length` cost nothing that can be measured; but an engine does not inline a core function's body into a
 * `try`. What counts is how small the function is: V8 inlines what has at most 460 bytes of bytecode, and a variant in and a
 * result out took 2.4 times the hand-written call with 463 of them, 1.3 with 451. So refusals are short calls, one condition
 * checks a spilled result, variants of scalars have no second `switch`, and the number of arguments is checked outside.
 */
import type { AbiHandle, FuncAbi } from '@gangway/component/abi';
import { fieldNames } from '@gangway/component/names';
import { INSIDE, OPEN } from '../../call/guest-side.ts';
import type { ExportRequest } from '../../call/requests.ts';
import { isLastRead } from '../last-read.ts';
import { liftFlat, loadOutcome, loadValue, spilledAddress } from './lift-source.ts';
import { type ReadOptions, readValue } from './read-source.ts';
import { isFlat, type Snapshot, Variables } from './snapshot.ts';
import { Code, literal, Unit, VIEWS } from './unit.ts';
import { flatValues, storeValue } from './write-source.ts';

/** What the call's handles take, beside a check of each. */
interface HandleChecks {
  /** One could collide with another, or has to be looked at again: the call keeps lists of them (`call`). */
  readonly track: boolean;
  /** Code of the embedder may run after one has been read. */
  readonly again: boolean;
}

/** `represented`: parameters that are borrows and passed as representations, which the call has at hand. */
function handleChecks(abi: FuncAbi, represented: readonly boolean[]): HandleChecks {
  const holders = abi.params.flatMap(({ type }, index) => (type.handles ? [{ type, index }] : []));
  const direct = holders.every(({ type }) => type.kind === 'own' || type.kind === 'borrow');
  const again = !direct || holders.some(({ index }) => !isLastRead(abi, index));
  return { track: holders.length > 1 || (again && !represented.includes(true)), again };
}

/** What of an instance the source depends on. */
export interface Binding {
  readonly postReturn: boolean;
  /** Whether the instance is inside another one. */
  readonly nested: boolean;
  /** All borrows are parameters themselves and are passed as representations: no call frame is needed. */
  readonly representations: boolean;
}

/** Text of a function of `helpers` that returns an `ExportMaker` for instances with this binding. */
export function exportText(request: ExportRequest, binding: Binding): string {
  const { abi } = request;
  const unit = new Unit(abi.address);
  return unit.source(exportSource(unit, request, binding));
}

function exportSource(unit: Unit, request: ExportRequest, binding: Binding): string {
  const { abi } = request;
  const { params, result, spilledParams } = abi;
  const names = params.map((_, i) => `a${i}`);
  const properties = fieldNames(params.map((param) => param.name));
  const borrows = params.some((param) => param.type.borrows) && !binding.representations;
  const handles = params.some((param) => param.type.handles);
  const pointers = params.some((param) => param.type.pointers) || spilledParams !== null;
  const resultInMemory = result !== null && (abi.spilledResult || result.pointers);

  // Phase one. A leaf parameter stays in the variable that it came in.
  const variables = new Variables('s');
  const snapshots = params.map(({ type }, i): Snapshot => {
    switch (type.kind) {
      case 'record':
      case 'tuple':
        return variables.allocate(type);
      case 'variant':
      case 'option':
      case 'result':
        return spilledParams === null && isFlat(type) ? variables.allocateFlat(type) : variables.allocate(type);
      default:
        return { kind: 'leaf', plan: type, name: `a${i}` };
    }
  });
  const represented = params.map(({ type }) => binding.representations && type.kind === 'borrow');
  const { track, again } = handleChecks(abi, represented);
  const reads = new Code(unit, true);
  snapshots.forEach((snapshot, i) => {
    const options: ReadOptions = { last: isLastRead(abi, i), trackHandles: track };
    const path = properties[i] as string;
    if (!represented[i] || track) readValue(reads, snapshot, `a${i}`, path, options);
    if (!represented[i]) return;
    reads.emit(
      `r${i} = handles.representation(type${i}, a${i});`,
      `if (r${i} === null) throw handles.refusal(${literal(path)}, type${i}, a${i});`,
    );
  });

  // What was read later may have been a getter that dropped it.
  const one = represented.indexOf(true);
  const checkAgain = track ? 'checkHeld(call);' : `if (r${one}.lends < 0) throw endedMeanwhile();`;

  // Phase two.
  const writes = new Code(unit);
  let flat: string[];
  if (spilledParams === null) {
    flat = snapshots.flatMap((snapshot, i) => (represented[i] ? [`r${i}.rep`] : flatValues(writes, snapshot)));
    represented.forEach((is, i) => {
      if (is) writes.emit(`const lends${i} = r${i}.lends;`, `r${i}.lends = lends${i} + 1;`);
    });
  } else {
    const base = writes.define('p', `side.reallocate(0, 0, ${spilledParams.align}, ${spilledParams.size})`);
    snapshots.forEach((snapshot, i) => {
      storeValue(writes, snapshot, base, params[i]!.offset);
    });
    flat = [unit.address === 'i32' ? base : `BigInt(${base})`];
  }

  const lifts = new Code(unit);
  const coreCall = `core(${flat.join(', ')})`;
  /** Whether more than the address of a spilled result is made of it. */
  const keepsResult = abi.flatResults.length > 0 && (binding.postReturn || !abi.spilledResult);
  const throws = result?.kind === 'result';
  /** The condition under which the result is the error case. */
  let failed = '';
  if (result === null) {
    // Nothing to lift.
  } else if (abi.spilledResult) {
    const base = spilledAddress(lifts, keepsResult ? 'core_result' : coreCall, result);
    lifts.emit(VIEWS);
    if (result.kind === 'result') failed = `${loadOutcome(lifts, result, base)} !== 0`;
    else lifts.emit(`const value = ${loadValue(lifts, result, base, 0)};`);
  } else if (result.kind === 'result') {
    // At most one core value: neither case has a payload.
    lifts.emit("if (core_result >>> 0 > 1) trap('invalid-discriminant');", 'const value = undefined;');
    failed = 'core_result !== 0';
  } else if (result.kind === 'own') {
    lifts.emit('value = handles.takeOwn(side, made, core_result >>> 0);');
  } else {
    lifts.emit(`const value = ${liftFlat(lifts, result, ['core_result'])};`);
  }

  const name = literal(request.name);
  const usesMemory = pointers || resultInMemory;
  const usesHandles = handles || (result?.handles ?? false);
  const eachRepresented = (make: (index: number) => string): string =>
    params.map((_, i) => (represented[i] ? make(i) : '')).join('\n');
  const readPhase = reads.located
    ? `let at = '';\ntry {\n${reads}\n} catch (error) { throw publicError(located(error, at)); }`
    : reads.toString();
  const uses = (name: string, ...codes: Code[]): boolean =>
    codes.some((code) => new RegExp(`\\b${name}\\b`).test(code.toString()));
  // Calls return in the order opposite to that in which they began, and so do the loans of one call.
  const returnLent = params
    .map((_, i) => (represented[i] ? `r${i}.lends = lends${i};` : ''))
    .reverse()
    .join('\n');

  // A function that always throws is never optimised: engines count returns. So what throws the error case is a function of
  // its own around all the rest, which returns one object in its place. An error case took four times as long without.
  // Its object is made behind the `try`: V8 14.6 inlines no `super` in one.
  const makes = result?.kind === 'own';
  const count = params.length;
  const enough =
    count === 0 ? '' : `if (arguments.length < ${count}) throw tooFewArguments(${count}, arguments.length);`;
  const parameters = names.join(', ');
  const head = throws
    ? `const failure = { payload: undefined };
const invoke = (${parameters}) => {`
    : `return { ${name}(${parameters}) {
${enough}`;
  const tail = throws
    ? `};
return { ${name}(${parameters}) {
${enough}
const value = invoke(${parameters});
if (value !== failure) return value;
const { payload } = failure;
failure.payload = undefined;
throw componentError(payload, ${request.errorStacks === true});
} }[${name}];`
    : `} }[${name}];`;

  return `return ((side, core, postReturn) => {
const { runtime, context } = side;
${usesMemory ? 'const { memory } = side;' : ''}
${usesHandles ? 'const { handles } = side;' : ''}
${eachRepresented((i) => `const type${i} = handles.resourceType(side, ${(params[i]!.type as AbiHandle).resource});`)}
${makes ? `const made = handles.resourceType(side, ${result.resource});` : ''}
${head}
${track ? 'const call = { side, moved: [], lent: [] };' : uses('call', reads) ? 'const call = null;' : ''}
${variables.names.length > 0 ? `let ${variables.declarations};` : ''}
${eachRepresented((i) => `let r${i};`)}
${params.length > 0 ? readPhase : ''}
${again ? checkAgain : ''}
if (context.gate === ${OPEN}) context.gate = ${INSIDE};
else enterSlowly(side, ${name});
${binding.nested ? 'enterInner(side);' : ''}
${makes ? 'let value;' : ''}
try {
${borrows ? 'const scope = handles.openExport(side);' : uses('scope', writes, lifts) ? 'const scope = null;' : ''}
${writes}
${keepsResult ? `const core_result = ${coreCall};` : abi.spilledResult ? '' : `${coreCall};`}
${lifts}
${borrows ? 'handles.closeExport(side, scope);' : ''}
${returnLent}
${binding.postReturn ? `const words = side.forbidLeave();\npostReturn(${abi.flatResults.length > 0 ? 'core_result' : ''});\nside.allowLeave(words);` : ''}
if (context.shared) leaveSlowly(side);
else context.gate = ${OPEN};
${binding.nested ? 'leaveInner(side);' : ''}
${throws ? `if (${failed}) { failure.payload = value; return failure; }` : ''}
${result !== null && !makes ? 'return value;' : ''}
} catch (error) { throw runtime.translate(side, error, ${name}); }
${makes ? 'return handles.wrapOwn(made, value);' : ''}
${tail}
});`;
}
