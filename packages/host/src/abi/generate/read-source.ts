/**
 * Generated code of the read phase: checks a JavaScript value and leaves it in the variables of a {@link Snapshot}. The order
 * of reads and the messages are those of the closures in lower.ts.
 *
 * Paths: where one is known as a whole, a failed check throws the `TypeError` that the embedder gets. Elsewhere code that fails
 * first sets the variable `at` to the path from the function's own value; the function's `catch` puts it in front (see
 * argument-error.ts).
 */
import type { AbiList, AbiMap, AbiPlan, AbiScalarKind, AbiVariant } from '@gangway/component/abi';
import { unreachable } from '@gangway/component/errors';
import { fieldNames } from '@gangway/component/names';
import { isInherited } from '../field-names.ts';
import { lowerJoinName } from '../joins.ts';
import { MAX_LIST_BYTE_LENGTH, MAX_STRING_BYTE_LENGTH } from '../limits.ts';
import { isNumberKind, numberLists } from '../number-lists.ts';
import { scalarTexts } from '../scalar-checks.ts';
import { caseNames, choiceText, isTaggedOption } from '../variants.ts';
import { type Snapshot, Variables } from './snapshot.ts';
import { Code, literal, newArray, type Unit } from './unit.ts';

/** How the read phase of a function is generated. */
export interface ReadOptions {
  /** Nothing after this value runs code of the embedder: typed arrays need no copy. */
  readonly last: boolean;
  /** Whether handles go through the list of what the call gives away (`call`); otherwise they are checked alone. */
  readonly trackHandles: boolean;
}

/** Conditions under which `v` is not what the type takes; what they leave is the core value but for bool. */
const conditions: Record<Exclude<AbiScalarKind, 'char'>, (v: string) => string> = {
  bool: (v) => `typeof ${v} !== 'boolean'`,
  s8: (v) => `typeof ${v} !== 'number' || (${v} << 24) >> 24 !== ${v}`,
  u8: (v) => `typeof ${v} !== 'number' || (${v} & 0xff) !== ${v}`,
  s16: (v) => `typeof ${v} !== 'number' || (${v} << 16) >> 16 !== ${v}`,
  u16: (v) => `typeof ${v} !== 'number' || (${v} & 0xffff) !== ${v}`,
  s32: (v) => `typeof ${v} !== 'number' || (${v} | 0) !== ${v}`,
  u32: (v) => `typeof ${v} !== 'number' || ${v} >>> 0 !== ${v}`,
  s64: (v) => `typeof ${v} !== 'bigint' || BigInt.asIntN(64, ${v}) !== ${v}`,
  u64: (v) => `typeof ${v} !== 'bigint' || BigInt.asUintN(64, ${v}) !== ${v}`,
  f32: (v) => `typeof ${v} !== 'number'`,
  f64: (v) => `typeof ${v} !== 'number'`,
};

/** Reads `value` (an expression without effects) at `path` into the variables of `into`. */
export function readValue(code: Code, into: Snapshot, value: string, path: string, options: ReadOptions): void {
  switch (into.kind) {
    case 'record':
      if (into.plan.kind === 'tuple') readTuple(code, into, value, path, options);
      else readRecord(code, into, value, path, options);
      return;
    case 'variant':
    case 'flat':
      readVariant(code, into, value, path, options);
      return;
    case 'leaf':
      readLeaf(code, into.plan, into.name, value, path, options);
      return;
    default:
      unreachable(into);
  }
}

type LeafPlan = (Snapshot & { kind: 'leaf' })['plan'];

