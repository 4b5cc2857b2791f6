/**
 * Entries of a code cache. In: a component's manifest and its emitted modules. Out: bytes, and back; and the key of a
 * component. The core modules of the component are not in the entry: whoever has the key has their bytes.
 *
 * An entry, little-endian: `gangway\0`, SHA-256 of the rest (32 bytes), u32 bytes of JSON, the JSON, then the modules in the
 * order in which the JSON counts them.
 */
import type { ComponentPlan } from '@gangway/component/plan';
import { PLAN_VERSION } from '@gangway/component/plan';
import { parsePlan, stringifyPlan } from '@gangway/component/plan-json';
import { MANIFEST_VERSION, type Manifest } from '../compile/stored-component.ts';
import { BUILD, VERSION } from '../compile/version.ts';
import type { ResolvedOptions } from '../engine.ts';
import { sha256 } from './sha256.ts';

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
const HASH_BYTES = 32;
const JSON_AT = magic.length + HASH_BYTES + 4;

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Two hashes: of the component, and of all that decides what is made of it. */
export async function entryKey(component: Uint8Array<ArrayBuffer>, options: ResolvedOptions): Promise<string> {
  const { features, pointerSize, multiMemory, codegen, tryTable } = options;
  const settings = JSON.stringify([
    [VERSION, BUILD, MANIFEST_VERSION, PLAN_VERSION],
    { pointerSize, multiMemory, codegen, tryTable },
    Object.entries(features).sort(([a], [b]) => (a < b ? -1 : 1)),
  ]);
  const [content, setting] = await Promise.all([sha256(component), sha256(new TextEncoder().encode(settings))]);
  return `${hex(content)}-${hex(setting.subarray(0, 8))}`;
}

type Places = ({ readonly start: number; readonly end: number } | { readonly bytes: number })[];

export async function writeEntry({ manifest, modules }: Entry): Promise<Uint8Array<ArrayBuffer>> {
  const { plan, ...rest } = manifest;
  const places: Places = modules.map((one) =>
    one.kind === 'core' ? { start: one.start, end: one.end } : { bytes: one.bytes.length },
  );
  const json = new TextEncoder().encode(JSON.stringify({ ...rest, plan: stringifyPlan(plan), places }));
  const emitted = modules.flatMap((one) => (one.kind === 'emitted' ? [one.bytes] : []));
  const size = emitted.reduce((sum, { length }) => sum + length, JSON_AT + json.length);
  const entry = new Uint8Array(size);
  new DataView(entry.buffer).setUint32(JSON_AT - 4, json.length, true);
  let at = JSON_AT;
  for (const part of [json, ...emitted]) {
    entry.set(part, at);
    at += part.length;
  }
  entry.set(magic);
  entry.set(await sha256(entry.subarray(magic.length + HASH_BYTES)), magic.length);
  return entry;
}

/** Null for what {@link writeEntry} of this version has not written, whatever it is. */
export async function readEntry(entry: Uint8Array<ArrayBuffer>): Promise<Entry | null> {
  if (entry.length < JSON_AT || magic.some((byte, i) => entry[i] !== byte)) return null;
  const hash = await sha256(entry.subarray(magic.length + HASH_BYTES));
  if (hash.some((byte, i) => entry[magic.length + i] !== byte)) return null;
  const end = JSON_AT + new DataView(entry.buffer, entry.byteOffset).getUint32(JSON_AT - 4, true);
  // The checksum was right: from here on it is our own text.
  const { plan, places, ...rest } = JSON.parse(new TextDecoder().decode(entry.subarray(JSON_AT, end))) as Omit<
    Manifest,
    'plan'
  > & { readonly plan: string; readonly places: Places };
  let at = end;
  const modules = places.map((place): EntryModule => {
    if ('start' in place) return { kind: 'core', ...place };
    at += place.bytes;
    return { kind: 'emitted', bytes: entry.subarray(at - place.bytes, at) };
  });
  return { manifest: { ...rest, plan: parsePlan(plan) satisfies ComponentPlan }, modules };
}
