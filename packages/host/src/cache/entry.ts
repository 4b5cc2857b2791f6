/**
 * Entries of a code cache. In: a component's manifest and its emitted modules. Out: bytes, and back; and the key of a
 * component. The core modules of the component are not in the entry: whoever has the key has their bytes.
 *
 * An entry, little-endian: `gangway\0`, u32 checksum of the rest, u32 bytes of JSON, u32 bytes of generated code, the JSON, the code,
 * then the modules in the order in which the JSON counts them, zeros up to a multiple of 4 bytes. In the JSON a generated function
 * is the number of its code units: as strings in there they took longer to read than all else.
 *
 * Rejected: SHA-256 for the checksum, as for the key. It is against damage only (code-cache.ts), and took a fifth of a hit.
 */
import { PLAN_VERSION } from '@gangway/component/plan';
import { readPlanJson, stringifyPlan } from '@gangway/component/plan-json';
import { MANIFEST_VERSION, type Manifest, type StoredPart } from '../compile/stored-component.ts';
import { BUILD, VERSION } from '../compile/version.ts';
import type { ResolvedOptions } from '../engine.ts';
import { checksum, sha256 } from './sha256.ts';

/** A core module of an entry: a part of the component's bytes, or bytes of the entry. */
export type EntryModule =
  | { readonly kind: 'core'; readonly start: number; readonly end: number }
  | { readonly kind: 'emitted'; readonly bytes: Uint8Array<ArrayBuffer> };

export interface Entry {
  readonly manifest: Manifest;
  /** In the order in which the manifest counts them. */
  readonly modules: readonly EntryModule[];
}

const magic = new TextEncoder().encode('gangway\0');
const SIZES_AT = magic.length + 4;
const JSON_AT = SIZES_AT + 8;

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Two hashes: of the component, and of all that decides what is made of it. */
export async function entryKey(component: Uint8Array<ArrayBuffer>, options: ResolvedOptions): Promise<string> {
  const { features, pointerSize, multiMemory, codegen, lowering, tryTable } = options;
  const settings = JSON.stringify([
    [VERSION, BUILD, MANIFEST_VERSION, PLAN_VERSION],
    { pointerSize, multiMemory, codegen, lowering, tryTable },
    Object.entries(features).sort(([a], [b]) => (a < b ? -1 : 1)),
  ]);
  const [content, setting] = await Promise.all([sha256(component), sha256(new TextEncoder().encode(settings))]);
  return `${hex(content)}-${hex(setting.subarray(0, 8))}`;
}

/** What the JSON says of a function: the code units of its text, or why there is none. */
type Sizes<F> = readonly (Exclude<F, string> | number)[];
type Texts = NonNullable<StoredPart['texts']>;

interface EntryJson {
  readonly manifest: Omit<Manifest, 'parts'> & { readonly parts: readonly Omit<StoredPart, 'texts'>[] };
  /** By part; null: it has none. */
  readonly sizes: readonly (null | { readonly [N in keyof Texts]: Sizes<Texts[N][number]> })[];
  readonly places: readonly ({ readonly start: number; readonly end: number } | { readonly bytes: number })[];
}

export function writeEntry({ manifest, modules }: Entry): Uint8Array<ArrayBuffer> {
  let code = '';
  const sizesOf = <F>(functions: readonly F[]): Sizes<F> =>
    functions.map((one) => {
      if (typeof one !== 'string') return one as Exclude<F, string>;
      code += one;
      return one.length;
    });
  const sizes = manifest.parts.map(
    ({ texts }) => texts && { exports: sizesOf(texts.exports), callees: sizesOf(texts.callees) },
  );
  const description: EntryJson = {
    manifest: { ...manifest, parts: manifest.parts.map(({ texts, ...part }) => part) },
    sizes: sizes.map((one) => one ?? null),
    places: modules.map((one) =>
      one.kind === 'core' ? { start: one.start, end: one.end } : { bytes: one.bytes.length },
    ),
  };
  const utf8 = new TextEncoder();
  const parts = [utf8.encode(stringifyPlan(description)), utf8.encode(code)];
  for (const one of modules) if (one.kind === 'emitted') parts.push(one.bytes);
  const size = parts.reduce((sum, { length }) => sum + length, JSON_AT);
  const entry = new Uint8Array(Math.ceil(size / 4) * 4);
  const view = new DataView(entry.buffer);
  let at = JSON_AT;
  parts.forEach((part, i) => {
    if (i < 2) view.setUint32(SIZES_AT + 4 * i, part.length, true);
    entry.set(part, at);
    at += part.length;
  });
  entry.set(magic);
  view.setUint32(magic.length, checksum(entry.subarray(SIZES_AT)), true);
  return entry;
}

/** Null for what {@link writeEntry} of this version has not written, whatever it is. */
export function readEntry(entry: Uint8Array<ArrayBuffer>): Entry | null {
  if (entry.length < JSON_AT || entry.length % 4 !== 0 || magic.some((byte, i) => entry[i] !== byte)) return null;
  const view = new DataView(entry.buffer, entry.byteOffset);
  if (view.getUint32(magic.length, true) !== checksum(entry.subarray(SIZES_AT))) return null;
  const codeAt = JSON_AT + view.getUint32(SIZES_AT, true);
  const end = codeAt + view.getUint32(SIZES_AT + 4, true);
  // The checksum was right: from here on it is our own text.
  const utf8 = new TextDecoder();
  const { manifest, sizes, places } = readPlanJson(utf8.decode(entry.subarray(JSON_AT, codeAt))) as EntryJson;
  const code = utf8.decode(entry.subarray(codeAt, end));
  let unit = 0;
  const textsOf = <F>(functions: Sizes<F>): (Exclude<F, string> | string)[] =>
    functions.map((one) => (typeof one === 'number' ? code.slice(unit, (unit += one)) : one));
  const parts = manifest.parts.map((part, i): StoredPart => {
    const own = sizes[i];
    return own == null ? part : { ...part, texts: { exports: textsOf(own.exports), callees: textsOf(own.callees) } };
  });
  let at = end;
  const modules = places.map((place): EntryModule => {
    if ('start' in place) return { kind: 'core', ...place };
    at += place.bytes;
    return { kind: 'emitted', bytes: entry.subarray(at - place.bytes, at) };
  });
  return { manifest: { ...manifest, parts }, modules };
}
