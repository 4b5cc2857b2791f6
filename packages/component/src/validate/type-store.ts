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
import { put } from '../put.ts';
import { MAX_STEPS, MAX_TYPE_BYTES, MAX_TYPE_DEPTH, MAX_TYPE_WEIGHT, STEPS_PER_DEFINITION } from './limits.ts';
import type {
  AnyType,
  Binder,
  ComponentType,
  Extern,
  Externs,
  FuncType,
  InstanceType,
  Resource,
  ResourceType,
  ValueType,
} from './types.ts';
import { needsName } from './types.ts';

/** A value type before what follows from its parts is known. */
type BareType = Pick<ValueType, 'kind'> & Partial<Pick<ValueType, 'labels' | 'parts' | 'length'>>;

/**
 * The type in words, parts as their `number`. With `shape`, it is equal for structurally equal types; with `id`, for types of
 * the same nodes. Labels are kebab case, so that blanks and commas separate.
 */
function typeKey({ kind, labels = [], parts = [], length }: BareType, number: 'shape' | 'id'): string {
  let key: string = kind;
  if (labels.length > 0) key += ` ${labels}`;
  for (const part of parts) key += ` ${part === null ? '' : part[number]}`;
  return length == null ? key : `${key} ${length}`;
}

function bareLayout({ kind, labels = [], parts = [], length = null }: BareType, address: AddressType): Layout {
  switch (kind) {
    case 'record':
    case 'tuple':
      return recordLayout(layouts(parts, address) as Layout[]);
    case 'variant':
    case 'result':
      return variantLayout(layouts(parts, address));
    case 'option':
      return variantLayout([null, ...layouts(parts, address)]);
    case 'enum':
      return variantLayout(new Array<null>(labels.length).fill(null));
    case 'flags':
      return flagsLayout(labels.length);
    case 'list':
      return length === null ? pairLayout(address) : fixedListLayout(layout(parts[0] as ValueType, address), length);
    case 'string':
    case 'map':
      return pairLayout(address);
    default:
      return isScalar(kind) ? scalarLayout(kind) : handleLayout;
  }
}

function layouts(parts: ValueType['parts'], address: AddressType): (Layout | null)[] {
  const list: (Layout | null)[] = [];
  for (const part of parts) list.push(part && layout(part as ValueType, address));
  return list;
}

/** CanonicalABI.md#element-size and #flattening, for one address type. */
export function layout(type: ValueType, address: AddressType): Layout {
  return address === 'i32' ? type.layout32 : (type.layout64 ??= bareLayout(type, address));
}

const noExterns: Externs = new Map();

export class TypeStore {
  /** Absolute byte offset of the definition that is being validated. */
  offset = 0;
  #steps = MAX_STEPS;
  #nextId = 0;
  /** The first node of each shape, by {@link typeKey}. */
  readonly #shapes = new Map<string, ValueType>();
  /** Nodes that need no name, by {@link typeKey} of their parts. */
  readonly #anonymous = new Map<string, ValueType>();

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

