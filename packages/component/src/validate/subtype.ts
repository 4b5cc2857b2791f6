/**
 * Subtyping of component types (Explainer.md#type-checking). In: what is supplied and what is asked for. Out: why the
 * first is no subtype of the second, or `null`.
 *
 * {@link matchExtern} also binds: the names and abstract resources that the wanted type introduces become, in a
 * {@link Substitution}, those of what is supplied. Value types are equal when their shapes are, so a difference is looked
 * for only when there is one.
 */

import { moduleProblem } from './core-subtype.ts';
import { Substitution } from './substitution.ts';
import type { TypeStore } from './type-store.ts';
import {
  type AnyType,
  type Binder,
  type Case,
  type ComponentType,
  type Extern,
  type Field,
  type FuncType,
  type InstanceType,
  isValueType,
  type Resource,
  type ResourceType,
  typeClass,
  typeNoun,
  type ValueType,
} from './types.ts';

/** Resources that a match may bind: those of `binder`, introduced by imports (`imported`) or otherwise. */
export interface Variables {
  readonly binder: Binder;
  readonly imported: boolean;
}

export class Matching {
  readonly #store: TypeStore;
  readonly substitution: Substitution;
  readonly #variables: Variables | null;

  constructor(store: TypeStore, substitution: Substitution, variables: Variables | null) {
    this.#store = store;
    this.substitution = substitution;
    this.#variables = variables;
  }

  /** Why `given` is no subtype of `wanted`; `wanted` is taken under the substitution, which grows. */
  extern(given: Extern, wanted: Extern): string | null {
    this.#store.step();
    if (given.kind === 'type' && wanted.kind === 'type') return this.#type(given.type, wanted.type);
    if (given.kind === 'instance' && wanted.kind === 'instance') return this.exports(given.type, wanted.type);
    if (given.kind === 'func' && wanted.kind === 'func') {
      return funcProblem(given.type, this.substitution.funcType(wanted.type));
    }
    if (given.kind === 'component' && wanted.kind === 'component') {
      return componentProblem(this.#store, given.type, this.substitution.componentType(wanted.type));
    }
    if (given.kind === 'core module' && wanted.kind === 'core module') {
      this.#store.step(given.type.size + wanted.type.size);
      return moduleProblem(given.type, wanted.type);
    }
    if (given.kind === 'value' && wanted.kind === 'value') {
      return valueProblem(given.type, this.substitution.valueType(wanted.type), true);
    }
    return `expected ${externNoun(wanted.kind)}, found ${externNoun(given.kind)}`;
  }

  /** Why the instance `given` lacks something of `wanted`. */
  exports(given: InstanceType, wanted: InstanceType): string | null {
    for (const [name, extern] of wanted.exports) {
      const found = given.exports.get(name);
      if (found === undefined) return `missing expected export \`${name}\``;
      const problem = this.extern(found, extern);
      if (problem !== null) return `type mismatch in instance export \`${name}\`: ${problem}`;
    }
    return null;
  }

  #type(given: AnyType, wanted: AnyType): string | null {
    if (wanted.kind === 'resource') {
      if (given.kind !== 'resource') return `expected resource, found ${typeClass(given)}`;
      return this.#resource(given, wanted);
    }
    if (isValueType(wanted)) {
      if (!isValueType(given)) return `expected defined type, found ${typeClass(given)}`;
      const problem = valueProblem(given, this.substitution.valueType(wanted), false);
      if (problem === null && wanted.open) this.substitution.setType(wanted, given);
      return problem;
    }
    if (given.kind !== wanted.kind) return `expected ${typeClass(wanted)}, found ${typeClass(given)}`;
    return equalTypesProblem(this.#store, given, this.substitution.type(wanted));
  }

  #resource(given: ResourceType, wanted: ResourceType): string | null {
    const { substitution } = this;
    const { resource } = wanted;
    if (this.#isVariable(resource) && !substitution.hasResource(resource)) {
      substitution.setResource(resource, given.resource);
    } else if (substitution.resource(resource) !== given.resource) {
      return 'resource types are not the same';
    }
    substitution.setType(wanted, given);
    return null;
  }

