/**
 * In: a type of a plan. Out: its text in the syntax of WIT. Scalars and the types that WIT writes in place (lists, options,
 * …) are written out; records, variants, enums, flags and resources by what the caller calls them.
 */
import type { CoreExternType, CoreFuncType, CoreValType } from '../binary/ast.ts';
import type { ComponentPlan, PlanFuncType, PlanType, ResourceIndex, TypeIndex } from '../plan.ts';

/** How the caller names types. Null: the type has no name and is written out. */
export interface TypeNames {
  type(index: TypeIndex): string | null;
  resource(index: ResourceIndex): string;
}

/** The text of the type at `index`. */
export function typeText(plan: Pick<ComponentPlan, 'types'>, index: TypeIndex, names: TypeNames): string {
  return names.type(index) ?? definitionText(plan, plan.types[index] as PlanType, names);
}

/** The text of a type that has no name, or of what a name stands for. */
export function definitionText(plan: Pick<ComponentPlan, 'types'>, type: PlanType, names: TypeNames): string {
  const text = (index: TypeIndex): string => typeText(plan, index, names);
  const optional = (index: TypeIndex | null): string => (index === null ? '_' : text(index));
  switch (type.kind) {
    case 'list':
      return type.length === null ? `list<${text(type.element)}>` : `list<${text(type.element)}, ${type.length}>`;
    case 'record':
    case 'variant':
    case 'enum':
    case 'flags':
      return `${type.kind} { ${memberTexts(plan, type, names).join(', ')} }`;
    case 'tuple':
      return `tuple<${type.types.map(text).join(', ')}>`;
    case 'option':
      return `option<${text(type.type)}>`;
    case 'result':
      if (type.err !== null) return `result<${optional(type.ok)}, ${text(type.err)}>`;
      return type.ok === null ? 'result' : `result<${text(type.ok)}>`;
    case 'map':
      return `map<${text(type.key)}, ${text(type.value)}>`;
    case 'own':
      return names.resource(type.resource);
    case 'borrow':
      return `borrow<${names.resource(type.resource)}>`;
    case 'stream':
    case 'future':
      return type.element === null ? type.kind : `${type.kind}<${text(type.element)}>`;
    default:
      return type.kind;
  }
}

/** The fields, cases or labels of a type that has a name in WIT. */
export function memberTexts(
  plan: Pick<ComponentPlan, 'types'>,
  type: PlanType & { readonly kind: 'record' | 'variant' | 'enum' | 'flags' },
  names: TypeNames,
): string[] {
  const text = (index: TypeIndex): string => typeText(plan, index, names);
  switch (type.kind) {
    case 'record':
      return type.fields.map((field) => `${escapeId(field.name)}: ${text(field.type)}`);
    case 'variant':
      return type.cases.map((item) => `${escapeId(item.name)}${item.type === null ? '' : `(${text(item.type)})`}`);
    case 'enum':
    case 'flags':
      return type.names.map(escapeId);
    default:
      return type satisfies never;
  }
}

/** `func(a: u32) -> string`; `self` leaves out the first parameter. */
export function funcText(
  plan: Pick<ComponentPlan, 'types'>,
  type: PlanFuncType,
  names: TypeNames,
  self: 'self' | null = null,
): string {
  return `${type.async ? 'async ' : ''}func${signatureText(plan, type, names, self)}`;
}

/** `(a: u32) -> string` */
export function signatureText(
  plan: Pick<ComponentPlan, 'types'>,
  type: PlanFuncType,
  names: TypeNames,
  self: 'self' | null = null,
): string {
  const params = self === null ? type.params : type.params.slice(1);
  const list = params.map((param) => `${escapeId(param.name)}: ${typeText(plan, param.type, names)}`).join(', ');
  return `(${list})${type.result === null ? '' : ` -> ${typeText(plan, type.result, names)}`}`;
}

const keywords: ReadonlySet<string> = new Set(
  (
    'as async bool borrow char constructor enum export f32 f64 flags from func future import include interface list map ' +
    'option own package record resource result s16 s32 s64 s8 static stream string tuple type u16 u32 u64 u8 use variant ' +
    'with world error-context'
  ).split(' '),
);

/** WIT.md#identifiers: keywords are escaped by a `%`. */
export function escapeId(name: string): string {
  return keywords.has(name) ? `%${name}` : name;
}

// --- core types ------------------------------------------------------------------------------------------------------

export function coreValText(type: CoreValType): string {
  if (typeof type === 'string') return type;
  return `(ref ${type.nullable ? 'null ' : ''}${type.heap})`;
}

/** `func(i32 i32) -> i32`, `memory 1 2`, … */
export function coreExternText(type: CoreExternType<CoreFuncType>): string {
  switch (type.kind) {
    case 'func':
    case 'tag': {
      const params = type.type.params.map(coreValText).join(' ');
      const results = type.type.results.map(coreValText).join(' ');
      return `${type.kind}(${params})${results === '' ? '' : ` -> ${results}`}`;
    }
    case 'memory':
    case 'table': {
      const { address, min, max, shared } = type.limits;
      const limits = `${address === 'i64' ? 'i64 ' : ''}${min}${max === undefined ? '' : ` ${max}`}`;
      const element = type.kind === 'table' ? ` ${coreValText(type.element)}` : '';
      return `${type.kind} ${limits}${shared ? ' shared' : ''}${element}`;
    }
    case 'global':
      return `global ${type.mutable ? `(mut ${coreValText(type.type)})` : coreValText(type.type)}`;
    default:
      return type satisfies never;
  }
}
