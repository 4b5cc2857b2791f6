/**
 * Generated code that lifts: expressions over memory or core values that build JavaScript values, objects as literals
 * of a fixed shape. What can trap is a statement of its own, so that the order of traps is that of the closures.
 *
 * No guest code runs while a value is lifted, so a function takes the views into locals once.
 */
import type { AbiList, AbiMap, AbiPlan, AbiScalarKind, AbiVariant, FlatType } from '@gangway/component/abi';
import { fieldNames } from '@gangway/component/names';
import { liftJoinName } from '../joins.ts';
import { SHORT_LOAD } from '../limits.ts';
import { isNumberKind, type NumberKind, numberLists } from '../number-lists.ts';
import { caseNames, isTaggedOption } from '../variants.ts';
import { Code, literal, newArray, type Unit, VIEWS } from './unit.ts';
import { unsignedView } from './write-source.ts';

/** An object literal; `__proto__` becomes an own property. */
function objectLiteral(names: readonly string[], values: readonly string[]): string {
  const parts = names.map((name, i) => {
    const key = name === '__proto__' ? `[${literal(name)}]` : literal(name);
    return `${key}: ${values[i]}`;
  });
  return `{ ${parts.join(', ')} }`;
}

/** An expression for the value at byte address `base + offset`; may emit statements first. */
export function loadValue(code: Code, plan: AbiPlan, base: string, offset: number): string {
  const { unit } = code;
  switch (plan.kind) {
    case 'bool':
      return `${code.element('u8', 1, base, offset)} !== 0`;
    case 'char':
      return code.define('v', `liftChar(${code.element('u32', 4, base, offset)})`);
    case 's8':
    case 'u8':
    case 's16':
    case 'u16':
    case 's32':
    case 'u32':
    case 's64':
    case 'u64':
    case 'f32':
    case 'f64': {
      const { view, size } = numberLists[plan.kind];
      return code.element(view, size, base, offset);
    }
    case 'string':
      return code.define(
        'v',
        unit.address === 'i32'
          ? `${loadTextFunction(unit)}(side, ${code.element('u32', 4, base, offset)}, ${code.element('u32', 4, base, offset + 4)})`
          : `loadString64(side, ${code.element('u64', 8, base, offset)}, ${code.element('u64', 8, base, offset + 8)})`,
      );
    case 'list':
    case 'map': {
      if (plan.length !== null) return loadFixed(code, plan as AbiList, plan.length, base, offset);
      const [address, length] =
        unit.address === 'i32'
          ? [code.element('u32', 4, base, offset), code.element('u32', 4, base, offset + 4)]
          : [`Number(${code.element('u64', 8, base, offset)})`, `Number(${code.element('u64', 8, base, offset + 8)})`];
      return code.define('v', loadRange(unit, plan, address, length));
    }
    case 'record':
      return objectLiteral(
        fieldNames(plan.fields.map((field) => field.name)),
        plan.fields.map((field) => loadValue(code, field.type, base, offset + field.offset)),
      );
    case 'tuple':
      return `[${plan.fields.map((field) => loadValue(code, field.type, base, offset + field.offset)).join(', ')}]`;
    case 'variant':
    case 'enum':
    case 'option':
    case 'result': {
      const { discriminantSize } = plan;
      const index = code.define('d', code.element(unsignedView(discriminantSize), discriminantSize, base, offset));
      return cases(code, plan, index, (payload) => loadValue(code, payload, base, offset + plan.payloadOffset));
    }
    case 'flags':
      return flagsLiteral(code, plan.names, code.element(unsignedView(plan.size), plan.size, base, offset));
    case 'own':
    case 'borrow':
      return code.define('v', liftHandle(plan.kind, plan.resource, code.element('u32', 4, base, offset)));
    default:
      throw new Error(`no generated code for ${plan.kind}`);
  }
}

/** Expressions that lift a scalar's core value `v`. */
const scalars: Record<AbiScalarKind, (v: string) => string> = {
  bool: (v) => `${v} !== 0`,
  s8: (v) => `(${v} << 24) >> 24`,
  u8: (v) => `${v} & 0xff`,
  s16: (v) => `(${v} << 16) >> 16`,
  u16: (v) => `${v} & 0xffff`,
  s32: (v) => `${v} | 0`,
  u32: (v) => `${v} >>> 0`,
  s64: (v) => `BigInt.asIntN(64, ${v})`,
  u64: (v) => `BigInt.asUintN(64, ${v})`,
  f32: (v) => v,
  f64: (v) => v,
  char: (v) => `liftChar(${v})`,
};