  #isVariable(resource: Resource): boolean {
    const variables = this.#variables;
    return variables !== null && resource.binder === variables.binder && resource.imported === variables.imported;
  }
}

/** What the sort of an extern is called in messages. */
function externNoun(kind: Extern['kind']): string {
  return kind === 'core module' ? 'module' : kind;
}

/** Why `given` is no subtype of the instance type `wanted`, whose own resources may be any. */
export function instanceProblem(store: TypeStore, given: InstanceType, wanted: InstanceType): string | null {
  if (given === wanted) return null;
  const variables = wanted.binder === null ? null : { binder: wanted.binder, imported: false };
  return new Matching(store, new Substitution(store), variables).exports(given, wanted);
}

/**
 * Why the component type `given` is no subtype of `wanted`: it may import less and export more. The imports of `wanted` are
 * supplied to `given`, and what then comes out must have the exports of `wanted`.
 */
export function componentProblem(store: TypeStore, given: ComponentType, wanted: ComponentType): string | null {
  if (given === wanted) return null;
  const supplied = new Matching(store, new Substitution(store), { binder: given.binder, imported: true });
  for (const [name, extern] of given.imports) {
    const found = wanted.imports.get(name);
    if (found === undefined) return `missing expected import \`${name}\``;
    const problem = supplied.extern(found, extern);
    if (problem !== null) return `type mismatch in import \`${name}\`: ${problem}`;
  }
  const results = new Matching(store, new Substitution(store), { binder: wanted.binder, imported: false });
  for (const [name, extern] of wanted.exports) {
    const found = given.exports.get(name);
    if (found === undefined) return `missing expected export \`${name}\``;
    const problem = results.extern(supplied.substitution.extern(found), extern);
    if (problem !== null) return `type mismatch in export \`${name}\`: ${problem}`;
  }
  return null;
}

/** Why two types that are no value types and no resources are not equal. */
function equalTypesProblem(store: TypeStore, a: AnyType, b: AnyType): string | null {
  if (a === b) return null;
  if (a.kind === 'func' && b.kind === 'func') return funcProblem(a, b);
  if (a.kind === 'instance' && b.kind === 'instance') {
    return instanceProblem(store, a, b) ?? instanceProblem(store, b, a);
  }
  if (a.kind === 'component' && b.kind === 'component') {
    return componentProblem(store, a, b) ?? componentProblem(store, b, a);
  }
  return `expected ${typeClass(b)}, found ${typeClass(a)}`;
}

/** Why the function type `given` is not `wanted`. Function types match exactly, names of parameters included. */
export function funcProblem(given: FuncType, wanted: FuncType): string | null {
  if (given === wanted) return null;
  if (given.async !== wanted.async) {
    const noun = (type: FuncType): string => (type.async ? 'an async function' : 'a function that is not async');
    return `expected ${noun(wanted)}, found ${noun(given)}`;
  }
  if (given.params.length !== wanted.params.length) {
    return `expected ${wanted.params.length} parameters, found ${given.params.length}`;
  }
  for (const [i, param] of wanted.params.entries()) {
    const { label, type } = given.params[i] as Field;
    if (label !== param.label) return `expected parameter named \`${param.label}\`, found \`${label}\``;
    const problem = valueProblem(type, param.type, true);
    if (problem !== null) return `type mismatch in function parameter \`${label}\`: ${problem}`;
  }
  const { result } = wanted;
  if (given.result === null) return result === null ? null : 'expected no result, found one (in the type asked for)';
  if (result === null) return 'expected a result, found none (in the type asked for)';
  const problem = valueProblem(given.result, result, true);
  return problem === null ? null : `type mismatch with result type: ${problem}`;
}

/**
 * Why two value types are not equal. `nested`: they stand inside another type, where a primitive is called by its name.
 * The walk follows one path, so it ends after the depth of the type.
 */
