/**
 * In: an entity, and the type under which it is passed on. Out: the entity with those exports only that the type has,
 * so that what a type hides cannot be reached by a name (Explainer.md#type-checking: subtyping forgets exports).
 *
 * Only names are compared; that the types match is what validation has made sure of.
 */
import type { Declaration, ExternTypeAst } from '../binary/ast.ts';
import { put } from '../put.ts';
import type { Entity, ExportEntry, InstanceEntity, Scope } from './entities.ts';
import { found } from './entities.ts';
import { abstract, declareInstance } from './evaluate-types.ts';

/** The names that an instance type declares; for an instance in it, its names. */
type Names = ReadonlyMap<string, Names | null>;

/** By the declarations of the type: the names do not depend on where it is used. */
const cache = new WeakMap<readonly Declaration[], Names>();

/** `entity` as it is seen through `type`, which stands in `scope`. */
export function restrict(scope: Scope, type: ExternTypeAst, entity: Entity): Entity {
  if (type.kind !== 'instance') return entity;
  const declared = scope.type('instance-type', type.type);
  const { declarations } = declared;
  const known = cache.get(declarations);
  const names = known ?? put(cache, declarations, namesOf(declareInstance(scope, declared, [], abstract)));
  return restrictTo(entity, names);
}

function namesOf({ exports }: InstanceEntity): Names {
  const names = new Map<string, Names | null>();
  for (const [name, { entity }] of exports) names.set(name, entity.kind === 'instance' ? namesOf(entity) : null);
  return names;
}

/** What has been restricted already: one instance may be an argument of thousands of others. */
const restricted = new WeakMap<InstanceEntity, WeakMap<Names, InstanceEntity>>();

/** With no `names`, it is no instance. */
function restrictTo(entity: Entity, names: Names | null): Entity {
  if (entity.kind !== 'instance' || names === null) return entity;
  const known = restricted.get(entity) ?? put(restricted, entity, new WeakMap());
  return known.get(names) ?? put(known, names, restrictInstance(entity, names));
}

function restrictInstance(entity: InstanceEntity, names: Names): InstanceEntity {
  const exports = new Map<string, ExportEntry>();
  let same = entity.exports.size === names.size;
  for (const [name, inner] of names) {
    const entry = found(entity.exports.get(name), 'export', name);
    const narrowed = restrictTo(entry.entity, inner);
    same &&= narrowed === entry.entity;
    exports.set(name, { name: entry.name, entity: narrowed });
  }
  return same ? entity : { kind: 'instance', exports };
}
