/**
 * Subtyping of component types (Explainer.md#type-checking). In: what is supplied and what is asked for. Out: why the
 * first is no subtype of the second, or `null`.
 *
 * {@link Matching} also binds: the names and abstract resources that the wanted type introduces become, in a
 * {@link Substitution}, those of what is supplied. Value types are equal when their shapes are.
 */

import { reason } from '../fail.ts';
import { moduleProblem } from './core-subtype.ts';
import { matchAll, type Problem } from './problems.ts';
import { Substitution } from './substitution.ts';
import type { TypeStore } from './type-store.ts';
import {
  type AnyType,
  type Binder,
  type ComponentType,
  type Extern,
  type FuncType,
  type InstanceType,
  isValueType,
  type ResourceType,
  type ValueType,
} from './types.ts';

/** Resources that a match may bind: those of `binder`, introduced by imports (`imported`) or otherwise. */
export interface Variables {
  readonly binder: Binder | null;
  readonly imported: boolean;
}

export class Matching {
  readonly substitution: Substitution;
  readonly #variables: Variables;

  constructor(substitution: Substitution, variables: Variables) {
    this.substitution = substitution;
    this.#variables = variables;
  }

  /** Why `given` is no subtype of `wanted`; `wanted` is taken under the substitution, which grows. */
  readonly extern = (given: Extern, wanted: Extern): Problem => {
    const { store } = this.substitution;
    store.step();
    if (given.kind !== wanted.kind) return reason('sorts-differ', { wanted: wanted.kind, given: given.kind });
    if (wanted.kind === 'core module') {
      const { type } = given as typeof wanted;
      store.step(type.size + wanted.type.size);
      return moduleProblem(type, wanted.type);
    }
    const { type } = given as Exclude<Extern, { kind: 'core module' }>;
    if (wanted.kind === 'type') return this.#type(type, wanted.type);
    if (wanted.kind === 'instance') return this.exports(type as InstanceType, wanted.type);
    return typeProblem(store, type, this.substitution.type<AnyType>(wanted.type));
  };

  /** Why the instance `given` lacks something of `wanted`. */
  exports(given: InstanceType, wanted: InstanceType): Problem {
    return matchAll('instance export', given.exports, wanted.exports, this.extern);
  }

  #type(given: AnyType, wanted: AnyType): Problem {
    if (isValueType(wanted) ? !isValueType(given) : given.kind !== wanted.kind) {
      return reason('classes-differ', { wanted, given });
    }
    if (wanted.kind === 'resource') return this.#resource(given as ResourceType, wanted);
    const { substitution } = this;
    const replaced = substitution.type(wanted);
    if (!isValueType(wanted)) {
      return typeProblem(substitution.store, given, replaced) ?? typeProblem(substitution.store, replaced, given);
    }
    const problem = valueProblem(given as ValueType, replaced as ValueType, false);
    if (problem === null && wanted.open) substitution.types.set(wanted, given);
    return problem;
  }

  #resource(given: ResourceType, wanted: ResourceType): Problem {
    const { resource } = wanted;
    const { resources, types } = this.substitution;
    const { binder, imported } = this.#variables;
    if (resource.binder === binder && resource.imported === imported && !resources.has(resource)) {
      resources.set(resource, given.resource);
    } else if (this.substitution.resource(resource) !== given.resource) {
      return reason('resources-differ', {});
    }
    types.set(wanted, given);
    return null;
  }
}

/** Why `given` is no subtype of `wanted`, which is of the same class. Value types and function types have to be equal. */
function typeProblem(store: TypeStore, given: AnyType, wanted: AnyType): Problem {
  if (given === wanted) return null;
  switch (wanted.kind) {
    case 'instance':
      return instanceProblem(store, given as InstanceType, wanted);
    case 'component':
      return componentProblem(store, given as ComponentType, wanted);
    case 'func':
      return sameFunc(given as FuncType, wanted) ? null : reason('funcs-differ', { types: [given, wanted] });
    default:
      return valueProblem(given as ValueType, wanted as ValueType);
  }
}

/** A new match, without replacements. */
function matching(store: TypeStore, binder: Binder | null, imported: boolean): Matching {
  return new Matching(new Substitution(store), { binder, imported });
}

/** Why `given` is no subtype of the instance type `wanted`, whose own resources may be any. */
function instanceProblem(store: TypeStore, given: InstanceType, wanted: InstanceType): Problem {
  return matching(store, wanted.binder, false).exports(given, wanted);
}

/**
 * Why the component type `given` is no subtype of `wanted`: it may import less and export more. The imports of `wanted` are
 * supplied to `given`, and what then comes out must have the exports of `wanted`.
 */
export function componentProblem(store: TypeStore, given: ComponentType, wanted: ComponentType): Problem {
  if (given === wanted) return null;
  const supplied = matching(store, given.binder, true);
  const results = matching(store, wanted.binder, false);
  return (
    matchAll('import', wanted.imports, given.imports, supplied.extern) ??
    matchAll('export', given.exports, wanted.exports, (found, extern) =>
      results.extern(supplied.substitution.extern(found), extern),
    )
  );
}

/** Function types match exactly, names of parameters included. */
function sameFunc(given: FuncType, wanted: FuncType): boolean {
  return (
    given.async === wanted.async &&
    given.parts.length === wanted.parts.length &&
    wanted.labels.every((label, i) => given.labels[i] === label) &&
    wanted.parts.every((part, i) => given.parts[i]?.shape === part?.shape)
  );
}

/**
 * Why two value types are not equal. `nested`: they stand inside another type, where a primitive is called by its name.
 */
export function valueProblem(given: ValueType, wanted: ValueType, nested = true): Problem {
  return given.shape === wanted.shape ? null : reason('values-differ', { types: [given, wanted, nested] });
}