function readLeaf(code: Code, plan: LeafPlan, name: string, value: string, path: string, options: ReadOptions): void {
  const { unit } = code;
  switch (plan.kind) {
    case 'char':
      code.emit(code.locate(path), `${name} = checkChar(${value});`);
      return;
    case 'bool':
      code.emit(
        `if (${conditions.bool(value)}) ${code.fail(path, scalarTexts.bool, value)}`,
        `${name} = ${value} ? 1 : 0;`,
      );
      return;
    case 's8':
    case 'u8':
    case 's16':
    case 'u16':
    case 's32':
    case 'u32':
    case 's64':
    case 'u64':
    case 'f32':
    case 'f64':
      code.emit(`if (${conditions[plan.kind](value)}) ${code.fail(path, scalarTexts[plan.kind], value)}`);
      if (name !== value) code.emit(`${name} = ${value};`);
      return;
    case 'string': {
      code.emit(`if (typeof ${value} !== 'string') ${code.fail(path, 'a string', value)}`);
      const check = code.read(path, 'checkStringLength', `${value}, side.encoding`);
      code.emit(`if (${value}.length > ${Math.floor(MAX_STRING_BYTE_LENGTH / 3)}) ${check};`);
      if (name !== value) code.emit(`${name} = ${value};`);
      return;
    }
    case 'enum':
      readEnum(code, plan, name, value, path);
      return;
    case 'flags':
      readFlags(code, plan.names, name, value, path);
      return;
    case 'own':
    case 'borrow': {
      code.emit(code.locate(path));
      if (options.trackHandles) {
        code.emit(`readHandle(call, ${literal(plan.kind)}, ${plan.resource}, ${value});`);
      } else {
        const check = plan.kind === 'own' ? 'checkOwn' : 'checkBorrow';
        const problem = code.define('t', `handles.${check}(side, ${plan.resource}, ${value})`);
        code.emit(`if (${problem} !== null) refuse(${problem});`);
      }
      code.emit(`${name} = ${value};`);
      return;
    }
    case 'list':
      if (isNumberKind(plan.element.kind)) {
        const keep = options.last && plan.length === null;
        const { array, size } = numberLists[plan.element.kind];
        const whole = code.read(path, 'readNumbers', `${literal(plan.element.kind)}, ${value}, ${keep}`);
        if (keep) {
          const isArray = `ArrayBuffer.isView(${value}) && ${value} instanceof ${array.name}`;
          const limit = Math.floor(MAX_LIST_BYTE_LENGTH / size);
          code.emit(`${name} = ${isArray} && (${value}[0], lengthOf(${value})) <= ${limit} ? ${value} : ${whole};`);
        } else {
          code.emit(`${name} = ${whole};`);
        }
        if (plan.length !== null)
          code.emit(
            `if (${name}.length !== ${plan.length}) ${code.read(path, 'wrongLength', `${name}.length, ${plan.length}`)};`,
          );
        return;
      }
      code.emit(code.locate(path), `${name} = ${readListFunction(unit, plan)}(side, call, ${value});`);
      return;
    case 'map':
      code.emit(code.locate(path), `${name} = ${readListFunction(unit, plan)}(side, call, ${value});`);
      return;
    default:
      throw new Error(`no generated code for ${plan.kind}`);
  }
}

/** Up to so many names are compared one by one. */
const FEW = 12;

function readEnum(code: Code, plan: AbiVariant, name: string, value: string, path: string): void {
  const names = caseNames(plan);
  if (names.length <= FEW) {
    const index = code.unit.fresh('t');
    code.emit(`let ${index} = 0;`, `switch (${value}) {`);
    names.forEach((item, i) => {
      code.emit(`case ${literal(item)}: ${index} = ${i}; break;`);
    });
    code.emit(`default: ${code.fail(path, choiceText(names), value)}`, '}', `${name} = ${index};`);
    return;
  }
  const indices = code.unit.constant(`new Map(${JSON.stringify(names.map((item, i) => [item, i]))})`);
  const index = code.define('t', `${indices}.get(${value})`);
  code.emit(`if (${index} === undefined) ${code.fail(path, choiceText(names), value)}`, `${name} = ${index};`);
}

function readFlags(code: Code, names: readonly string[], name: string, value: string, path: string): void {
  code.emit(
    `if (typeof ${value} !== 'object' || ${value} === null || Array.isArray(${value})) ${code.fail(path, 'an object of booleans', value)}`,
  );
  const bits = code.unit.fresh('b');
  code.emit(`let ${bits} = 0;`);
  fieldNames(names).forEach((property, i) => {
    const flag = code.define('t', propertyOf(value, property));
    code.emit(
      `if (${flag} === true) ${bits} |= ${1 << i};`,
      `else if (${flag} !== false && ${flag} !== undefined) ${code.fail(`${path}.${property}`, 'a boolean', flag)}`,
    );
  });
  code.emit(`${name} = ${bits};`);
}

/** Reads a property once; not what `Object.prototype` has under its name. */
function propertyOf(value: string, property: string): string {
  return isInherited(property) ? `readOwn(${value}, ${literal(property)})` : `${value}[${literal(property)}]`;
}

function readRecord(
  code: Code,
  into: Snapshot & { kind: 'record' },
  value: string,
  path: string,
  options: ReadOptions,
): void {
  code.emit(
    `if ((typeof ${value} !== 'object' && typeof ${value} !== 'function') || ${value} === null) ${code.fail(path, 'an object', value)}`,
  );
  const names = fieldNames(into.plan.fields.map((field) => field.name));
  into.fields.forEach((field, i) => {
    const name = names[i] as string;
    const part = code.define('t', propertyOf(value, name));
    // Another field's getter may run after this one.
    readValue(code, field, part, `${path}.${name}`, { ...options, last: false });
  });
}