/** An expression for the value whose core values are in the variables `flat`. */
export function liftFlat(code: Code, plan: AbiPlan, flat: readonly string[]): string {
  const { unit } = code;
  const only = flat[0] as string;
  switch (plan.kind) {
    case 'char':
      return code.define('v', scalars.char(only));
    case 'bool':
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
      return scalars[plan.kind](only);
    case 'string':
      return code.define(
        'v',
        unit.address === 'i32'
          ? `${loadTextFunction(unit)}(side, ${flat[0]} >>> 0, ${flat[1]} >>> 0)`
          : `loadString64(side, ${flat[0]}, ${flat[1]})`,
      );
    case 'list':
    case 'map': {
      if (plan.length === null)
        return code.define('v', loadRange(unit, plan, `unsigned(${flat[0]})`, `unsigned(${flat[1]})`));
      const { element, length } = plan as AbiList & { length: number };
      const width = element.flat.length;
      const items = Array.from({ length }, (_, i) => liftFlat(code, element, flat.slice(i * width, (i + 1) * width)));
      if (!isNumberKind(element.kind)) return `[${items.join(', ')}]`;
      return `${numberLists[element.kind].array.name}.of(${items.join(', ')})`;
    }
    case 'record':
    case 'tuple': {
      let next = 0;
      const values = plan.fields.map((field) => {
        const part = flat.slice(next, (next += field.type.flat.length));
        return liftFlat(code, field.type, part);
      });
      if (plan.kind === 'tuple') return `[${values.join(', ')}]`;
      return objectLiteral(fieldNames(plan.fields.map((field) => field.name)), values);
    }
    case 'variant':
    case 'enum':
    case 'option':
    case 'result': {
      const index = code.define('d', `${only} >>> 0`);
      const joined = plan.flat.slice(1);
      return cases(code, plan, index, (payload) => {
        const values = payload.flat.map((wants, i) => {
          const carried = flat[i + 1] as string;
          const convert = liftJoinName(joined[i] as FlatType, wants);
          return convert === null ? carried : code.define('c', `${convert}(${carried})`);
        });
        return liftFlat(code, payload, values);
      });
    }
    case 'flags':
      return flagsLiteral(code, plan.names, only);
    case 'own':
    case 'borrow':
      return code.define('v', liftHandle(plan.kind, plan.resource, `${only} >>> 0`));
    default:
      throw new Error(`no generated code for ${plan.kind}`);
  }
}

function liftHandle(kind: 'own' | 'borrow', resource: number, index: string): string {
  return kind === 'own'
    ? `handles.liftOwn(side, ${resource}, ${index})`
    : `handles.liftBorrow(side, ${resource}, ${index}, scope)`;
}

function flagsLiteral(code: Code, names: readonly string[], bits: string): string {
  const word = code.define('b', bits);
  return objectLiteral(
    fieldNames(names),
    names.map((_, i) => `(${word} & ${1 << i}) !== 0`),
  );
}

/** The value of a variant with case index `index`; `payload` gives an expression for a payload. */
function cases(code: Code, plan: AbiVariant, index: string, payload: (plan: AbiPlan) => string): string {
  const names = caseNames(plan);
  code.emit(`if (${index} >= ${names.length}) trap('invalid-discriminant');`);
  if (plan.kind === 'enum') return `${code.unit.constant(JSON.stringify(names))}[${index}]`;
  const value = code.unit.fresh('v');
  code.emit(`let ${value};`, `switch (${index}) {`);
  const plain = plan.kind === 'option' && !isTaggedOption(plan);
  plan.cases.forEach((item, i) => {
    if (plain && item.type === null) return;
    code.emit(`case ${i}: {`);
    const inner = item.type === null ? null : payload(item.type);
    const tag = literal(names[i] as string);
    code.emit(`${value} = ${plain ? inner : inner === null ? `{ tag: ${tag} }` : `{ tag: ${tag}, val: ${inner} }`};`);
    code.emit('break; }');
  });
  code.emit('}');
  return value;
}

/**
 * Defines the address of what a core value points to: `size` bytes, which are checked. The views are fresh then: a stale one
 * has length 0. (One condition for all that is two thirds of what a look at the length and a call of `checkSpilled` take.)
 */
export function spilledAddress(code: Code, value: string, { size, align }: Extent): string {
  const small = code.unit.address === 'i32';
  const base = code.define('p', small ? `${value} >>> 0` : `unsigned(${value})`);
  const aligned = small ? `(${base} & ${align - 1}) === 0` : `${base} % ${align} === 0`;
  code.emit(
    `if (!(${align === 1 ? '' : `${aligned} && `}${base} + ${size} <= memory.u8.length)) checkSpilledNow(memory, ${base}, ${size}, ${align});`,
  );
  return base;
}

