/**
 * The generated form of a lowering callee (typed form): one straight-line function, bound to an instance and a host function
 * by a closure. What it does, and in which order, is what the closures in call/callee-closures.ts do.
 */
import { type AbiPlan, lentParams } from '@gangway/component/abi';
import type { CalleeRequest } from '../../call/requests.ts';
import { liftFlat, loadValue, spilledAddress } from './lift-source.ts';
import { readValue } from './read-source.ts';
import { type Snapshot, Variables } from './snapshot.ts';
import { Code, literal, Unit, VIEWS } from './unit.ts';
import { flatValues, storeValue } from './write-source.ts';

/** Text of a function of `helpers` that returns a `TypedCalleeMaker`. */
export function calleeText(request: CalleeRequest): string {
  const unit = new Unit(request.abi.address);
  return unit.source(calleeSource(unit, request));
}

const FRESH = 'if (memory.u8.length === 0) memory.refresh();';

function calleeSource(unit: Unit, request: CalleeRequest): string {
  const { abi } = request;
  const { params, result, spilledParams } = abi;
  const flat = abi.flatParams.map((_, i) => `core${i}`);
  // The trampoline has lent these, and passes representations.
  const lent = lentParams(abi);
  const borrows = params.some(({ type }, i) => type.borrows && !lent.some(({ param }) => param === i));
  const handles = params.some((param) => param.type.handles) || (result?.handles ?? false);
  const failed = abi.flatResults.length === 0 ? '' : abi.flatResults[0] === 'i64' ? ' 0n' : ' 0';
  const throws = result?.kind === 'result';

  const starts = [0];
  for (const { type } of params) starts.push(starts.at(-1)! + type.flat.length);

  const lifts = new Code(unit);
  const fromMemory = spilledParams !== null || params.some((param) => param.type.pointers);
  const toMemory = result !== null && (abi.spilledResult || result.pointers);
  let args: string[];
  if (spilledParams !== null) {
    const base = spilledAddress(lifts, flat[0]!, spilledParams);
    lifts.emit(VIEWS);
    args = params.map((param) => loadValue(lifts, param.type, base, param.offset));
  } else {
    // Who lifts a string looks after the views itself: 4 ns of a call with one.
    if (params.some(({ type }) => holdsRange(type))) lifts.emit(FRESH, VIEWS);
    args = params.map(({ type }, i) => {
      const own = lent.find(({ param }) => param === i);
      if (own === undefined) return liftFlat(lifts, type, flat.slice(starts[i], starts[i + 1]));
      const rep = `${flat[own.flat]} >>> 0`;
      return `lent${i} !== null ? lent${i}[${rep}] : (borrow${i} = handles.lentObject(side, ${own.resource}, ${rep}))`;
    });
  }
  args = args.map((value) => lifts.define('x', value));

  // Phase one of the result.
  const variables = new Variables('s');
  const reads = new Code(unit);
  let snapshot: Snapshot | null = null;
  const read = (into: Snapshot, path: string): void => {
    readValue(reads, into, 'value', path, { last: true, trackHandles: into.plan.handles && !isHandle(into.plan) });
  };
  if (result !== null) {
    snapshot = variables.allocate(result);
    if (throws && snapshot.kind === 'variant') {
      const [ok, err] = snapshot.payloads;
      reads.emit(`if (thrown) { ${snapshot.index} = 1;`);
      if (err) read(err, 'error');
      reads.emit(`} else { ${snapshot.index} = 0;`);
      if (ok) read(ok, 'result');
      reads.emit('}');
    } else {
      read(snapshot, 'result');
    }
  }
  const track = result?.handles === true && !isHandle(result);

  const writes = new Code(unit);
  if (result !== null && snapshot !== null) {
    if (abi.spilledResult) {
      storeValue(writes, snapshot, spilledAddress(writes, flat.at(-1)!, result), 0);
      writes.emit('return;');
    } else {
      writes.emit(`return ${flatValues(writes, snapshot)[0]};`);
    }
  } else {
    writes.emit('return;');
  }

  // A callee of scalars needs its side only when it fails.
  const usesSide = fromMemory || toMemory || handles || (result !== null && holdsList(result));
  const [self, ...rest] = args;
  const plainCall = `host(${args.join(', ')})`;
  const call =
    request.method === undefined
      ? `value = ${plainCall};`
      : `value = isMethod ? ${self}[${literal(request.method)}](${rest.join(', ')}) : ${plainCall};`;
  const name = literal(request.name);
  const promise = takesObjects(result)
    ? `if (typeof value === 'object' && value instanceof Promise) throw unexpectedPromise(value, ${name});`
    : '';
  const invoke = throws
    ? `let thrown = false;
try {
${call}
${promise}
} catch (error) {
if (!isErrorCase(error)) throw error;
value = errorPayload(error);
thrown = true;
}`
    : `${call}\n${promise}`;

  const close = [
    ...lent.map(
      ({ param, resource }) => `if (borrow${param} !== null) handles.endLent(side, ${resource}, borrow${param});`,
    ),
    ...(borrows ? ['if (scope !== null) handles.closeImport(side, scope);'] : []),
  ].join(' ');
  // Found with the first call, when the slots of the vmctx are set: the side, the objects of each resource that is lent.
  const found = ['bound', ...lent.map(({ param }) => `lent${param}`)];
  const findSide = `bound ?? (bound = runtime.side(vmctx, ${request.options}))`;
  const takeSide = `if (bound === null) {
bound = runtime.side(vmctx, ${request.options});
${lent.map(({ param, resource }) => `lent${param} = bound.handles.hostObjects(bound, ${resource});`).join('\n')}
}
const side = bound;`;
  return `return ((runtime, vmctx, host) => {
${request.method === undefined ? '' : 'const isMethod = host[callsMethod] === true;'}
let ${found.map((variable) => `${variable} = null`).join(', ')};
return (${flat.join(', ')}) => {
${usesSide ? takeSide : ''}
${fromMemory || toMemory ? 'const memory = side.memory;' : ''}
${handles ? 'const handles = side.handles;' : ''}
${track ? 'const call = { side, moved: [], lent: [] };' : 'const call = null;'}
let scope = null, at = '', origin = 'guest', value;
${variables.names.length > 0 ? `let ${variables.names.join(', ')};` : ''}
${lent.map(({ param }) => `let borrow${param} = null;`).join('\n')}
try {
${borrows ? 'scope = handles.openImport(side);' : ''}
${lifts}
origin = 'host';
${invoke}
${reads}
${track ? 'checkHeld(call);' : ''}
origin = 'guest';
${writes}
} catch (error) {
runtime.record(${usesSide ? 'side' : findSide}, resultError(error, at, value, ${name}), origin);
return${failed};
}${close === '' ? '' : ` finally { ${close} }`}
};
});`;
}