function readTuple(
  code: Code,
  into: Snapshot & { kind: 'record' },
  value: string,
  path: string,
  options: ReadOptions,
): void {
  const count = into.fields.length;
  const otherwise = code.read(path, 'tupleItems', `${value}, ${count}`);
  const items = code.define('t', `Array.isArray(${value}) && ${value}.length === ${count} ? ${value} : ${otherwise}`);
  into.fields.forEach((field, i) => {
    const part = code.define('t', `${items}[${i}]`);
    readValue(code, field, part, `${path}[${i}]`, { ...options, last: false });
  });
}

function readVariant(
  code: Code,
  into: Snapshot & { kind: 'variant' | 'flat' },
  value: string,
  path: string,
  options: ReadOptions,
): void {
  const { plan, index } = into;
  const readPayload = (i: number, payload: string, at: string): void => {
    if (into.kind === 'variant') readValue(code, into.payloads[i]!, payload, at, { ...options, last: false });
    else readFlat(code, into, i, payload, at, options);
  };
  if (plan.kind === 'option' && !isTaggedOption(plan)) {
    code.emit(`if (${value} === undefined || ${value} === null) ${index} = 0;`, `else { ${index} = 1;`);
    readPayload(1, value, path);
    code.emit('}');
    return;
  }
  const names = caseNames(plan);
  code.emit(
    `if (typeof ${value} !== 'object' || ${value} === null) ${code.fail(path, 'an object with tag and val', value)}`,
  );
  const tag = code.define('t', `${value}.tag`);
  code.emit(`switch (${tag}) {`);
  names.forEach((name, i) => {
    code.emit(`case ${literal(name)}: {`, `${index} = ${i};`);
    if (plan.cases[i]!.type !== null) readPayload(i, code.define('t', `${value}.val`), `${path}.val`);
    code.emit('break; }');
  });
  code.emit(`default: ${code.fail(`${path}.tag`, choiceText(names), tag)}`, '}');
}

/** Reads a payload that is one core value into the variable that all cases share. */
function readFlat(
  code: Code,
  into: Snapshot & { kind: 'flat' },
  index: number,
  value: string,
  path: string,
  options: ReadOptions,
): void {
  const type = into.plan.cases[index]!.type as LeafPlan;
  const convert = lowerJoinName(type.flat[0]!, into.plan.flat[1]!);
  if (convert === null) {
    readLeaf(code, type, into.value!, value, path, options);
    return;
  }
  // A number that has been checked is its own core value.
  let own = value;
  if (!isNumberKind(type.kind)) {
    own = code.unit.fresh('c');
    code.emit(`let ${own};`);
  }
  readLeaf(code, type, own, value, path, options);
  code.emit(`${into.value} = ${convert}(${own});`);
}

/**
 * `(side, call, value) → columns`: an array for each variable of an element, so that each has values of one kind (an array
 * that holds numbers and strings keeps every number that is no small integer in an object of its own). Rejected: one typed
 * array for elements that are numbers only, and one copy of it: there and back a third faster for 1,000 `{u8, u8, u8, u8}`, a
 * twentieth for 1,000 `{f64, f64, f64}`, and three times slower for three of these, since engines allocate it outside the heap.
 */
export function readListFunction(unit: Unit, plan: AbiList | AbiMap): string {
  return unit.outline(plan, 'readList', (name) => {
    const { element } = plan;
    const variables = new Variables('s');
    const into = variables.allocate(element);
    const code = new Code(unit);
    readValue(code, into, 'item', '', { last: false, trackHandles: true });
    const limit = Math.floor(MAX_LIST_BYTE_LENGTH / Math.max(element.size, 1));
    const items =
      plan.length === null
        ? `listItems(value, ${limit}, ${literal(plan.kind === 'map' ? 'a Map' : 'a list')})`
        : `fixedItems(value, ${plan.length})`;
    const count = plan.length ?? `countItems(items, ${limit})`;
    const columns = variables.names.map((_, i) => `o${i}`);
    return `function ${name}(side, call, value) {
const items = ${items};
const n = ${count};
${columns.map((column) => `const ${column} = ${newArray('n')};`).join('\n')}
const handles = side.handles;
let i = 0, at = '';
try {
for (; i < n; i++) {
const item = items[i];
let ${variables.names.join(', ')};
${code}
${columns.map((column, i) => `${column}[i] = ${variables.names[i]};`).join('\n')}
at = '';
}
} catch (error) { throw located(located(error, at), '[' + i + ']'); }
return [${columns.join(', ')}];
}`;
  });
}

/** How many variables an element of {@link readListFunction} has. */
export function elementVariables(element: AbiPlan): { into: Snapshot; names: string[] } {
  const variables = new Variables('s');
  const into = variables.allocate(element);
  return { into, names: variables.names };
}
