/**
 * The layouts of `AbiPlan` against a naive transcription of the arithmetic in CanonicalABI.md, which works on trees,
 * despecialises first and shares no code with what it checks.
 */
import type { AbiPlan, AddressType, FlatType } from '@gangway/component/abi';
import { abiPlans, alignTo, FLAT_LIMIT, funcAbi, joinFlat } from '@gangway/component/abi';
import type { PlanType, ResourceIndex, TypeIndex } from '@gangway/component/plan';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

// --- the naive side --------------------------------------------------------------------------------------------------

/** A type as a tree; `names` stands for so many labels. */
type Tree =
  | { readonly kind: 'scalar'; readonly scalar: keyof typeof scalarBytes }
  | { readonly kind: 'string' }
  | { readonly kind: 'list'; readonly element: Tree; readonly length: number | null }
  | { readonly kind: 'record' | 'tuple'; readonly parts: readonly Tree[] }
  | { readonly kind: 'variant'; readonly cases: readonly (Tree | null)[] }
  | { readonly kind: 'enum' | 'flags'; readonly names: number }
  | { readonly kind: 'option'; readonly some: Tree }
  | { readonly kind: 'result'; readonly ok: Tree | null; readonly err: Tree | null }
  | { readonly kind: 'map'; readonly key: Tree; readonly value: Tree }
  | { readonly kind: 'own' | 'borrow' };

