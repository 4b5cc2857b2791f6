/**
 * Generated code of the write phase: the variables of a {@link Snapshot} into memory or core values. Runs no code of the
 * embedder. After anything that allocates, views are taken anew (`memory.u32` and not a local of it).
 */
import type { AbiList, AbiMap, AbiPlan, FlatType } from '@gangway/component/abi';
import { unreachable } from '@gangway/component/errors';
import { lowerJoinName } from '../joins.ts';
import { SHORT_STORE } from '../limits.ts';
import { isNumberKind, type NumberKind, numberLists } from '../number-lists.ts';
import { elementVariables } from './read-source.ts';
import type { Snapshot } from './snapshot.ts';
import { Code, literal, type Unit } from './unit.ts';

/** The view and element size in which each scalar stands in memory. */
const cells = {
  bool: ['u8', 1],
  s8: ['i8', 1],
  u8: ['u8', 1],
  s16: ['i16', 2],
  u16: ['u16', 2],
  s32: ['i32', 4],
  u32: ['u32', 4],
  char: ['u32', 4],
  s64: ['i64', 8],
  u64: ['u64', 8],
  f32: ['f32', 4],
  f64: ['f64', 8],
} as const;

/** The unsigned view of a discriminant or flags word. */
export function unsignedView(size: number): string {
  return size === 1 ? 'u8' : size === 2 ? 'u16' : 'u32';
}

function assign(code: Code, view: string, size: number, base: string, offset: number, value: string): void {
  code.emit(`${code.element(`memory.${view}`, size, base, offset)} = ${value};`);
}

/** Stores at byte address `base + offset` (`base`: a name). */
export function storeValue(code: Code, from: Snapshot, base: string, offset: number): void {
  const { unit } = code;
  switch (from.kind) {
    case 'record':
      from.plan.fields.forEach((field, i) => {
        storeValue(code, from.fields[i] as Snapshot, base, offset + field.offset);
      });
      return;
    case 'variant': {
      const { discriminantSize, payloadOffset } = from.plan;
      assign(code, unsignedView(discriminantSize), discriminantSize, base, offset, from.index);
      forCases(code, from, (payload) => storeValue(code, payload, base, offset + payloadOffset));
      return;
    }
    case 'flat':
      throw new Error('core values have no place in memory');
    case 'leaf': {
      const { plan, name } = from;
      switch (plan.kind) {
        case 'enum':
          assign(code, unsignedView(plan.discriminantSize), plan.discriminantSize, base, offset, name);
          return;
        case 'flags':
          assign(code, unsignedView(plan.size), plan.size, base, offset, name);
          return;
        case 'own':
        case 'borrow': {
          const handle = code.define('h', lowerHandle(from));
          assign(code, 'u32', 4, base, offset, handle);
          return;
        }
        case 'string':
        case 'map':
          storePointer(code, from, base, offset);
          return;
        case 'list': {
          const { element, length } = plan;
          if (length === null) {
            storePointer(code, from, base, offset);
            return;
          }
          if (isNumberKind(element.kind)) {
            const { view, size } = numberLists[element.kind];
            const start =
              unit.address === 'i32'
                ? `(${base} + ${offset}) >>> ${Math.log2(size)}`
                : `(${base} + ${offset}) / ${size}`;
            code.emit(`writeNumbers(memory, ${literal(view)}, ${start}, ${name}, ${length});`);
          } else {
            code.emit(`${storeElementsFunction(unit, plan)}(side, scope, ${name}, ${base} + ${offset});`);
          }
          return;
        }
        case 'stream':
        case 'future':
        case 'error-context':
        case 'variant':
        case 'option':
        case 'result':
          throw new Error(`no generated code for ${plan.kind}`);
        default: {
          const [view, size] = cells[plan.kind];
          assign(code, view, size, base, offset, name);
          return;
        }
      }
    }
    default:
      unreachable(from);
  }
}

/** Allocates and fills what the pointer points to; defines its address. Its length is then in the side. */
function allocate(code: Code, from: Snapshot & { kind: 'leaf' }): string {
  const { plan, name } = from;
  switch (plan.kind) {
    case 'string':
      return code.define('p', `${storeTextFunction(code.unit)}(side, ${name})`);
    case 'list':
    case 'map': {
      if (plan.kind === 'list' && isNumberKind(plan.element.kind)) {
        return code.define('p', `${storeNumbersFunction(code.unit, plan.element.kind)}(side, ${name})`);
      }
      return code.define('p', `${storeListFunction(code.unit, plan)}(side, scope, ${name})`);
    }
    default:
      throw new Error(`${plan.kind} is no pointer`);
  }
}

