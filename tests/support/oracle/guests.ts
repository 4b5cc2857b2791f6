/**
 * The core modules of the oracle's guests. In: function shapes, an address type. Out: bytes of
 * - `libc`: memory, an allocator that starts anew after each call, and fills what it hands out with junk;
 * - `echo`: functions that return their parameters, written field by field into a result area;
 * - `forward`: functions that hand their core parameters to an import, and its result back.
 */
import { type Bytes, type CoreFunction, type CoreImport, coreModule, s, u } from './encode.ts';
import {
  type Address,
  alignment,
  casesOf,
  discriminantBytes,
  type Flat,
  flagBytes,
  flatten,
  offsets,
  payloadOffset,
  scalarBytes,
  size,
  type TypeTree,
} from './types.ts';

/** A function that returns its parameters: one as it is, several as a tuple. `lends`: the first one is a borrow, and is dropped. */
export interface Shape {
  readonly values: readonly TypeTree[];
  readonly lends: boolean;
}

export const resultOf = ({ values }: Shape): TypeTree =>
  values.length === 1 ? values[0]! : { kind: 'tuple', fields: values };

/** The parameters, a borrow (which is laid out as an own) in front. */
const paramsOf = ({ values, lends }: Shape): TypeTree[] => (lends ? [{ kind: 'own' }, ...values] : [...values]);

interface Signature {
  readonly params: readonly Flat[];
  readonly results: readonly Flat[];
  readonly spilledParams: boolean;
  readonly spilledResult: boolean;
}

/** The core type of the function as it is lifted (CanonicalABI.md#flattening). */
function signature(shape: Shape, address: Address): Signature {
  const flat = paramsOf(shape).flatMap((type) => flatten(type, address));
  const result = flatten(resultOf(shape), address);
  return {
    params: flat.length > 16 ? [address] : flat,
    results: result.length > 1 ? [address] : result,
    spilledParams: flat.length > 16,
    spilledResult: result.length > 1,
  };
}

// --- instructions ----------------------------------------------------------------------------------------------------

const get = (local: number): number[] => [0x20, ...u(local)];
const set = (local: number): number[] => [0x21, ...u(local)];
const call = (index: number): number[] => [0x10, ...u(index)];
const int = (value: number): number[] => [0x41, ...s(value)];

/** Instructions on addresses. */
const pointers = {
  i32: { value: int, add: 0x6a, sub: 0x6b, and: 0x71, shl: 0x74, shr: 0x76, above: 0x4b, below: 0x49 },
  i64: {
    value: (value: number): number[] => [0x42, ...s(value)],
    add: 0x7c,
    sub: 0x7d,
    and: 0x83,
    shl: 0x86,
    shr: 0x88,
    above: 0x56,
    below: 0x54,
  },
} as const;

const stores = { i32: 0x36, i64: 0x37, f32: 0x38, f64: 0x39 } as const;
/** A store instruction for an integer of so many bytes in an `i32`. */
const narrowStore = (bytes: number): number => (bytes === 1 ? 0x3a : bytes === 2 ? 0x3b : 0x36);

// --- libc ------------------------------------------------------------------------------------------------------------

/** Where the allocator starts. */
const BASE = 1024;
const limits = (address: Address, pages: number): number[] => [address === 'i64' ? 0x04 : 0x00, ...u(pages)];
export const postReturnName = (result: Flat): string => `post-return ${result}`;

export function libc(address: Address): number[] {
  const p = pointers[address];
  const [old, oldSize, align, newSize, pointer] = [0, 1, 2, 3, 4] as const;
  const next = [0x23, 0];
  const pages = [0x3f, 0];
  const bytes = [...pages, ...p.value(16), p.shl];
  const realloc: CoreFunction = {
    exportName: 'realloc',
    params: [address, address, address, address],
    results: [address],
    locals: [address],
    body: [
      // pointer = (next + align - 1) & -align; next = pointer + newSize
      ...[...next, ...get(align), ...p.value(1), p.sub, p.add, ...p.value(0), ...get(align), p.sub, p.and],
      ...set(pointer),
      ...[...get(pointer), ...get(newSize), p.add, 0x24, 0],
      ...[...next, ...bytes, p.above, 0x04, 0x40],
      ...[...next, ...bytes, p.sub, ...p.value(16), p.shr, ...p.value(1), p.add, 0x40, 0, 0x1a, 0x0b],
      ...[...get(pointer), ...int(0xaa), ...get(newSize), 0xfc, 0x0b, 0],
      ...[...get(pointer), ...get(old)],
      ...[...get(oldSize), ...get(newSize), ...get(oldSize), ...get(newSize), p.below, 0x1b, 0xfc, 0x0a, 0, 0],
      ...get(pointer),
    ],
  };
  const postReturns = (['i32', 'i64', 'f32', 'f64'] as const).map(
    (result): CoreFunction => ({
      exportName: postReturnName(result),
      params: [result],
      results: [],
      locals: [],
      body: [...p.value(BASE), 0x24, 0],
    }),
  );
  return coreModule({
    imports: [],
    functions: [realloc, ...postReturns],
    memory: limits(address, 1),
    global: { type: address, value: BASE },
  });
}

const REALLOC = 0;
const DROP = 1;
const FIRST_IMPORT = 2;

function imports(address: Address): CoreImport[] {
  const four = [address, address, address, address] as const;
  return [
    { module: 'libc', name: 'memory', type: { memory: limits(address, 0) } },
    { module: 'libc', name: 'realloc', type: { params: four, results: [address] } },
    { module: 'in', name: 'drop', type: { params: ['i32'], results: [] } },
  ];
}