const scalarBytes = {
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

const despecialized = new WeakMap<Tree, Tree>();

function despecialize(tree: Tree): Tree {
  let made = despecialized.get(tree);
  if (made === undefined) despecialized.set(tree, (made = despecializeOnce(tree)));
  return made;
}

function despecializeOnce(t: Tree): Tree {
  switch (t.kind) {
    case 'tuple':
      return { kind: 'record', parts: t.parts };
    case 'enum':
      return { kind: 'variant', cases: Array.from({ length: t.names }, () => null) };
    case 'option':
      return { kind: 'variant', cases: [null, t.some] };
    case 'result':
      return { kind: 'variant', cases: [t.ok, t.err] };
    case 'map':
      return { kind: 'list', element: { kind: 'record', parts: [t.key, t.value] }, length: null };
    default:
      return t;
  }
}

const pointer = (address: AddressType): number => (address === 'i32' ? 4 : 8);
const flagBytes = (n: number): number => (n <= 8 ? 1 : n <= 16 ? 2 : 4);
const discriminantBytes = (n: number): number => [1, 1, 2, 4, 4][Math.ceil(Math.log2(n) / 8)] as number;
const up = (value: number, align: number): number => (value % align === 0 ? value : value + align - (value % align));

function alignment(tree: Tree, a: AddressType): number {
  const t = despecialize(tree);
  switch (t.kind) {
    case 'scalar':
      return scalarBytes[t.scalar];
    case 'list':
      return t.length === null ? pointer(a) : alignment(t.element, a);
    case 'record':
      return Math.max(1, ...t.parts.map((part) => alignment(part, a)));
    case 'variant':
      return Math.max(discriminantBytes(t.cases.length), ...t.cases.map((c) => (c === null ? 1 : alignment(c, a))));
    case 'flags':
      return flagBytes(t.names);
    case 'string':
      return pointer(a);
    default:
      return 4;
  }
}

function size(tree: Tree, a: AddressType): number {
  const t = despecialize(tree);
  switch (t.kind) {
    case 'scalar':
      return scalarBytes[t.scalar];
    case 'string':
      return 2 * pointer(a);
    case 'list':
      return t.length === null ? 2 * pointer(a) : t.length * size(t.element, a);
    case 'record':
      return up(
        t.parts.reduce((s, part) => up(s, alignment(part, a)) + size(part, a), 0),
        alignment(t, a),
      );
    case 'variant':
      return up(payloadOffset(t.cases, a) + Math.max(0, ...t.cases.map((c) => (c ? size(c, a) : 0))), alignment(t, a));
    case 'flags':
      return flagBytes(t.names);
    default:
      return 4;
  }
}

function payloadOffset(cases: readonly (Tree | null)[], a: AddressType): number {
  return up(discriminantBytes(cases.length), Math.max(1, ...cases.map((c) => (c ? alignment(c, a) : 1))));
}

function flatten(tree: Tree, a: AddressType): FlatType[] {
  const t = despecialize(tree);
  switch (t.kind) {
    case 'scalar':
      if (t.scalar === 'f32' || t.scalar === 'f64') return [t.scalar];
      return [scalarBytes[t.scalar] === 8 ? 'i64' : 'i32'];
    case 'string':
      return [a, a];
    case 'list':
      if (t.length === null) return [a, a];
      return Array.from({ length: t.length }, () => flatten(t.element, a)).flat();
    case 'record':
      return t.parts.flatMap((part) => flatten(part, a));
    case 'variant': {
      const flat: FlatType[] = [];
      for (const c of t.cases) {
        (c === null ? [] : flatten(c, a)).forEach((type, i) => {
          const before = flat[i];
          flat[i] = before === undefined ? type : join(before, type);
        });
      }
      return ['i32', ...flat];
    }
    default:
      return ['i32'];
  }
}

function join(a: FlatType, b: FlatType): FlatType {
  if (a === b) return a;
  return ['i32f32', 'f32i32'].includes(a + b) ? 'i32' : 'i64';
}

/** Every bit pattern is a value, and no byte is padding. */
function bulk(tree: Tree, a: AddressType): boolean {
  switch (tree.kind) {
    case 'scalar':
      return tree.scalar !== 'bool' && tree.scalar !== 'char';
    case 'list':
      return tree.length !== null && bulk(tree.element, a);
    case 'record':
    case 'tuple':
      return (
        tree.parts.every((part) => bulk(part, a)) &&
        tree.parts.reduce((sum, part) => sum + size(part, a), 0) === size(tree, a)
      );
    default:
      return false;
  }
}

function has(tree: Tree, predicate: (tree: Tree) => boolean): boolean {
  if (predicate(tree)) return true;
  const t = despecialize(tree);
  if (t.kind === 'list') return has(t.element, predicate);
  if (t.kind === 'record') return t.parts.some((part) => has(part, predicate));
  if (t.kind === 'variant') return t.cases.some((c) => c !== null && has(c, predicate));
  return false;
}

// --- random types ----------------------------------------------------------------------------------------------------

const labels = (n: number): string[] => Array.from({ length: n }, (_, i) => `n${i}`);

/** Adds the type to the table, parts first; returns its index. */
function intern(types: PlanType[], tree: Tree): TypeIndex {
  const add = (type: PlanType): TypeIndex => (types.push(type) - 1) as TypeIndex;
  const part = (inner: Tree): TypeIndex => intern(types, inner);
  const optional = (inner: Tree | null): TypeIndex | null => (inner === null ? null : part(inner));
  switch (tree.kind) {
    case 'scalar':
      return add({ kind: tree.scalar });
    case 'string':
      return add({ kind: 'string' });
    case 'list':
      return add({ kind: 'list', element: part(tree.element), length: tree.length });
    case 'record': {
      const parts = tree.parts.map(part);
      return add({ kind: 'record', fields: parts.map((type, i) => ({ name: `f${i}`, type })) });
    }
    case 'tuple':
      return add({ kind: 'tuple', types: tree.parts.map(part) });
    case 'variant': {
      const cases = tree.cases.map(optional);
      return add({ kind: 'variant', cases: cases.map((type, i) => ({ name: `c${i}`, type })) });
    }
    case 'enum':
    case 'flags':
      return add({ kind: tree.kind, names: labels(tree.names) });
    case 'option':
      return add({ kind: 'option', type: part(tree.some) });
    case 'result':
      return add({ kind: 'result', ok: optional(tree.ok), err: optional(tree.err) });
    case 'map':
      return add({ kind: 'map', key: part(tree.key), value: part(tree.value) });
    case 'own':
    case 'borrow':
      return add({ kind: tree.kind, resource: 0 as ResourceIndex });
    default:
      return tree satisfies never;
  }
}

const { tree: trees } = fc.letrec<{ tree: Tree }>((tie) => {
  const part = tie('tree');
  const optional = fc.option(part, { nil: null });
  const scalar = fc
    .constantFrom(...(Object.keys(scalarBytes) as (keyof typeof scalarBytes)[]))
    .map((name): Tree => ({ kind: 'scalar', scalar: name }));
  return {
    tree: fc.oneof(
      { maxDepth: 4 },
      { weight: 4, arbitrary: scalar },
      { weight: 1, arbitrary: fc.constantFrom<Tree>({ kind: 'string' }, { kind: 'own' }, { kind: 'borrow' }) },
      {
        weight: 1,
        arbitrary: fc.record({ kind: fc.constant('enum' as const), names: fc.constantFrom(1, 2, 256, 257) }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ kind: fc.constant('flags' as const), names: fc.integer({ min: 1, max: 32 }) }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constant('list' as const),
          element: part,
          length: fc.option(fc.integer({ min: 1, max: 9 }), { nil: null }),
        }),
      },
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constantFrom('record' as const, 'tuple' as const),
          parts: fc.array(part, { minLength: 1, maxLength: 6 }),
        }),
      },
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant('variant' as const),
          cases: fc.array(optional, { minLength: 1, maxLength: 6 }),
        }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('option' as const), some: part }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('result' as const), ok: optional, err: optional }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('map' as const), key: part, value: part }) },
    ) as fc.Arbitrary<Tree>,
  };
});
const addresses = fc.constantFrom<AddressType>('i32', 'i64');

