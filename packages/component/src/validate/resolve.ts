/**
 * From types in the AST to resolved types. In: a type definition and the scope it stands in. Out: the type.
 * Component types and instance types are scopes of their own: declarations.ts.
 */

import type { CoreValType, DefValTypeAst, LabelValType, PrimValType, ValTypeAst } from '../binary/ast.ts';
import { fail } from '../fail.ts';
import { isLabel, lowerLabel } from '../names/label.ts';
import { printCoreValType } from './core-types.ts';
import { checkCoreFunc } from './func-check.ts';
import { MAX_FLAGS } from './limits.ts';
import type { Scope } from './scope.ts';
import { primType } from './type-store.ts';
import { type Field, type FuncType, isValueType, type ResourceType, typeNoun, type ValueType } from './types.ts';

export function resolveValType(scope: Scope, type: ValTypeAst, offset: number): ValueType {
  if (typeof type === 'string') return primType(type);
  const resolved = scope.type(type, offset);
  if (!isValueType(resolved)) return fail(offset, 'not-a-type', { index: type, what: 'a defined type' });
  return resolved;
}

function optional(scope: Scope, type: ValTypeAst | undefined, offset: number): ValueType | null {
  return type === undefined ? null : resolveValType(scope, type, offset);
}

/** What labels are called: the name of the thing, and what an earlier one is called. */
const labelNouns = {
  record: { what: 'record field', noun: 'field' },
  variant: { what: 'variant case', noun: 'case' },
  flags: { what: 'flag', noun: 'flag' },
  enum: { what: 'enum tag', noun: 'tag' },
  func: { what: 'function parameter', noun: 'parameter' },
} as const;

/** Labels are not empty, in kebab case, and strongly-unique. */
class Labels {
  readonly #nouns: { readonly what: string; readonly noun: string };
  readonly #seen = new Map<string, string>();

  constructor(of: keyof typeof labelNouns) {
    this.#nouns = labelNouns[of];
  }

  add(label: string, offset: number): void {
    const { what, noun } = this.#nouns;
    if (label === '') fail(offset, 'label-empty', { what });
    if (!isLabel(label)) fail(offset, 'label-kebab', { what, label });
    const key = lowerLabel(label);
    const previous = this.#seen.get(key);
    if (previous !== undefined) fail(offset, 'label-conflict', { what, label, noun, previous });
    this.#seen.set(key, label);
  }
}

function resolveFields(scope: Scope, fields: readonly LabelValType[], of: 'record' | 'func'): Field[] {
  const labels = new Labels(of);
  return fields.map(({ label, type, offset }) => {
    labels.add(label, offset);
    return { label, type: resolveValType(scope, type, offset) };
  });
}

function resolveResource(scope: Scope, index: number, offset: number): ResourceType {
  return scope.typeOfKind('resource', index, offset);
}

/** Explainer.md `keytype`. */
const keyTypes: ReadonlySet<PrimValType> = new Set([
  'bool',
  's8',
  'u8',
  's16',
  'u16',
  's32',
  'u32',
  's64',
  'u64',
  'char',
  'string',
]);

/** Resolves a `defvaltype`. */
export function resolveDefValType(scope: Scope, type: DefValTypeAst, offset: number): ValueType {
  const { store } = scope;
  switch (type.kind) {
    case 'prim':
      return primType(type.prim);
    case 'record':
      if (type.fields.length === 0) fail(offset, 'record-empty', {});
      return store.valueType({ kind: 'record', fields: resolveFields(scope, type.fields, 'record') });
    case 'variant': {
      if (type.cases.length === 0) fail(offset, 'variant-empty', {});
      const labels = new Labels('variant');
      const cases = type.cases.map((item) => {
        labels.add(item.label, item.offset);
        return { label: item.label, type: optional(scope, item.type, item.offset) };
      });
      return store.valueType({ kind: 'variant', cases });
    }
    case 'list': {
      if (type.length === 0) fail(offset, 'list-empty', {});
      const element = resolveValType(scope, type.element, offset);
      return store.valueType({ kind: 'list', element, length: type.length ?? null });
    }
    case 'tuple':
      if (type.types.length === 0) fail(offset, 'tuple-empty', {});
      return store.valueType({ kind: 'tuple', types: type.types.map((inner) => resolveValType(scope, inner, offset)) });
    case 'flags':
      if (type.labels.length === 0) fail(offset, 'flags-empty', {});
      if (type.labels.length > MAX_FLAGS) fail(offset, 'flags-many', { count: type.labels.length });
      checkLabels(type.labels, 'flags', offset);
      return store.valueType({ kind: 'flags', labels: type.labels });
    case 'enum':
      if (type.labels.length === 0) fail(offset, 'enum-empty', {});
      checkLabels(type.labels, 'enum', offset);
      return store.valueType({ kind: 'enum', labels: type.labels });
    case 'option':
      return store.valueType({ kind: 'option', type: resolveValType(scope, type.type, offset) });
    case 'result':
      return store.valueType({
        kind: 'result',
        ok: optional(scope, type.ok, offset),
        err: optional(scope, type.err, offset),
      });
    case 'own':
    case 'borrow':
      return store.valueType({ kind: type.kind, resource: resolveResource(scope, type.resource, offset) });
    case 'stream':
    case 'future': {
      const element = optional(scope, type.element, offset);
      if (element?.hasBorrow) fail(offset, 'element-borrow', { kind: type.kind });
      if (type.kind === 'stream' && element?.kind === 'prim' && element.prim === 'char')
        fail(offset, 'stream-char', {});
      return store.valueType({ kind: type.kind, element });
    }
    case 'map': {
      const key = resolveValType(scope, type.key, offset);
      if (key.kind !== 'prim' || !keyTypes.has(key.prim)) fail(offset, 'map-key', { type: typeNoun(key) });
      return store.valueType({ kind: 'map', key, value: resolveValType(scope, type.value, offset) });
    }
  }
}

function checkLabels(labels: readonly string[], of: 'flags' | 'enum', offset: number): void {
  const seen = new Labels(of);
  for (const label of labels) seen.add(label, offset);
}

/** Resolves a `functype`. */
export function resolveFuncType(
  scope: Scope,
  type: { readonly async: boolean; readonly params: readonly LabelValType[]; readonly result?: ValTypeAst },
  offset: number,
): FuncType {
  const params = resolveFields(scope, type.params, 'func');
  const result = optional(scope, type.result, offset);
  if (result?.hasBorrow) fail(offset, 'result-borrow', {});
  return scope.store.funcType(type.async, params, result);
}

/** Resolves a `resourcetype`; only a component may define one. */
export function resolveResourceType(
  scope: Scope,
  rep: CoreValType,
  dtor: number | undefined,
  offset: number,
): ResourceType {
  if (scope.kind !== 'component') fail(offset, 'resource-in-type', {});
  if (rep !== 'i32' && rep !== 'i64') fail(offset, 'resource-rep', { type: printCoreValType(rep) });
  if (dtor !== undefined) {
    checkCoreFunc(scope.coreFunc(dtor, offset), [rep], [], (expected, found) =>
      fail(offset, 'resource-dtor', { index: dtor, expected, found }),
    );
  }
  return { kind: 'resource', resource: scope.store.newResource(scope.binder, false, rep) };
}