function allocate(tree: TypeTree, address: Address): number[] {
  const { value } = pointers[address];
  const [align, bytes] = [alignment(tree, address), size(tree, address)];
  return [...value(0), ...value(0), ...value(align), ...value(bytes), ...call(REALLOC)];
}

/** Drops the borrow in front. */
function dropBorrow(shape: Shape, { spilledParams }: Signature): number[] {
  if (!shape.lends) return [];
  return [...get(0), ...(spilledParams ? [0x28, 0, 0] : []), ...call(DROP)];
}

// --- echo ------------------------------------------------------------------------------------------------------------

/** A core value of a parameter: where it is, and as which type it came. */
interface Slot {
  readonly local: number;
  readonly type: Flat;
}

/** A slot as the type that it stands for: joined slots are as wide as the widest case. */
function read({ local, type }: Slot, want: Flat): number[] {
  if (type === want) return get(local);
  if (type === 'i32') return [...get(local), 0xbe];
  if (want === 'f64') return [...get(local), 0xbf];
  return [...get(local), 0xa7, ...(want === 'f32' ? [0xbe] : [])];
}

/** Writes the value in the slots to memory at local `base` + `at`. */
function store(tree: TypeTree, slots: Slot[], base: number, at: number, address: Address): number[] {
  const put = (flat: Flat, offset: number, instruction: number): number[] => [
    ...get(base),
    ...read(slots.shift()!, flat),
    ...[instruction, 0, ...u(offset)],
  ];
  const cases = casesOf(tree);
  if (cases !== null) {
    const discriminant = slots[0]!;
    const code = put('i32', at, narrowStore(discriminantBytes(cases.length)));
    const payload = slots.splice(0, flatten(tree, address).length - 1);
    const offset = at + payloadOffset(cases, address);
    for (const [i, type] of cases.entries()) {
      if (type === null) continue;
      const written = store(type, [...payload], base, offset, address);
      code.push(...read(discriminant, 'i32'), ...int(i), 0x46, 0x04, 0x40, ...written, 0x0b);
    }
    return code;
  }
  switch (tree.kind) {
    case 'record':
    case 'tuple': {
      const fields = offsets(tree.fields, address).at;
      return tree.fields.flatMap((field, i) => store(field, slots, base, at + fields[i]!, address));
    }
    case 'list':
      if (tree.length !== null) {
        const bytes = size(tree.element, address);
        return Array.from({ length: tree.length }, (_, i) =>
          store(tree.element, slots, base, at + i * bytes, address),
        ).flat();
      }
      return [...put(address, at, stores[address]), ...put(address, at + (address === 'i32' ? 4 : 8), stores[address])];
    case 'string':
    case 'map':
      return [...put(address, at, stores[address]), ...put(address, at + (address === 'i32' ? 4 : 8), stores[address])];
    case 'flags':
      return put('i32', at, narrowStore(flagBytes(tree.count)));
    case 'own':
      return put('i32', at, 0x36);
    default: {
      const [flat] = flatten(tree, address) as [Flat];
      return put(flat, at, flat === 'i32' ? narrowStore(scalarBytes[tree.kind as 'u8']) : stores[flat]);
    }
  }
}

export function echo(shapes: readonly Shape[], address: Address): number[] {
  const functions = shapes.map((shape, i): CoreFunction => {
    const type = signature(shape, address);
    const { params, results } = type;
    const result = resultOf(shape);
    const area = params.length;
    const base = { params, results, locals: [address], exportName: `f${i}` };
    const lent = shape.lends ? 1 : 0;
    const body = dropBorrow(shape, type);
    if (!type.spilledResult) return { ...base, body: [...body, ...get(lent)] };
    body.push(...allocate(result, address), ...set(area));
    if (!type.spilledParams) {
      const slots = params.map((flat, local) => ({ local, type: flat })).slice(lent);
      return { ...base, body: [...body, ...store(result, slots, area, 0, address), ...get(area)] };
    }
    const from = offsets(paramsOf(shape), address).at.slice(lent);
    const to = offsets(shape.values, address).at;
    const { value, add } = pointers[address];
    for (const [j, field] of shape.values.entries()) {
      const place = (local: number, offset: number): number[] => [...get(local), ...value(offset), add];
      body.push(...place(area, to[j]!), ...place(0, from[j]!), ...value(size(field, address)), 0xfc, 0x0a, 0, 0);
    }
    return { ...base, body: [...body, ...get(area)] };
  });
  return coreModule({ imports: imports(address), functions });
}

// --- forward ---------------------------------------------------------------------------------------------------------

export function forward(shapes: readonly Shape[], address: Address): number[] {
  const callees: CoreImport[] = shapes.map((shape, i) => {
    const { params, results, spilledResult } = signature(shape, address);
    const type = spilledResult ? { params: [...params, address], results: [] } : { params, results };
    return { module: 'in', name: `f${i}`, type };
  });
  const functions = shapes.map((shape, i): CoreFunction => {
    const type = signature(shape, address);
    const { params, results, spilledResult } = type;
    const area = params.length;
    const passed: Bytes = params.flatMap((_, local) => get(local));
    const target = call(FIRST_IMPORT + i);
    const body = spilledResult
      ? [...allocate(resultOf(shape), address), ...set(area), ...passed, ...get(area), ...target]
      : [...passed, ...target, ...set(area)];
    return {
      exportName: `f${i}`,
      params,
      results,
      locals: results,
      body: [...body, ...dropBorrow(shape, type), ...get(area)],
    };
  });
  return coreModule({ imports: [...imports(address), ...callees], functions });
}

/** The core result of a function, for its post-return. */
export const coreResult = (shape: Shape, address: Address): Flat => signature(shape, address).results[0]!;