// --- the checks ------------------------------------------------------------------------------------------------------

function compare(plan: AbiPlan, tree: Tree, a: AddressType): void {
  assert.is(plan.size, size(tree, a), 'size');
  assert.is(plan.align, alignment(tree, a), 'align');
  assert.equal(plan.flat, flatten(tree, a).slice(0, FLAT_LIMIT), 'flat');
  assert.is(plan.bulk, bulk(tree, a), 'bulk');
  assert.is(
    plan.handles,
    has(tree, (t) => t.kind === 'own' || t.kind === 'borrow'),
    'handles',
  );
  assert.is(
    plan.borrows,
    has(tree, (t) => t.kind === 'borrow'),
    'borrows',
  );
  const pointed = (t: Tree): boolean =>
    t.kind === 'string' || t.kind === 'map' || (t.kind === 'list' && t.length === null);
  assert.is(plan.pointers, has(tree, pointed), 'pointers');
  assert.ok(Object.isFrozen(plan));
  const plainTree = despecialize(tree);
  if (plainTree.kind === 'variant') {
    assert.ok('cases' in plan);
    assert.is(plan.discriminantSize, discriminantBytes(plainTree.cases.length));
    assert.is(plan.payloadOffset, payloadOffset(plainTree.cases, a));
    plan.cases.forEach((c, i) => {
      const inner = plainTree.cases[i] ?? null;
      assert.is(c.type === null, inner === null);
      if (c.type !== null && inner !== null) compare(c.type, inner, a);
    });
  } else if (plainTree.kind === 'record') {
    assert.ok('fields' in plan);
    let offset = 0;
    plan.fields.forEach((field, i) => {
      const inner = plainTree.parts[i] as Tree;
      offset = up(offset, alignment(inner, a));
      assert.is(field.offset, offset);
      offset += size(inner, a);
      compare(field.type, inner, a);
    });
  } else if (plainTree.kind === 'list') {
    assert.ok('element' in plan && plan.element !== null);
    compare(plan.element, plainTree.element, a);
  }
}

test('plans have the sizes, alignments, offsets and flat types of the specification', () => {
  fc.assert(
    fc.property(trees, addresses, (tree, address) => {
      const types: PlanType[] = [];
      const index = intern(types, tree);
      const plans = abiPlans(types, address);
      const plan = plans[index] as AbiPlan;
      assert.is(plan.type, index);
      compare(plan, tree, address);
      assert.is(abiPlans(types, address), plans, 'made once');
    }),
    { numRuns: 2000 },
  );
});