interface Extent {
  /** Bytes. */
  readonly size: number;
  readonly align: number;
}

/** The result of a function, in memory at `base`: the payload is in `value`; returns the variable of the case index. */
export function loadOutcome(code: Code, plan: AbiVariant, base: string): string {
  const index = code.define('d', code.element('u8', 1, base, 0));
  code.emit(`if (${index} > 1) trap('invalid-discriminant');`);
  const [ok, err] = plan.cases.map(({ type }) => {
    const inner = new Code(code.unit);
    const value = type === null ? 'undefined' : loadValue(inner, type, base, plan.payloadOffset);
    return { value, statements: inner.toString() };
  }) as [Payload, Payload];
  if (ok.statements !== '' || err.statements !== '') {
    code.emit('let value;', `if (${index} === 0) {`, ok.statements, `value = ${ok.value};`);
    code.emit('} else {', err.statements, `value = ${err.value};`, '}');
  } else {
    code.emit(`const value = ${ok.value === err.value ? ok.value : `${index} === 0 ? ${ok.value} : ${err.value}`};`);
  }
  return index;
}

interface Payload {
  readonly value: string;
  readonly statements: string;
}

const helperKeys = { loadText: {} };

/** `(side, address, length) → string`: what loadString in strings.ts does; of its own for the reason that storeText is. */
function loadTextFunction(unit: Unit): string {
  return unit.outline(
    helperKeys.loadText,
    'loadText',
    (name) => `function ${name}(side, address, length) {
const { strings } = side;
const text = strings !== null && length <= ${SHORT_LOAD} ? strings.load(address, length) : null;
return text === null ? loadString(side, address, length) : text;
}`,
  );
}

/** A call that checks the range and loads the elements. */
function loadRange(unit: Unit, plan: AbiList | AbiMap, address: string, length: string): string {
  const { element } = plan;
  if (plan.kind === 'list' && isNumberKind(element.kind)) {
    return `${loadNumbersFunction(unit, element.kind)}(memory, ${address}, ${length})`;
  }
  return `${loadListFunction(unit, plan)}(side, scope, ${address}, ${length})`;
}

/** `(memory, address, length) → typed array`: what loadNumbers in number-lists.ts does, for one element type. */
function loadNumbersFunction(unit: Unit, kind: NumberKind): string {
  return unit.outline(numberLists[kind], 'loadNumbers', (name) => {
    const { view, size } = numberLists[kind];
    return `function ${name}(memory, address, length) {
checkList(address, length, ${size}, ${size}, memory.u8.length);
const start = ${unit.index('address', size)};
return memory.${view}.slice(start, start + length);
}`;
  });
}

/** `(side, scope, address, length) → list or Map`, with all checks. */
function loadListFunction(unit: Unit, plan: AbiList | AbiMap): string {
  return unit.outline(plan, 'loadList', (name) => {
    const { element } = plan;
    const { size, align } = element;
    const code = new Code(unit);
    let make: string;
    if (plan.kind === 'map') {
      const [key, value] = plan.element.fields;
      const k = loadValue(code, key!.type, 'base', key!.offset);
      const v = loadValue(code, value!.type, 'base', value!.offset);
      make = `out.set(${k}, ${v});`;
    } else {
      make = `out[i] = ${loadValue(code, element, 'base', 0)};`;
    }
    return `function ${name}(side, scope, address, length) {
const memory = side.memory;
const handles = side.handles;
${VIEWS}
checkList(address, length, ${size}, ${align}, u8.length);
const out = ${plan.kind === 'map' ? 'new Map()' : newArray('length')};
for (let i = 0, base = address; i < length; i++, base += ${size}) {
${code}
${make}
}
return out;
}`;
  });
}

function loadFixed(code: Code, plan: AbiList, length: number, base: string, offset: number): string {
  const { element } = plan;
  const { unit } = code;
  if (isNumberKind(element.kind)) {
    const { view, size } = numberLists[element.kind];
    const start = unit.index(`${base} + ${offset}`, size);
    return `sliceNumbers(memory, ${literal(view)}, ${start}, ${length})`;
  }
  const load = unit.outline(plan, 'loadFixed', (name) => {
    const inner = new Code(unit);
    const value = loadValue(inner, element, 'base', 0);
    return `function ${name}(side, scope, address) {
const memory = side.memory;
const handles = side.handles;
${VIEWS}
const out = [];
for (let i = 0, base = address; i < ${length}; i++, base += ${element.size}) {
${inner}
out.push(${value});
}
return out;
}`;
  });
  return code.define('v', `${load}(side, scope, ${base} + ${offset})`);
}
