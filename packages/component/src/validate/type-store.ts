/**
 * Makes type nodes for one validation. In: resolved parts. Out: nodes with their shape, layout and predicates. It also
 * holds what bounds the work: the offset for messages and the count of steps.
 */

import {
  type AddressType,
  fixedListLayout,
  flagsLayout,
  handleLayout,
  isScalar,
  type Layout,
  pairLayout,
  recordLayout,
  scalarLayout,
  variantLayout,
} from '../abi/layout.ts';
import type { PrimValType } from '../binary/ast.ts';
import { fail } from '../fail.ts';
import { MAX_STEPS, MAX_TYPE_BYTES, MAX_TYPE_DEPTH, MAX_TYPE_WEIGHT, STEPS_PER_DEFINITION } from './limits.ts';
import type {
  AnyType,
  Binder,
  ComponentType,
  Extern,
  Field,
  FuncType,
  InstanceType,
  Resource,
  ResourceType,
  ValueType,
} from './types.ts';
import { externDepth, externOpen, externWeight, needsName } from './types.ts';

/** The parts of a value type before what follows from them is known. */
type Bare<T> = T extends ValueType
  ? Omit<T, 'id' | 'shape' | 'depth' | 'open' | 'hasBorrow' | 'hasHandle' | 'hasPointer' | 'layout64' | 'layout32'>
  : never;
type BareType = Bare<ValueType>;

const primNames: readonly PrimValType[] = [
  'bool',
  's8',
  'u8',
  's16',
  'u16',
  's32',
  'u32',
  's64',
  'u64',
  'f32',
  'f64',
  'char',
  'string',
  'error-context',
];

function primLayout(prim: PrimValType, address: AddressType): Layout {
  if (prim === 'string') return pairLayout(address);
  return isScalar(prim) ? scalarLayout(prim) : handleLayout;
}

/** One node for each primitive type; they need no name, so one will do. */
const prims: ReadonlyMap<PrimValType, ValueType> = new Map(
  primNames.map((prim, shape): [PrimValType, ValueType] => [
    prim,
    {
      kind: 'prim',
      prim,
      id: shape,
      shape,
      depth: 0,
      open: false,
      hasBorrow: false,
      hasHandle: false,
      hasPointer: prim === 'string',
      layout64: primLayout(prim, 'i64'),
      layout32: primLayout(prim, 'i32'),
    },
  ]),
);

export function primType(prim: PrimValType): ValueType {
  return prims.get(prim) as ValueType;
}

const noTypes: readonly ValueType[] = [];

export function children(type: BareType | ValueType): readonly (ValueType | null)[] {
  switch (type.kind) {
    case 'record':
      return type.fields.map((field) => field.type);
    case 'variant':
      return type.cases.map((item) => item.type);
    case 'list':
      return [type.element];
    case 'tuple':
      return type.types;
    case 'option':
      return [type.type];
    case 'result':
      return [type.ok, type.err];
    case 'map':
      return [type.key, type.value];
    case 'stream':
    case 'future':
      return [type.element];
    default:
      return noTypes;
  }
}

/** How many types stand in the definition of `type`: what a step of a walk costs. */
export function partCount(type: AnyType): number {
  switch (type.kind) {
    case 'record':
      return type.fields.length;
    case 'variant':
      return type.cases.length;
    case 'tuple':
      return type.types.length;
    case 'func':
      return type.params.length;
    default:
      return 2;
  }
}

/**
 * The type in words, parts as their `number`. With `shape`, it is equal for structurally equal types; with `id`, for types of
 * the same nodes. Labels are kebab case, so that `:` and `,` separate.
 */
