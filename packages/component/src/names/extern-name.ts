/**
 * Import and export names (Explainer.md#import-and-export-definitions). In: the text. Out: its parts and the key by which
 * two names are strongly-unique, or what is wrong with it.
 *
 * Rejected: `parseExternName` of js-names.ts, which has to accept anything. This parser is the judge.
 */

import type { ErrorText } from '../errors.ts';
import { reason } from '../fail.ts';
import type { Features } from '../features.ts';
import { isLabel, isWords, lowerLabel } from './label.ts';
import { isCanonicalVersion, isVersion } from './semver.ts';

export type ExternNameForm =
  | { readonly kind: 'label' }
  | { readonly kind: 'constructor'; readonly resource: string }
  | { readonly kind: 'method' | 'static'; readonly resource: string; readonly label: string }
  | { readonly kind: 'interface'; readonly version: string | null };

export type ParsedExternName =
  | { readonly ok: true; readonly form: ExternNameForm; readonly key: string }
  | { readonly ok: false; readonly problem: string | ErrorText };

const annotations = ['constructor', 'method', 'static'] as const;

/** Parses an `externname`. `features` opens the gates of nested names (🪺) and canonical versions (🔗). */
export function checkExternName(name: string, features: Features): ParsedExternName {
  if (name.startsWith('[')) {
    for (const kind of annotations) {
      const prefix = `[${kind}]`;
      if (name.startsWith(prefix)) return annotated(kind, name.slice(prefix.length), name);
    }
  }
  if (name.includes(':')) return interfaceName(name, features);
  return isLabel(name) ? { ok: true, form: { kind: 'label' }, key: lowerLabel(name) } : bad(notKebab(name));
}

function annotated(kind: 'constructor' | 'method' | 'static', rest: string, name: string): ParsedExternName {
  if (kind === 'constructor') {
    if (!isLabel(rest)) return bad(notKebab(rest));
    return { ok: true, form: { kind, resource: rest }, key: lowerLabel(name) };
  }
  const dot = rest.indexOf('.');
  if (dot === -1) return bad(`failed to find \`.\` character in \`${rest}\``);
  const resource = rest.slice(0, dot);
  const label = rest.slice(dot + 1);
  if (!isLabel(resource)) return bad(notKebab(resource));
  if (!isLabel(label)) return bad(notKebab(label));
  const lowered = lowerLabel(resource);
  const field = lowerLabel(label);
  // Explainer.md#name-uniqueness, steps 1.2 and 1.3.
  return { ok: true, form: { kind, resource, label }, key: lowered === field ? field : `${lowered}.${field}` };
}

function interfaceName(name: string, features: Features): ParsedExternName {
  const nested = features['nested-names'];
  const at = name.indexOf('@');
  const path = at === -1 ? name : name.slice(0, at);
  const version = at === -1 ? null : name.slice(at + 1);
  const slash = path.indexOf('/');
  const packagePath = slash === -1 ? path : path.slice(0, slash);
  const words = packagePath.split(':');
  for (const [i, word] of words.entries()) {
    if (i === 2 && !nested) return bad('expected `/` after package name');
    if (!isWords(word)) return bad(isLabel(word) ? `\`${word}\` is not in lowercase kebab case` : notKebab(word));
  }
  if (words.length < 2) return bad('expected a namespace before `/`');
  if (slash === -1) return bad('expected `/` after package name');
  const projections = path.slice(slash + 1).split('/');
  for (const [i, projection] of projections.entries()) {
    if (i === 1 && !nested) return bad(`trailing characters found: \`/${projections.slice(1).join('/')}\``);
    if (!isLabel(projection)) return bad(notKebab(projection));
  }
  if (version !== null && !(features['canonical-interface-names'] && isCanonicalVersion(version))) {
    if (!isVersion(version)) return bad(reason('version', { version, problem: version }));
  }
  return { ok: true, form: { kind: 'interface', version }, key: lowerLabel(name) };
}

function notKebab(text: string): string {
  return `\`${text}\` is not in kebab case`;
}

function bad(problem: string | ErrorText): ParsedExternName {
  return { ok: false, problem };
}
