/**
 * The names of imports and exports in their scope (Binary.md#import-and-export-definitions). In: a name with its attributes,
 * what it names, and the names before it. Out: nothing, or a `ValidationError`.
 */

import type { ExternName } from '../binary/ast.ts';
import { fail } from '../fail.ts';
import type { Features } from '../features.ts';
import { checkExternName, type ExternNameForm } from '../names/extern-name.ts';
import { isCanonicalVersion, isVersion } from '../names/semver.ts';
import type { NameContext } from './scope.ts';
import type { Extern, FuncType, ResourceType } from './types.ts';

export type Direction = 'import' | 'export';

/**
 * Checks `name` as the name of `extern`, and adds it to `names`. A resource under a plain name becomes one that constructors
 * and methods can refer to, unless nothing is introduced: the types of an inline instance keep the names that they have.
 */
export function nameExtern(
  names: NameContext,
  features: Features,
  kind: Direction,
  name: ExternName,
  extern: Extern,
  introduces = true,
): void {
  const { offset } = name;
  const parsed = checkExternName(name.name, features);
  if (!parsed.ok) fail(offset, 'extern-name', { kind, name: name.name, problem: parsed.problem });
  if (name.attributes.length > 0) checkAttributes(name, parsed.form, extern, features);
  const previous = names.unique.add(parsed.key, name.name);
  if (previous !== null) fail(offset, 'extern-name-conflict', { kind, name: name.name, previous });
  checkAnnotation(names, kind, name, parsed.form, extern);
  if (parsed.form.kind === 'label' && extern.kind === 'type' && extern.type.kind === 'resource') {
    names.labels.add(name.name);
    if (introduces) names.resources.set(extern.type, name.name);
  }
}

function checkAttributes(name: ExternName, form: ExternNameForm, extern: Extern, features: Features): void {
  const { offset } = name;
  for (const [i, attribute] of name.attributes.entries()) {
    if (name.attributes.indexOf(attribute) !== i) fail(offset, 'attribute-twice', { attribute, name: name.name });
  }
  if (name.implements !== undefined) {
    const value = name.implements;
    const parsed = checkExternName(value, features);
    if (!parsed.ok) fail(offset, 'implements-name', { name: name.name, value, problem: parsed.problem });
    if (parsed.form.kind !== 'interface') fail(offset, 'implements-interface', { name: name.name, value });
    if (extern.kind !== 'instance') fail(offset, 'implements-instance', { name: name.name, sort: extern.kind });
    if (form.kind === 'interface') fail(offset, 'implements-plain', { name: name.name });
  }
  if (name.versionSuffix !== undefined) {
    if (form.kind !== 'interface' || form.version === null || !isCanonicalVersion(form.version)) {
      fail(offset, 'suffix-version', { name: name.name });
    }
    const version = `${form.version}${name.versionSuffix}`;
    if (!isVersion(version)) fail(offset, 'suffix-semver', { name: name.name, version, problem: version });
  }
}

function checkAnnotation(
  names: NameContext,
  kind: Direction,
  { name, offset }: ExternName,
  form: ExternNameForm,
  extern: Extern,
): void {
  if (form.kind === 'label' || form.kind === 'interface') return;
  if (extern.kind !== 'func') fail(offset, 'annotated-func', { kind, name, sort: extern.kind });
  if (form.kind === 'static') {
    if (!names.labels.has(form.resource)) fail(offset, 'static-resource', { name });
    return;
  }
  const resource =
    form.kind === 'constructor' ? constructed(extern.type, name, offset) : receiver(extern.type, name, offset);
  const resourceName = names.resources.get(resource);
  if (resourceName === undefined) fail(offset, 'resource-unnamed', { name });
  if (resourceName !== form.resource) fail(offset, 'resource-name', { name, resource: resourceName });
}

/** The resource that a constructor returns: `(own $R)`, or `(result (own $R) …)`. */
function constructed(type: FuncType, name: string, offset: number): ResourceType {
  if (type.result === null) fail(offset, 'constructor-result', { name });
  const result = type.result.kind === 'result' ? type.result.parts[0] : type.result;
  if (result?.kind !== 'own') return fail(offset, 'constructor-own', { name });
  return result.parts[0] as ResourceType;
}

/** The resource that a method takes: its first parameter is `(param "self" (borrow $R))`. */
function receiver(type: FuncType, name: string, offset: number): ResourceType {
  const [label] = type.labels;
  const [first] = type.params;
  if (first === undefined || label === undefined) return fail(offset, 'method-params', { name });
  if (label !== 'self') fail(offset, 'method-self', { name, label });
  if (first.kind !== 'borrow') fail(offset, 'method-borrow', { name });
  return first.parts[0] as ResourceType;
}