function typeKey(type: BareType, number: 'shape' | 'id'): string {
  const of = (part: ValueType | null): string => (part === null ? '' : String(part[number]));
  switch (type.kind) {
    case 'prim':
      return type.prim;
    case 'record':
      return `record ${type.fields.map((field) => `${field.label}:${of(field.type)}`).join()}`;
    case 'variant':
      return `variant ${type.cases.map((item) => `${item.label}:${of(item.type)}`).join()}`;
    case 'list':
      return `list ${of(type.element)},${type.length ?? ''}`;
    case 'tuple':
      return `tuple ${type.types.map(of).join()}`;
    case 'flags':
    case 'enum':
      return `${type.kind} ${type.labels.join()}`;
    case 'option':
      return `option ${of(type.type)}`;
    case 'result':
      return `result ${of(type.ok)},${of(type.err)}`;
    case 'map':
      return `map ${of(type.key)},${of(type.value)}`;
    case 'own':
    case 'borrow':
      return `${type.kind} ${type.resource.resource.id}`;
    case 'stream':
    case 'future':
      return `${type.kind} ${of(type.element)}`;
  }
}

function bareLayout(type: BareType, address: AddressType): Layout {
  const of = (inner: ValueType): Layout => layout(inner, address);
  const maybe = (inner: ValueType | null): Layout | null => (inner === null ? null : layout(inner, address));
  switch (type.kind) {
    case 'prim':
      return primLayout(type.prim, address);
    case 'record':
      return recordLayout(type.fields.map((field) => of(field.type)));
    case 'tuple':
      return recordLayout(type.types.map(of));
    case 'variant':
      return variantLayout(type.cases.map((item) => maybe(item.type)));
    case 'enum':
      return variantLayout(type.labels.map(() => null));
    case 'option':
      return variantLayout([null, of(type.type)]);
    case 'result':
      return variantLayout([maybe(type.ok), maybe(type.err)]);
    case 'list':
      return type.length === null ? pairLayout(address) : fixedListLayout(of(type.element), type.length);
    case 'map':
      return pairLayout(address);
    case 'flags':
      return flagsLayout(type.labels.length);
    default:
      return handleLayout;
  }
}

/** CanonicalABI.md#element-size and #flattening, for one address type. */
export function layout(type: ValueType, address: AddressType): Layout {
  if (address === 'i64') return type.layout64;
  return (type.layout32 ??= bareLayout(type, 'i32'));
}

/** Whether the canonical ABI needs a memory for a value whose flat form fits (CanonicalABI.md#canonopt-validation). */
function pointersIn(type: BareType, inner: readonly (ValueType | null)[]): boolean {
  if (type.kind === 'map') return true;
  if (type.kind === 'list' && type.length === null) return true;
  if (type.kind === 'stream' || type.kind === 'future') return false;
  return inner.some((child) => child?.hasPointer === true);
}

/** What structurally equal types share. */
interface Shape {
  readonly shape: number;
  readonly layout64: Layout;
}

function remember<K, V>(map: Map<K, V>, key: K, value: V): V {
  map.set(key, value);
  return value;
}

export class TypeStore {
  /** Absolute byte offset of the definition that is being validated. */
  offset = 0;
  #steps = MAX_STEPS;
  #nextId = 0;
  #nextType = primNames.length;
  readonly #shapes = new Map<string, Shape>();
  /** Nodes that need no name, by {@link typeKey} of their parts. */
  readonly #anonymous = new Map<string, ValueType>();
  readonly #owns = new Map<ResourceType, ValueType>();
  readonly #borrows = new Map<ResourceType, ValueType>();

  /** Begins the definition at byte offset `offset`. */
  begin(offset: number): void {
    this.offset = offset;
    this.#steps += STEPS_PER_DEFINITION;
  }