function storePointer(code: Code, from: Snapshot & { kind: 'leaf' }, base: string, offset: number): void {
  if (code.strings !== null && from.plan.kind === 'string') {
    code.emit(`storeStringAt(side, ${code.strings}, ${from.name}, ${base} + ${offset});`);
    return;
  }
  const address = allocate(code, from);
  code.emit(`storePair(side, ${base} + ${offset}, ${address});`);
}

function lowerHandle(from: Snapshot & { kind: 'leaf' }): string {
  const { plan, name } = from;
  if (plan.kind === 'own') return `handles.lowerOwn(side, ${plan.resource}, ${name})`;
  if (plan.kind === 'borrow') return `handles.lowerBorrow(side, ${plan.resource}, ${name}, scope)`;
  throw new Error(`${plan.kind} is no handle`);
}

/** A `switch` over the case index, with what `make` emits for each payload. */
function forCases(
  code: Code,
  from: Snapshot & { kind: 'variant' },
  make: (payload: Snapshot, index: number) => void,
): void {
  if (from.payloads.every((payload) => payload === null)) return;
  code.emit(`switch (${from.index}) {`);
  from.payloads.forEach((payload, i) => {
    if (payload === null) return;
    code.emit(`case ${i}: {`);
    make(payload, i);
    code.emit('break; }');
  });
  code.emit('}');
}

/** Returns the core values as names or literals, in order. */
export function flatValues(code: Code, from: Snapshot): string[] {
  switch (from.kind) {
    case 'record':
      return from.fields.flatMap((field) => flatValues(code, field));
    case 'variant': {
      const { plan } = from;
      const joined = plan.flat.slice(1);
      const names = joined.map((type) => {
        const name = code.unit.fresh('f');
        code.emit(`let ${name} = ${type === 'i64' ? '0n' : '0'};`);
        return name;
      });
      forCases(code, from, (payload) => {
        const has = payload.plan.flat;
        flatValues(code, payload).forEach((value, i) => {
          const convert = lowerJoinName(has[i] as FlatType, joined[i] as FlatType);
          code.emit(`${names[i]} = ${convert === null ? value : `${convert}(${value})`};`);
        });
      });
      return [from.index, ...names];
    }
    case 'flat':
      return from.value === undefined ? [from.index] : [from.index, from.value];
    case 'leaf': {
      const { plan, name } = from;
      switch (plan.kind) {
        case 'own':
        case 'borrow':
          return [code.define('h', lowerHandle(from))];
        case 'string':
        case 'map':
          return flatPointer(code, from);
        case 'list':
          if (plan.length === null) return flatPointer(code, from);
          return flatElements(code, plan, plan.length, name);
        default:
          return [name];
      }
    }
    default:
      return unreachable(from);
  }
}

function flatPointer(code: Code, from: Snapshot & { kind: 'leaf' }): string[] {
  const address = allocate(code, from);
  if (code.unit.address === 'i32') return [address, code.define('n', 'taggedLength(side)')];
  return [code.define('p', `BigInt(${address})`), code.define('n', 'taggedLength64(side)')];
}

/** A list of fixed length that fits into core values is short: no loop. */
function flatElements(code: Code, plan: AbiList, length: number, name: string): string[] {
  const { element } = plan;
  if (isNumberKind(element.kind)) {
    return Array.from({ length }, (_, i) => code.define('f', `${name}[${i}]`));
  }
  const out: string[] = [];
  for (let i = 0; i < length; i++) {
    const { into, names } = elementVariables(element);
    const renamed = new Map(names.map((variable, j) => [variable, code.define('e', `${name}[${j}][${i}]`)]));
    out.push(...flatValues(code, rename(into, renamed)));
  }
  return out;
}

/** The same snapshot in other variables. */
function rename(snapshot: Snapshot, names: ReadonlyMap<string, string>): Snapshot {
  switch (snapshot.kind) {
    case 'leaf':
      return { ...snapshot, name: names.get(snapshot.name) as string };
    case 'record':
      return { ...snapshot, fields: snapshot.fields.map((field) => rename(field, names)) };
    case 'variant':
      return {
        ...snapshot,
        index: names.get(snapshot.index) as string,
        payloads: snapshot.payloads.map((payload) => payload && rename(payload, names)),
      };
    case 'flat':
      throw new Error('core values are no elements of a list');
    default:
      return unreachable(snapshot);
  }
}

/**
 * `(side, source) → address`: what storeNumbers in number-lists.ts does, for one element type, so that the engine sees one
 * kind of array. An element is looked at first, here and where the array is read: from then on the engine knows what the array
 * is, and inlines the intrinsic getters, which saves a tenth of an `echo` of 64 bytes.
 */
