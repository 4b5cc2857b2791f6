/**
 * From types in the AST to resolved types. In: a type definition and the scope it stands in. Out: the type.
 * Component types and instance types are scopes of their own: validate.ts.
 */

import type { CoreValType, DefValTypeAst, LabelValType, ValTypeAst } from '../binary/ast.ts';
import { fail } from '../fail.ts';
import { isLabel, lowerLabel } from '../names/label.ts';
import { coreFunc, isSignature } from './core-types.ts';
import { MAX_FLAGS } from './limits.ts';
import type { Scope } from './scope.ts';
import { type FuncType, isValueType, type ResourceType, type ValueType } from './types.ts';

export function resolveValType(scope: Scope, type: ValTypeAst, offset: number): ValueType {
  if (typeof type === 'string') return scope.store.primitive(type);
  const resolved = scope.at('type', type, offset);
  if (!isValueType(resolved)) return fail(offset, 'not-a-type', { index: type, what: 'defined' });
  return resolved;
}

function optional(scope: Scope, type: ValTypeAst | undefined, offset: number): ValueType | null {
  return type === undefined ? null : resolveValType(scope, type, offset);
}

/** A type with labels: a field, a case or a parameter; a flag or the case of an enum is a label only. */
type Labelled = string | (Omit<LabelValType, 'type'> & { readonly type?: ValTypeAst });

/**
 * Labels and types of `items`. Labels are not empty, in kebab case, and strongly-unique. `of` is what messages.ts calls
 * the type.
 */
function resolveLabelled(
  scope: Scope,
  items: readonly Labelled[],
  of: string,
  typeOffset: number,
): { labels: string[]; parts: (ValueType | null)[] } {
  const seen = new Map<string, string>();
  const labels: string[] = [];
  const parts: (ValueType | null)[] = [];
  for (const item of items) {
    const { label, type, offset } = typeof item === 'string' ? { label: item, offset: typeOffset } : item;
    if (label === '') fail(offset, 'label-empty', { of });
    if (!isLabel(label)) fail(offset, 'label-kebab', { of, label });
    const key = lowerLabel(label);
    const previous = seen.get(key);
    if (previous !== undefined) fail(offset, 'label-conflict', { of, label, previous });
    seen.set(key, label);
    labels.push(label);
    if (typeof item !== 'string') parts.push(optional(scope, type, offset));
  }
  return { labels, parts };
}

/** Resolves a `defvaltype`. */
export function resolveDefValType(scope: Scope, type: DefValTypeAst, offset: number): ValueType {
  const { store } = scope;
  const { kind } = type;
  switch (kind) {
    case 'prim':
      return resolveValType(scope, type.prim, offset);
    case 'record':
    case 'variant':
    case 'flags':
    case 'enum': {
      const items = kind === 'record' ? type.fields : kind === 'variant' ? type.cases : type.labels;
      if (items.length === 0) fail(offset, `${kind}-empty`, {});
      if (kind === 'flags' && items.length > MAX_FLAGS) fail(offset, 'flags-many', { count: items.length });
      return store.valueType({ kind, ...resolveLabelled(scope, items, kind, offset) });
    }
    case 'tuple':
      if (type.types.length === 0) fail(offset, 'tuple-empty', {});
      return store.valueType({ kind, parts: type.types.map((inner) => resolveValType(scope, inner, offset)) });
    case 'list':
      if (type.length === 0) fail(offset, 'list-empty', {});
      return store.valueType({
        kind,
        parts: [resolveValType(scope, type.element, offset)],
        length: type.length ?? null,
      });
    case 'option':
      return store.valueType({ kind, parts: [resolveValType(scope, type.type, offset)] });
    case 'result':
      return store.valueType({ kind, parts: [optional(scope, type.ok, offset), optional(scope, type.err, offset)] });
    case 'own':
    case 'borrow':
      return store.valueType({ kind, parts: [scope.typeOfKind('resource', type.resource, offset)] });
    case 'stream':
    case 'future': {
      const element = optional(scope, type.element, offset);
      if (element?.hasBorrow) fail(offset, 'element-borrow', { kind });
      if (kind === 'stream' && element?.kind === 'char') fail(offset, 'stream-char', {});
      return store.valueType({ kind, parts: [element] });
    }
    case 'map': {
      const key = resolveValType(scope, type.key, offset);
      if (!keyTypes.has(key.kind)) fail(offset, 'map-key', { type: key.kind });
      return store.valueType({ kind, parts: [key, resolveValType(scope, type.value, offset)] });
    }
  }
}

/** Explainer.md `keytype`. */
const keyTypes: ReadonlySet<string> = new Set('bool s8 u8 s16 u16 s32 u32 s64 u64 char string'.split(' '));

/** Resolves a `functype`. */
export function resolveFuncType(
  scope: Scope,
  type: { readonly async: boolean; readonly params: readonly LabelValType[]; readonly result?: ValTypeAst },
  offset: number,
): FuncType {
  const { labels, parts } = resolveLabelled(scope, type.params, 'func', offset);
  const result = optional(scope, type.result, offset);
  if (result?.hasBorrow) fail(offset, 'result-borrow', {});
  return scope.store.funcType(type.async, labels, [...parts, result]);
}

/** Resolves a `resourcetype`; only a component may define one. */
export function resolveResourceType(
  scope: Scope,
  rep: CoreValType,
  dtor: number | undefined,
  offset: number,
): ResourceType {
  if (scope.kind !== 'component') fail(offset, 'resource-in-type', {});
  if (rep !== 'i32' && rep !== 'i64') return fail(offset, 'resource-rep', { type: rep });
  if (dtor !== undefined) {
    const found = scope.at('core func', dtor, offset);
    if (!isSignature(found.type.type, [rep], [])) {
      fail(offset, 'resource-dtor', { index: dtor, expected: coreFunc([rep], []), found });
    }
  }
  return scope.store.newResource(scope.binder, false, rep);
}