  /** Counts `count` nodes of work. Throws `ValidationError` when there has been too much. */
  step(count = 1): void {
    if ((this.#steps -= count) < 0) fail(this.offset, 'too-complex', {});
  }

  newBinder(): Binder {
    return { id: this.#nextId++ };
  }

  newResource(binder: Binder, imported: boolean, rep: 'i32' | 'i64' | null = null): Resource {
    return { id: this.#nextId++, binder, imported, rep };
  }

  /**
   * A value type. One that needs no name is one node for the same parts, so that walks meet it once. Throws
   * `ValidationError` for a type that is too large or too deep.
   */
  valueType(type: BareType): ValueType {
    if (type.kind === 'prim') return primType(type.prim);
    if (needsName(type)) return this.#make(type);
    if (type.kind === 'own' || type.kind === 'borrow') {
      const handles = type.kind === 'own' ? this.#owns : this.#borrows;
      return handles.get(type.resource) ?? remember(handles, type.resource, this.#make(type));
    }
    const key = typeKey(type, 'id');
    return this.#anonymous.get(key) ?? remember(this.#anonymous, key, this.#make(type));
  }

  #make(type: BareType): ValueType {
    const inner = children(type);
    const handle = type.kind === 'own' || type.kind === 'borrow';
    let depth = 0;
    let open = handle || needsName(type);
    let hasBorrow = type.kind === 'borrow';
    let hasHandle = handle;
    for (const child of inner) {
      if (child === null) continue;
      if (child.depth > depth) depth = child.depth;
      open ||= child.open;
      hasBorrow ||= child.hasBorrow;
      hasHandle ||= child.hasHandle;
    }
    depth++;
    if (depth > MAX_TYPE_DEPTH) fail(this.offset, 'type-depth', { limit: MAX_TYPE_DEPTH });
    const { shape, layout64 } = this.#shapeOf(type);
    const hasPointer = pointersIn(type, inner);
    const id = this.#nextType++;
    return { ...type, id, shape, depth, open, hasBorrow, hasHandle, hasPointer, layout64, layout32: null };
  }

  #shapeOf(type: BareType): Shape {
    const key = typeKey(type, 'shape');
    const known = this.#shapes.get(key);
    if (known !== undefined) return known;
    const layout64 = bareLayout(type, 'i64');
    if (layout64.size >= MAX_TYPE_BYTES) {
      fail(this.offset, 'type-bytes', { size: layout64.size, limit: MAX_TYPE_BYTES - 1 });
    }
    return remember(this.#shapes, key, { shape: primNames.length + this.#shapes.size, layout64 });
  }

  /** The same type under a new name. Types that need no name stay what they are. */
  rename(type: ValueType): ValueType {
    return needsName(type) ? { ...type, id: this.#nextType++ } : type;
  }

  funcType(async: boolean, params: readonly Field[], result: ValueType | null): FuncType {
    let depth = result?.depth ?? 0;
    let open = result?.open ?? false;
    for (const { type } of params) {
      if (type.depth > depth) depth = type.depth;
      open ||= type.open;
    }
    return { kind: 'func', async, params, result, depth: depth + 1, open };
  }

  instanceType(exports: ReadonlyMap<string, Extern>, binder: Binder | null): InstanceType {
    return { kind: 'instance', exports, binder, ...this.#measure(exports) };
  }

  componentType(
    imports: ReadonlyMap<string, Extern>,
    exports: ReadonlyMap<string, Extern>,
    binder: Binder,
  ): ComponentType {
    const a = this.#measure(imports);
    const b = this.#measure(exports);
    const weight = a.weight + b.weight;
    if (weight > MAX_TYPE_WEIGHT) fail(this.offset, 'type-weight', { limit: MAX_TYPE_WEIGHT });
    return {
      kind: 'component',
      imports,
      exports,
      binder,
      depth: Math.max(a.depth, b.depth),
      weight,
      open: a.open || b.open,
    };
  }

  #measure(externs: ReadonlyMap<string, Extern>): { depth: number; weight: number; open: boolean } {
    let depth = 0;
    let weight = 1;
    let open = false;
    for (const extern of externs.values()) {
      depth = Math.max(depth, externDepth(extern));
      weight += externWeight(extern);
      open ||= externOpen(extern);
    }
    depth++;
    if (depth > MAX_TYPE_DEPTH) fail(this.offset, 'type-depth', { limit: MAX_TYPE_DEPTH });
    if (weight > MAX_TYPE_WEIGHT) fail(this.offset, 'type-weight', { limit: MAX_TYPE_WEIGHT });
    return { depth, weight, open };
  }
}