export function valueProblem(given: ValueType, wanted: ValueType, nested: boolean): string | null {
  if (given.shape === wanted.shape) return null;
  if (given.kind === 'prim' && wanted.kind === 'prim') {
    return `expected primitive \`${wanted.prim}\` found primitive \`${given.prim}\``;
  }
  if (given.kind !== wanted.kind) {
    const expected = wanted.kind === 'prim' && !nested ? 'primitive' : typeNoun(wanted);
    return `expected ${expected}, found ${typeNoun(given)}`;
  }
  switch (wanted.kind) {
    case 'record':
      return recordProblem((given as typeof wanted).fields, wanted.fields);
    case 'variant':
      return variantProblem((given as typeof wanted).cases, wanted.cases);
    case 'tuple':
      return tupleProblem((given as typeof wanted).types, wanted.types);
    case 'flags':
    case 'enum':
      return `mismatch in ${wanted.kind} elements`;
    case 'list': {
      const found = given as typeof wanted;
      if (found.length !== wanted.length) {
        const length = (type: typeof wanted): string =>
          type.length === null ? 'no fixed length' : `length ${type.length}`;
        return `expected list of ${length(wanted)}, found ${length(found)}`;
      }
      return inside('list', valueProblem(found.element, wanted.element, true));
    }
    case 'option':
      return inside('option', valueProblem((given as typeof wanted).type, wanted.type, true));
    case 'result': {
      const found = given as typeof wanted;
      return payloadProblem(found.ok, wanted.ok, 'ok') ?? payloadProblem(found.err, wanted.err, 'err');
    }
    case 'map': {
      const found = given as typeof wanted;
      return (
        inside('map key', valueProblem(found.key, wanted.key, true)) ??
        inside('map value', valueProblem(found.value, wanted.value, true))
      );
    }
    case 'own':
    case 'borrow':
      return 'resource types are not the same';
    case 'stream':
    case 'future': {
      const found = (given as typeof wanted).element;
      if (found === null || wanted.element === null) {
        return wanted.element === null
          ? `expected ${wanted.kind} element type to not be present`
          : `expected ${wanted.kind} element type, but found none`;
      }
      return inside(`${wanted.kind} element`, valueProblem(found, wanted.element, true));
    }
    case 'prim':
      return null;
  }
}

function inside(where: string, problem: string | null): string | null {
  return problem === null ? null : `type mismatch in ${where}: ${problem}`;
}

function recordProblem(given: readonly Field[], wanted: readonly Field[]): string | null {
  if (given.length !== wanted.length) return `expected ${wanted.length} fields, found ${given.length}`;
  for (const [i, field] of wanted.entries()) {
    const { label, type } = given[i] as Field;
    if (label !== field.label) return `expected field name \`${field.label}\`, found \`${label}\``;
    const problem = inside(`record field \`${label}\``, valueProblem(type, field.type, true));
    if (problem !== null) return problem;
  }
  return null;
}

function variantProblem(given: readonly Case[], wanted: readonly Case[]): string | null {
  if (given.length !== wanted.length) return `expected ${wanted.length} cases, found ${given.length}`;
  for (const [i, item] of wanted.entries()) {
    const { label, type } = given[i] as Case;
    if (label !== item.label) return `expected case named \`${item.label}\`, found \`${label}\``;
    if (type === null || item.type === null) {
      if (type === item.type) continue;
      return item.type === null
        ? `expected case \`${label}\` to have no type, found ${typeNoun(type as ValueType)}`
        : `expected case \`${label}\` to have a type, found none`;
    }
    const problem = inside(`variant case \`${label}\``, valueProblem(type, item.type, true));
    if (problem !== null) return problem;
  }
  return null;
}

function tupleProblem(given: readonly ValueType[], wanted: readonly ValueType[]): string | null {
  if (given.length !== wanted.length) return `expected ${wanted.length} types, found ${given.length}`;
  for (const [i, type] of wanted.entries()) {
    const problem = inside(`tuple field ${i}`, valueProblem(given[i] as ValueType, type, true));
    if (problem !== null) return problem;
  }
  return null;
}

function payloadProblem(given: ValueType | null, wanted: ValueType | null, which: 'ok' | 'err'): string | null {
  if (given === null || wanted === null) {
    if (given === wanted) return null;
    return wanted === null ? `expected ${which} type to not be present` : `expected ${which} type, but found none`;
  }
  return inside(`${which} variant`, valueProblem(given, wanted, true));
}