/** Whether a result that is one core value holds a list (of fixed length): what reads a list takes the side. */
function holdsList(plan: AbiPlan): boolean {
  if (plan.kind === 'list') return true;
  return (plan.kind === 'record' || plan.kind === 'tuple') && plan.fields.some(({ type }) => holdsList(type));
}

/** Whether a value holds a list or map in memory. */
function holdsRange(plan: AbiPlan): boolean {
  switch (plan.kind) {
    case 'list':
    case 'map':
      return plan.length === null || holdsRange(plan.element);
    case 'record':
    case 'tuple':
      return plan.fields.some(({ type }) => holdsRange(type));
    case 'variant':
    case 'option':
    case 'result':
      return plan.cases.some(({ type }) => type !== null && holdsRange(type));
    default:
      return false;
  }
}

function isHandle(plan: AbiPlan): boolean {
  return plan.kind === 'own' || plan.kind === 'borrow';
}

/**
 * Whether a Promise could pass for the result, or for nothing. Elsewhere its check fails, and `resultError` sees what
 * it was.
 */
function takesObjects(result: AbiPlan | null): boolean {
  switch (result?.kind) {
    case undefined:
    case 'record':
    case 'flags':
    case 'option':
    case 'result':
    case 'own':
      return true;
    default:
      return false;
  }
}
