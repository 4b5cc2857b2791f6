/**
 * Random component types as trees, and what the canonical ABI's arithmetic makes of them (CanonicalABI.md#alignment,
 * #element-size, #flattening), transcribed plainly. Shares nothing with the packages: it is what they are compared with.
 */
import fc from 'fast-check';

export const scalarBytes = {
  bool: 1,
  s8: 1,
  u8: 1,
  s16: 2,
  u16: 2,
  s32: 4,
  u32: 4,
  s64: 8,
  u64: 8,
  f32: 4,
  f64: 8,
  char: 4,
} as const;
export type ScalarKind = keyof typeof scalarBytes;

export type TypeTree =
  | { readonly kind: ScalarKind | 'string' | 'own' }
  | { readonly kind: 'list'; readonly element: TypeTree; readonly length: number | null }
  | { readonly kind: 'map'; readonly key: TypeTree; readonly value: TypeTree }
  | { readonly kind: 'record' | 'tuple'; readonly fields: readonly TypeTree[] }
  | { readonly kind: 'variant'; readonly cases: readonly (TypeTree | null)[] }
  | { readonly kind: 'enum' | 'flags'; readonly count: number }
  | { readonly kind: 'option'; readonly some: TypeTree }
  | { readonly kind: 'result'; readonly ok: TypeTree | null; readonly err: TypeTree | null };

const scalarKinds = Object.keys(scalarBytes) as ScalarKind[];
const keys = [...scalarKinds.filter((kind) => kind !== 'f32' && kind !== 'f64'), 'string' as const];
const leaf = fc.oneof(
  { weight: 10, arbitrary: fc.constantFrom(...scalarKinds) },
  { weight: 4, arbitrary: fc.constant('string' as const) },
  fc.constant('own' as const),
);

export const typeTrees: fc.Arbitrary<TypeTree> = fc.letrec<{ type: TypeTree }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 4 },
    leaf.map((kind) => ({ kind })),
    fc.record({
      kind: fc.constant('list' as const),
      element: tie('type'),
      length: fc.option(fc.integer({ min: 1, max: 4 }), { freq: 2 }),
    }),
    fc.record({ kind: fc.constant('record' as const), fields: fc.array(tie('type'), { minLength: 1, maxLength: 6 }) }),
    fc.record({ kind: fc.constant('tuple' as const), fields: fc.array(tie('type'), { minLength: 1, maxLength: 5 }) }),
    fc.record({
      kind: fc.constant('variant' as const),
      cases: fc.array(fc.option(tie('type')), { minLength: 1, maxLength: 5 }),
    }),
    fc.record({ kind: fc.constant('enum' as const), count: fc.constantFrom(1, 2, 3, 5, 256, 257) }),
    fc.record({ kind: fc.constant('flags' as const), count: fc.constantFrom(1, 8, 9, 16, 17, 32) }),
    fc.record({ kind: fc.constant('option' as const), some: tie('type') }),
    fc.record({ kind: fc.constant('result' as const), ok: fc.option(tie('type')), err: fc.option(tie('type')) }),
    fc.record({
      kind: fc.constant('map' as const),
      key: fc.constantFrom(...keys).map((kind) => ({ kind })),
      value: tie('type'),
    }),
  ) as fc.Arbitrary<TypeTree>,
})).type;

/** Calls `visit` with the kind of each node. */
export function eachKind(tree: TypeTree, visit: (kind: string) => void): void {
  visit(tree.kind === 'list' && tree.length !== null ? 'list of fixed length' : tree.kind);
  for (const part of parts(tree)) eachKind(part, visit);
}

function parts(tree: TypeTree): TypeTree[] {
  const given = (...types: (TypeTree | null)[]): TypeTree[] => types.filter((type) => type !== null);
  if (tree.kind === 'list') return [tree.element];
  if (tree.kind === 'map') return [tree.key, tree.value];
  if (tree.kind === 'record' || tree.kind === 'tuple') return [...tree.fields];
  if (tree.kind === 'variant') return given(...tree.cases);
  if (tree.kind === 'option') return [tree.some];
  if (tree.kind === 'result') return given(tree.ok, tree.err);
  return [];
}

/** A type in the text format, for messages. */
export function typeText(tree: TypeTree): string {
  const text = (type: TypeTree | null): string => (type === null ? '_' : typeText(type));
  switch (tree.kind) {
    case 'list':
      return `list<${text(tree.element)}${tree.length === null ? '' : `, ${tree.length}`}>`;
    case 'map':
      return `map<${text(tree.key)}, ${text(tree.value)}>`;
    case 'record':
    case 'tuple':
      return `${tree.kind}<${tree.fields.map(text).join(', ')}>`;
    case 'variant':
      return `variant<${tree.cases.map(text).join(', ')}>`;
    case 'enum':
    case 'flags':
      return `${tree.kind}<${tree.count}>`;
    case 'option':
      return `option<${text(tree.some)}>`;
    case 'result':
      return `result<${text(tree.ok)}, ${text(tree.err)}>`;
    default:
      return tree.kind;
  }
}

