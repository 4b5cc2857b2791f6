/**
 * Resolved types: no indices left. A type node has two identities. Structurally, two value types are equal when their
 * `shape` is the same number. Nominally, the node of a record, variant, enum, flags or resource is the "name" that an import
 * or export introduced (Explainer.md#external-visibility-of-types): exported again, it is a new node with the same shape.
 *
 * Rejected: interning all nodes. `(export "b" (type $a))` must give a type that is equal to `$a` and has another name.
 */

import type { Layout } from '../abi/layout.ts';
import type { PrimValType } from '../binary/ast.ts';
import type { CoreModuleType } from './core-types.ts';

/** The scope that a resource belongs to: the component, component type or instance type in which it is fresh. */
export interface Binder {
  readonly id: number;
}

/** A resource, abstract or defined. Two resource types are equal when this is the same object. */
export interface Resource {
  readonly id: number;
  readonly binder: Binder;
  /** Whether an import introduced it: whoever instantiates supplies it. Otherwise each instantiation makes a fresh one. */
  readonly imported: boolean;
  /** Set for a resource type definition: its representation, known in the defining component alone. */
  readonly rep: 'i32' | 'i64' | null;
}

/** A name for a resource. */
export interface ResourceType {
  readonly kind: 'resource';
  readonly resource: Resource;
}

interface ValueTypeBase {
  /** Identity of the node within one validation. */
  readonly id: number;
  /** Structural identity within one validation. */
  readonly shape: number;
  /** Type constructors inside each other. */
  readonly depth: number;
  /** Whether names matter to it: it has handles or types that need a name in it. Substitution can change only such types. */
  readonly open: boolean;
  readonly hasBorrow: boolean;
  readonly hasHandle: boolean;
  /** Whether a string or a list without fixed length is in it. */
  readonly hasPointer: boolean;
  /** Layout with 64-bit pointers; {@link layout32} holds that with 32-bit ones once it is asked for. */
  readonly layout64: Layout;
  layout32: Layout | null;
}

export interface Field {
  readonly label: string;
  readonly type: ValueType;
}
export interface Case {
  readonly label: string;
  readonly type: ValueType | null;
}

export type ValueType = ValueTypeBase &
  (
    | { readonly kind: 'prim'; readonly prim: PrimValType }
    | { readonly kind: 'record'; readonly fields: readonly Field[] }
    | { readonly kind: 'variant'; readonly cases: readonly Case[] }
    | { readonly kind: 'list'; readonly element: ValueType; readonly length: number | null }
    | { readonly kind: 'tuple'; readonly types: readonly ValueType[] }
    | { readonly kind: 'flags' | 'enum'; readonly labels: readonly string[] }
    | { readonly kind: 'option'; readonly type: ValueType }
    | { readonly kind: 'result'; readonly ok: ValueType | null; readonly err: ValueType | null }
    | { readonly kind: 'map'; readonly key: ValueType; readonly value: ValueType }
    | { readonly kind: 'own' | 'borrow'; readonly resource: ResourceType }
    | { readonly kind: 'stream' | 'future'; readonly element: ValueType | null }
  );

export interface FuncType {
  readonly kind: 'func';
  readonly async: boolean;
  readonly params: readonly Field[];
  readonly result: ValueType | null;
  readonly depth: number;
  readonly open: boolean;
}

export interface InstanceType {
  readonly kind: 'instance';
  readonly exports: ReadonlyMap<string, Extern>;
  /** Of an instance type definition: the resources that are fresh wherever the type is used. `null` for the type of an instance. */
  readonly binder: Binder | null;
  readonly depth: number;
  readonly weight: number;
  readonly open: boolean;
}

export interface ComponentType {
  readonly kind: 'component';
  readonly imports: ReadonlyMap<string, Extern>;
  readonly exports: ReadonlyMap<string, Extern>;
  readonly binder: Binder;
  readonly depth: number;
  readonly weight: number;
  readonly open: boolean;
}

/** What the type index space holds. */
export type AnyType = ValueType | ResourceType | FuncType | InstanceType | ComponentType;

/** The type of an import or export. */
export type Extern =
  | { readonly kind: 'func'; readonly type: FuncType }
  | { readonly kind: 'instance'; readonly type: InstanceType }
  | { readonly kind: 'component'; readonly type: ComponentType }
  | { readonly kind: 'core module'; readonly type: CoreModuleType }
  | { readonly kind: 'type'; readonly type: AnyType }
  | { readonly kind: 'value'; readonly type: ValueType };

/** Whether a type of this node's kind needs a name of its own when a function uses it. */
export function needsName(type: { readonly kind: ValueType['kind'] }): boolean {
  return type.kind === 'record' || type.kind === 'variant' || type.kind === 'enum' || type.kind === 'flags';
}

export function isValueType(type: AnyType): type is ValueType {
  return type.kind !== 'resource' && type.kind !== 'func' && type.kind !== 'instance' && type.kind !== 'component';
}

/** What a type is called in messages: `u32`, `record`, `func`. */
export function typeNoun(type: AnyType): string {
  return type.kind === 'prim' ? type.prim : type.kind;
}

/** The three kinds of types that an import of a type tells apart. */
export function typeClass(type: AnyType): string {
  if (type.kind === 'resource') return 'resource';
  return isValueType(type) ? 'defined type' : `${type.kind} type`;
}

export function externDepth(extern: Extern): number {
  switch (extern.kind) {
    case 'core module':
      return 0;
    case 'type':
      return extern.type.kind === 'resource' ? 0 : extern.type.depth;
    default:
      return extern.type.depth;
  }
}

export function externWeight(extern: Extern): number {
  switch (extern.kind) {
    case 'instance':
    case 'component':
      return extern.type.weight;
    case 'func':
      return 1 + extern.type.params.length;
    case 'core module':
      return 1 + extern.type.imports.length + extern.type.exports.size;
    case 'type':
      return extern.type.kind === 'instance' || extern.type.kind === 'component' ? extern.type.weight : 1;
    case 'value':
      return 1;
  }
}

export function externOpen(extern: Extern): boolean {
  switch (extern.kind) {
    case 'core module':
      return false;
    case 'type':
      return extern.type.kind === 'resource' || extern.type.open;
    default:
      return extern.type.open;
  }
}
