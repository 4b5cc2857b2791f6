/**
 * In: an entity, and the type under which it is passed on. Out: the entity with those exports only that the type has,
 * so that what a type hides cannot be reached by a name (Explainer.md#type-checking: subtyping forgets exports).
 *
 * Only names are compared; that the types match is what validation has made sure of.
 */
import type { Declaration, ExternTypeAst } from '../binary/ast.ts';
import { InternalError } from '../errors.ts';
import type { Entity, ExportEntry, InstanceEntity, Scope } from './entities.ts';
import { at } from './entities.ts';
import type { Introduce, TypeEvaluator } from './evaluate-types.ts';

/** The names that an instance type declares; for an instance in it, its names. */
type Names = ReadonlyMap<string, Names | null>;

/** By the declarations of the type: the names do not depend on where it is used. */
const cache = new WeakMap<readonly Declaration[], Names>();

/** `entity` as it is seen through `type`, which stands in `scope`. `offset` is the declaration's. */
export function restrict(
  types: TypeEvaluator,
  scope: Scope,
  type: ExternTypeAst,
  entity: Entity,
  introduce: Introduce,
  offset: number,
): Entity {
  if (type.kind !== 'instance' || entity.kind !== 'instance') return entity;
  const declared = at(scope.types, type.type, 'type');
  if (declared.kind !== 'instance-type') throw new InternalError(`type ${type.type} is no instance type`);
  let names = cache.get(declared.declarations);
  if (names === undefined) {
    names = namesOf(types.declare(scope, type, [], introduce, offset)) ?? new Map();
    cache.set(declared.declarations, names);
  }
  return restrictTo(entity, names);
}

function namesOf(entity: Entity): Names | null {
  if (entity.kind !== 'instance') return null;
  const names = new Map<string, Names | null>();
  for (const [name, entry] of entity.exports) names.set(name, namesOf(entry.entity));
  return names;
}

/** What has been restricted already: one instance may be an argument of thousands of others. */
const restricted = new WeakMap<InstanceEntity, WeakMap<Names, InstanceEntity>>();

function restrictTo(entity: Entity, names: Names): Entity {
  if (entity.kind !== 'instance') return entity;
  let known = restricted.get(entity);
  if (known === undefined) restricted.set(entity, (known = new WeakMap()));
  let made = known.get(names);
  if (made === undefined) known.set(names, (made = restrictInstance(entity, names)));
  return made;
}

function restrictInstance(entity: InstanceEntity, names: Names): InstanceEntity {
  const exports = new Map<string, ExportEntry>();
  let same = entity.exports.size === names.size;
  for (const [name, inner] of names) {
    const entry = entity.exports.get(name);
    if (entry === undefined) throw new InternalError(`an instance lacks the export "${name}" of its type`);
    const narrowed = inner === null ? entry.entity : restrictTo(entry.entity, inner);
    same &&= narrowed === entry.entity;
    exports.set(name, { name: entry.name, entity: narrowed });
  }
  return same ? entity : { kind: 'instance', exports };
}