function storeNumbersFunction(unit: Unit, kind: NumberKind): string {
  return unit.outline(numberLists[kind], 'storeNumbers', (name) => {
    const { view, size } = numberLists[kind];
    return `function ${name}(side, source) {
source[0];
const n = lengthOf(source);
const offset = offsetOf(source);
const address = ${allocateFunction(unit)}(side, ${size}, n * ${size});
const target = side.memory.${view};
side.length = n;
side.tagged = false;
if (lengthOf(source) !== n) side.memory.u8.copyWithin(address, offset, offset + n * ${size});
else if (n > ${SHORT}) target.set(source, ${unit.index('address', size)});
else for (let i = 0, at = ${unit.index('address', size)}; i < n; i++) target[at + i] = source[i];
return address;
}`;
  });
}

/** `(side, align, size) → address`: a new allocation, as GuestSide.reallocate makes it; its call of the guest is its own. */
function allocateFunction(unit: Unit): string {
  if (unit.address === 'i64') {
    return unit.outline(
      helperKeys.allocate,
      'allocate',
      (name) => `function ${name}(side, align, size) {
return side.reallocate(0, 0, align, size);
}`,
    );
  }
  return unit.outline(
    helperKeys.allocate,
    'allocate',
    (name) => `function ${name}(side, align, size) {
const context = side.context;
const flags = side.flags;
let words = context.i32;
if (words.length === 0) words = context.refresh();
words[flags] &= -2;
const address = (0, side.realloc)(0, 0, align, size) >>> 0;
if (words.length === 0) words = context.refresh();
words[flags] |= 1;
const memory = side.memory;
if (memory.u8.length === 0) memory.refresh();
if ((address & (align - 1)) !== 0) trap('realloc-unaligned');
if (address + size > memory.u8.length) trap('realloc-out-of-bounds');
return address;
}`,
  );
}

/**
 * `(side, text) → address`: what storeString in strings.ts does. A unit has its own, so that its call of the guest's strings
 * module is its own as well: one that several components share is not inlined, which takes a third of a short string.
 */
function storeTextFunction(unit: Unit): string {
  return unit.outline(
    helperKeys.storeText,
    'storeText',
    (name) => `function ${name}(side, text) {
const { strings } = side;
if (strings === null || text.length > ${SHORT_STORE}) return storeString(side, text);
const words = side.forbidLeave();
const stored = strings.store(text);
side.allowLeave(words);
if (stored < 0) trap('realloc-out-of-bounds');
const address = stored >>> 0;
side.length = ((stored - address) / 2 ** 32) | 0;
side.tagged = false;
return address;
}`,
  );
}

/** What stands for functions of which a unit has one. */
const helperKeys = { allocate: {}, storeText: {} };

/** Below this many elements a loop is faster than `set`. */
const SHORT = 16;

/** `(side, scope, elements) → address`: allocates and stores what readListFunction made. */
function storeListFunction(unit: Unit, plan: AbiList | AbiMap): string {
  return unit.outline(plan, 'storeList', (name) => {
    const { size, align } = plan.element;
    return `function ${name}(side, scope, elements) {
const n = elements[0].length;
const address = ${allocateFunction(unit)}(side, ${align}, n * ${size});
${storeElementsFunction(unit, plan)}(side, scope, elements, address);
side.length = n;
side.tagged = false;
return address;
}`;
  });
}

/** Whether a value holds strings, and nothing else that is allocated when it is stored. */
function stringsOnly(plan: AbiPlan): boolean {
  switch (plan.kind) {
    case 'string':
      return true;
    case 'record':
    case 'tuple':
      return plan.pointers && plan.fields.every(({ type }) => !type.pointers || stringsOnly(type));
    case 'variant':
    case 'option':
    case 'result':
      return plan.pointers && plan.cases.every(({ type }) => !type?.pointers || stringsOnly(type));
    default:
      return false;
  }
}

/** `(side, scope, elements, address)`: stores elements where there is room for them. */
function storeElementsFunction(unit: Unit, plan: AbiList | AbiMap): string {
  return unit.outline(plan, 'storeElements', (name) => {
    const { element } = plan;
    const { into, names } = elementVariables(element);
    const columns = names.map((_, i) => `o${i}`);
    const code = new Code(unit);
    if (stringsOnly(element)) code.strings = 'strings';
    storeValue(code, into, 'base', 0);
    // Strings are all that is allocated: may-leave is cleared for all of them.
    const strings = stringsOnly(element);
    return `function ${name}(side, scope, elements, address) {
${strings ? 'const { strings } = side;\nconst words = strings === null ? null : side.forbidLeave();' : ''}
const memory = side.memory;
const handles = side.handles;
const [${columns.join(', ')}] = elements;
const n = o0.length;
for (let i = 0, base = address; i < n; i++, base += ${element.size}) {
const ${names.map((variable, i) => `${variable} = ${columns[i]}[i]`).join(', ')};
${code}
}
${strings ? 'if (words !== null) side.allowLeave(words);' : ''}
}`;
  });
}
