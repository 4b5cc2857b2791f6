/**
 * Resolved types: no indices left. A type node has two identities. Structurally, two value types are equal when their
 * `shape` is the same number. Nominally, the node of a record, variant, enum, flags or resource is the "name" that an import
 * or export introduced (Explainer.md#external-visibility-of-types): exported again, it is a new node with the same shape.
 *
 * All value types have one form, a kind with labels and parts, so that a walk over types is a loop over parts:
 *
 * | kind | labels | parts |
 * |---|---|---|
 * | record | of the fields | types of the fields |
 * | variant | of the cases | types of the cases, `null` without one |
 * | flags, enum | of the flags, of the cases | |
 * | tuple; list; option | | types; element; type |
 * | result; map | | ok and err, each may be `null`; key and value |
 * | stream, future | | element, may be `null` |
 * | own, borrow | | the resource type |
 *
 * Rejected: interning all nodes. `(export "b" (type $a))` must give a type that is equal to `$a` and has another name.
 * Rejected: a form for each kind. Every walk then has an arm for each of them that says the same.
 */

import type { Layout } from '../abi/layout.ts';
import type { DefValTypeAst, PrimValType } from '../binary/ast.ts';
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

/** What follows from the parts of a type. */
interface Measures {
  /** Type constructors inside each other. */
  readonly depth: number;
  /** Whether names matter to it: it has handles or types that need a name in it. Substitution can change only such types. */
  readonly open: boolean;
}

interface Node extends Measures {
  /** Identity of the node within one validation. */
  readonly id: number;
  /** Structural identity within one validation. */
  readonly shape: number;
  readonly hasBorrow: boolean;
  /** Whether a string, a map or a list without fixed length is in it, outside of streams and futures. */
  readonly hasPointer: boolean;
}

/** A name for a resource. */
export interface ResourceType extends Node {
  readonly kind: 'resource';
  readonly resource: Resource;
}

/** A value type in the form of the table above. */
export interface ValueType extends Node {
  readonly kind: Exclude<DefValTypeAst['kind'], 'prim'> | PrimValType;
  readonly labels: readonly string[];
  readonly parts: readonly (ValueType | ResourceType | null)[];
  /** Of a list of fixed length. */
  readonly length: number | null;
  /** Layout with 32-bit pointers; {@link layout64} holds that with 64-bit ones once it is asked for. */
  readonly layout32: Layout;
  layout64: Layout | null;
}

export interface FuncType extends Measures {
  readonly kind: 'func';
  readonly async: boolean;
  /** Names of the parameters. */
  readonly labels: readonly string[];
  readonly params: readonly ValueType[];
  readonly result: ValueType | null;
  /** Parameters and result. */
  readonly parts: readonly (ValueType | null)[];
}

interface ExternsType<K, B> extends Measures {
  readonly kind: K;
  /** None, of an instance. */
  readonly imports: ReadonlyMap<string, Extern>;
  readonly exports: ReadonlyMap<string, Extern>;
  readonly binder: B;
  /** Number of imports and exports, those of nested types included. */
  readonly weight: number;
}
/** Its binder: the resources that are fresh wherever an instance type definition is used. `null` for the type of an instance. */
export type InstanceType = ExternsType<'instance', Binder | null>;
export type ComponentType = ExternsType<'component', Binder>;

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

export type Externs = ReadonlyMap<string, Extern>;

/** Whether a type of this kind needs a name of its own when a function uses it. */
export function needsName({ kind }: { readonly kind: string }): boolean {
  return kind === 'record' || kind === 'variant' || kind === 'enum' || kind === 'flags' || kind === 'resource';
}

export function isValueType(type: AnyType): type is ValueType {
  return 'layout64' in type;
}