test('core signatures of lift and lower, sync and async', () => {
  fc.assert(
    fc.property(
      fc.array(trees, { maxLength: 6 }),
      fc.option(trees, { nil: null }),
      addresses,
      fc.boolean(),
      fc.boolean(),
      (params, result, address, isAsync, hasCallback) => {
        const types: PlanType[] = [];
        const indices = params.map((tree) => intern(types, tree));
        const resultIndex = result === null ? null : intern(types, result);
        const type = {
          async: isAsync,
          params: indices.map((index, i) => ({ name: `p${i}`, type: index })),
          result: resultIndex,
        };
        const options = { address, async: isAsync, callback: hasCallback ? 0 : null };
        const flatParams = params.flatMap((tree) => flatten(tree, address));
        const flatResults = result === null ? [] : flatten(result, address);

        const lift = funcAbi({ types, funcTypes: [] }, type, options, 'lift');
        assert.equal(lift.flatParams, flatParams.length > 16 ? [address] : flatParams);
        if (isAsync) assert.equal(lift.flatResults, hasCallback ? ['i32'] : []);
        else assert.equal(lift.flatResults, flatResults.length > 1 ? [address] : flatResults);

        const lower = funcAbi({ types, funcTypes: [] }, type, options, 'lower');
        const spilled = flatParams.length > (isAsync ? 4 : 16);
        const wanted: FlatType[] = spilled ? [address] : [...flatParams];
        const spilledResult = flatResults.length > (isAsync ? 0 : 1);
        if (spilledResult) wanted.push(address);
        assert.equal(lower.flatParams, wanted);
        assert.equal(lower.flatResults, isAsync ? ['i32'] : spilledResult ? [] : flatResults);
        assert.is(lower.spilledParams !== null, spilled);
        assert.is(lower.spilledResult, spilledResult);
        if (lower.spilledParams !== null) {
          compare(lower.spilledParams, { kind: 'tuple', parts: params }, address);
        }
      },
    ),
    { numRuns: 1000 },
  );
});

test('a list that is longer than any memory stays arithmetic', () => {
  const types: PlanType[] = [{ kind: 'u64' }, { kind: 'list', element: 0 as TypeIndex, length: 0xffff_ffff }];
  const plan = abiPlans(types, 'i32')[1] as AbiPlan;
  assert.is(plan.size, 8 * 0xffff_ffff);
  assert.is(plan.flat.length, FLAT_LIMIT);
});

test('a table that grows keeps the plans it had', () => {
  const types: PlanType[] = [{ kind: 'u8' }];
  const [first] = abiPlans(types, 'i32');
  types.push({ kind: 'list', element: 0 as TypeIndex, length: null });
  const grown = abiPlans(types, 'i32');
  assert.is(grown.length, 2);
  assert.is(grown[0], first);
  assert.is(grown[1]?.kind, 'list');
  assert.is(abiPlans(types, 'i32'), grown);
});

test('discriminants of many cases', () => {
  for (const names of [1, 255, 256, 257, 65535, 65536, 65537]) {
    const types: PlanType[] = [];
    const tree: Tree = { kind: 'enum', names };
    const index = intern(types, tree);
    compare(abiPlans(types, 'i32')[index] as AbiPlan, tree, 'i32');
  }
});

test('join and align', () => {
  assert.is(joinFlat('i32', 'f32'), 'i32');
  assert.is(joinFlat('f32', 'i32'), 'i32');
  assert.is(joinFlat('f32', 'f64'), 'i64');
  assert.is(joinFlat('i64', 'f32'), 'i64');
  assert.is(joinFlat('f64', 'f64'), 'f64');
  assert.is(alignTo(0, 8), 0);
  assert.is(alignTo(9, 8), 16);
  assert.is(alignTo(16, 8), 16);
});

test.run();
