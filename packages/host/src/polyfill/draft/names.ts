/**
 * Names as the draft of the JS API writes them (JS-Reference.md, "Names"). In: names of a component. Out: properties.
 *
 * They differ from ours in the first fragment: the draft lowers an acronym there (`URL` is `url`, `XML-http-request` is
 * `xmlHttpRequest`). Two fields that come out the same are one property, as in the draft.
 */
import { camelCase, parseExternName, pascalCase } from '@gangway/component/names';

/** JS-Reference.md, `CamelCase`. */
export function draftCamelCase(label: string): string {
  const end = label.indexOf('-');
  return end === -1 ? label.toLowerCase() : camelCase(label.slice(0, end).toLowerCase() + label.slice(end));
}

/** JS-Reference.md, `JSName`: what an import or export that is no type is called. */
export function jsName(name: string): string {
  const parts = parseExternName(name);
  switch (parts.kind) {
    case 'interface':
      return name;
    case 'constructor':
      return draftCamelCase(parts.resource);
    default:
      return draftCamelCase(parts.label);
  }
}

/** JS-Reference.md, `JSName`: what a resource type is called. */
export function jsTypeName(name: string): string {
  return parseExternName(name).kind === 'interface' ? name : pascalCase(name);
}

/** JS-Reference.md, "reserved class members": a class has its own of that name, so the function stands beside the class. */
export const reservedMembers: ReadonlySet<string> = new Set([
  '__proto__',
  'constructor',
  'prototype',
  'arguments',
  'caller',
  'name',
  'length',
]);