// --- arithmetic ------------------------------------------------------------------------------------------------------

export type Address = 'i32' | 'i64';
export type Flat = 'i32' | 'i64' | 'f32' | 'f64';

/** The payloads of what is a variant once it is despecialised. */
export function casesOf(tree: TypeTree): readonly (TypeTree | null)[] | null {
  if (tree.kind === 'variant') return tree.cases;
  if (tree.kind === 'enum') return Array.from({ length: tree.count }, () => null);
  if (tree.kind === 'option') return [null, tree.some];
  if (tree.kind === 'result') return [tree.ok, tree.err];
  return null;
}

export const pointerBytes = (address: Address): number => (address === 'i32' ? 4 : 8);
export const flagBytes = (count: number): number => (count <= 8 ? 1 : count <= 16 ? 2 : 4);
export const discriminantBytes = (count: number): number => (count <= 256 ? 1 : count <= 65_536 ? 2 : 4);
const up = (value: number, align: number): number => Math.ceil(value / align) * align;

export function alignment(tree: TypeTree, address: Address): number {
  const cases = casesOf(tree);
  if (cases !== null) {
    return Math.max(discriminantBytes(cases.length), ...cases.map((type) => (type ? alignment(type, address) : 1)));
  }
  switch (tree.kind) {
    case 'string':
    case 'map':
      return pointerBytes(address);
    case 'list':
      return tree.length === null ? pointerBytes(address) : alignment(tree.element, address);
    case 'record':
    case 'tuple':
      return Math.max(...tree.fields.map((field) => alignment(field, address)));
    case 'flags':
      return flagBytes(tree.count);
    case 'own':
      return 4;
    default:
      return scalarBytes[tree.kind as ScalarKind];
  }
}

export function size(tree: TypeTree, address: Address): number {
  const cases = casesOf(tree);
  if (cases !== null) {
    const payload = Math.max(0, ...cases.map((type) => (type ? size(type, address) : 0)));
    return up(payloadOffset(cases, address) + payload, alignment(tree, address));
  }
  switch (tree.kind) {
    case 'string':
    case 'map':
      return 2 * pointerBytes(address);
    case 'list':
      return tree.length === null ? 2 * pointerBytes(address) : tree.length * size(tree.element, address);
    case 'record':
    case 'tuple':
      return up(offsets(tree.fields, address).end, alignment(tree, address));
    case 'flags':
      return flagBytes(tree.count);
    case 'own':
      return 4;
    default:
      return scalarBytes[tree.kind as ScalarKind];
  }
}

/** Where the fields of a record stand, and where the last one ends. */
export function offsets(fields: readonly TypeTree[], address: Address): { at: number[]; end: number } {
  let end = 0;
  const at = fields.map((field) => {
    const start = up(end, alignment(field, address));
    end = start + size(field, address);
    return start;
  });
  return { at, end };
}

export function payloadOffset(cases: readonly (TypeTree | null)[], address: Address): number {
  const align = Math.max(1, ...cases.map((type) => (type ? alignment(type, address) : 1)));
  return up(discriminantBytes(cases.length), align);
}

export function flatten(tree: TypeTree, address: Address): Flat[] {
  const cases = casesOf(tree);
  if (cases !== null) {
    const joined: Flat[] = [];
    for (const type of cases) {
      for (const [i, flat] of (type === null ? [] : flatten(type, address)).entries()) {
        const before = joined[i];
        joined[i] = before === undefined ? flat : join(before, flat);
      }
    }
    return ['i32', ...joined];
  }
  switch (tree.kind) {
    case 'string':
    case 'map':
      return [address, address];
    case 'list':
      if (tree.length === null) return [address, address];
      return Array.from({ length: tree.length }, () => flatten(tree.element, address)).flat();
    case 'record':
    case 'tuple':
      return tree.fields.flatMap((field) => flatten(field, address));
    case 's64':
    case 'u64':
      return ['i64'];
    case 'f32':
    case 'f64':
      return [tree.kind];
    default:
      return ['i32'];
  }
}

function join(a: Flat, b: Flat): Flat {
  if (a === b) return a;
  return (a === 'i32' && b === 'f32') || (a === 'f32' && b === 'i32') ? 'i32' : 'i64';
}