  newResource(binder: Binder, imported: boolean, rep: 'i32' | 'i64' | null = null): ResourceType {
    return this.resourceType({ id: this.#nextId++, binder, imported, rep });
  }

  /** A new name for `resource`. */
  resourceType(resource: Resource): ResourceType {
    const { id: shape } = resource;
    const id = this.#nextId++;
    return { kind: 'resource', resource, id, shape, depth: 0, open: true, hasBorrow: false, hasPointer: false };
  }

  /**
   * A value type. One that needs no name is one node for the same parts, so that walks meet it once. Throws
   * `ValidationError` for a type that is too large or too deep.
   */
  valueType(type: BareType): ValueType {
    if (needsName(type)) return this.#make(type);
    const key = typeKey(type, 'id');
    return this.#anonymous.get(key) ?? put(this.#anonymous, key, this.#make(type));
  }

  /** The value type `kind`, which is its own {@link typeKey}. */
  primitive(kind: PrimValType): ValueType {
    return this.#anonymous.get(kind) ?? this.valueType({ kind });
  }

  #make(type: BareType): ValueType {
    const { kind, labels = [], parts = [], length = null } = type;
    const { depth, open } = measure(parts);
    this.#limitDepth(depth);
    const key = typeKey(type, 'shape');
    const same = this.#shapes.get(key);
    const layout32 = same?.layout32 ?? bareLayout(type, 'i32');
    const layout64 = same?.layout64 ?? this.#layout64(type, layout32);
    let hasBorrow = kind === 'borrow';
    let hasPointer = false;
    for (const part of parts) {
      hasBorrow ||= part?.hasBorrow === true;
      hasPointer ||= part?.hasPointer === true;
    }
    const id = this.#nextId++;
    const node: ValueType = {
      kind,
      labels,
      parts,
      length,
      id,
      shape: same?.shape ?? id,
      // Primitive types are no constructors.
      depth: type.parts || type.labels ? depth : 0,
      open: open || needsName(type),
      hasBorrow,
      hasPointer:
        kind === 'string' ||
        kind === 'map' ||
        (kind === 'list' && length === null) ||
        (kind !== 'stream' && kind !== 'future' && hasPointer),
      layout32,
      layout64,
    };
    if (same === undefined) this.#shapes.set(key, node);
    return node;
  }

  /**
   * The layout with 64-bit pointers, where that is needed to see whether the type is too large: pointers, and with them
   * alignments, are twice as wide there, so that it is at most twice as large.
   */
  #layout64(type: BareType, { size: size32 }: Layout): Layout | null {
    if (2 * size32 < MAX_TYPE_BYTES) return null;
    const layout = bareLayout(type, 'i64');
    const { size } = layout;
    if (size >= MAX_TYPE_BYTES) fail(this.offset, 'type-bytes', { size, limit: MAX_TYPE_BYTES - 1 });
    return layout;
  }

  #limitDepth(depth: number): void {
    if (depth > MAX_TYPE_DEPTH) fail(this.offset, 'type-depth', { limit: MAX_TYPE_DEPTH });
  }

  /** The same type under a new name. Types that need no name stay what they are. */
  rename<T extends AnyType>(type: T): T {
    return needsName(type) ? { ...type, id: this.#nextId++ } : type;
  }

  funcType(async: boolean, labels: readonly string[], parts: readonly (ValueType | null)[]): FuncType {
    const params = parts.slice(0, -1) as ValueType[];
    return { kind: 'func', async, labels, params, result: parts.at(-1) ?? null, parts, ...measure(parts) };
  }

  instanceType(exports: Externs, binder: Binder | null): InstanceType {
    return { kind: 'instance', imports: noExterns, exports, binder, ...this.#weigh(noExterns, exports) };
  }

  componentType(imports: Externs, exports: Externs, binder: Binder): ComponentType {
    return { kind: 'component', imports, exports, binder, ...this.#weigh(imports, exports) };
  }

  #weigh(imports: Externs, exports: Externs): Pick<InstanceType, 'depth' | 'open' | 'weight'> {
    const types: Extern['type'][] = [];
    for (const { type } of imports.values()) types.push(type);
    for (const { type } of exports.values()) types.push(type);
    const measures = measure(types);
    this.#limitDepth(measures.depth);
    let weight = 1;
    for (const type of types) weight += 'weight' in type ? type.weight : 'params' in type ? 1 + type.params.length : 1;
    if (weight > MAX_TYPE_WEIGHT) fail(this.offset, 'type-weight', { limit: MAX_TYPE_WEIGHT });
    return { ...measures, weight };
  }
}

/** Depth and openness of a type with these parts. */
function measure(parts: readonly (Pick<ValueType, 'depth' | 'open'> | null)[]): Pick<ValueType, 'depth' | 'open'> {
  let depth = 0;
  let open = false;
  for (const part of parts) {
    if (part === null) continue;
    if (part.depth > depth) depth = part.depth;
    open ||= part.open;
  }
  return { depth: depth + 1, open };
}
