/**
 * Names in the binary format: import and export names with their attributes, and the `component-name` custom section.
 * In: a cursor. Out: the name as it stands; its grammar is a matter of validation.
 */

import { BinaryError } from '../errors.ts';
import type { ComponentNames, ExternName } from './ast.ts';
import { BinaryReader } from './reader.ts';
import { readSort } from './sorts.ts';

const noAttributes: ExternName['attributes'] = Object.freeze([]);

/** `nameattributes`. 0x00 and 0x01 mean the same. */
export function readExternName(reader: BinaryReader): ExternName {
  const prefix = reader.byte('a component name');
  if (prefix > 0x02) reader.badByte(prefix, 'component name');
  const offset = reader.position;
  const name = reader.name('an import or export name');
  if (prefix !== 0x02) return { name, offset, attributes: noAttributes };
  const attributes: ('implements' | 'versionsuffix' | 'external-id')[] = [];
  const found: { implements?: string; versionSuffix?: string; externalId?: string } = {};
  for (let left = reader.count('attributes'); left > 0; left--) {
    const start = reader.position;
    const kind = reader.byte('a name attribute');
    switch (kind) {
      case 0x00:
        reader.require('implements', start, '`implements`');
        found.implements = reader.name('an interface name');
        attributes.push('implements');
        break;
      case 0x01:
        reader.require('canonical-interface-names', start, '`versionsuffix`');
        found.versionSuffix = reader.name('a version suffix');
        attributes.push('versionsuffix');
        break;
      case 0x02:
        reader.require('implements', start, '`external-id`');
        found.externalId = reader.name('an external id');
        attributes.push('external-id');
        break;
      default:
        reader.badByte(kind, 'name option');
    }
  }
  return { name, offset, ...found, attributes };
}

/** What a `component-name` section says so far; later sections add to it. */
export class NameTable {
  component: string | undefined;
  readonly sorts = new Map<string, Map<number, string>>();

  toNames(): ComponentNames {
    return this.component === undefined ? { sorts: this.sorts } : { component: this.component, sorts: this.sorts };
  }
}

/** Reads a `component-name` section. An unreadable one is ignored from where it becomes unreadable: it need not be valid. */
export function readComponentNames(section: BinaryReader, into: NameTable): void {
  try {
    while (!section.atEnd()) {
      const id = section.byte('a name subsection');
      const size = section.u32('the size of a name subsection');
      if (size > section.remaining) return;
      const reader = new BinaryReader(section.bytes, section.position, section.position + size, section.features);
      section.position += size;
      if (id === 0) {
        into.component ??= reader.name('the name of the component');
      } else if (id === 1) {
        const sort = readSort(reader, 'component external kind');
        const names = into.sorts.get(sort) ?? new Map<number, string>();
        into.sorts.set(sort, names);
        for (let left = reader.count('names'); left > 0; left--) {
          const index = reader.u32('an index');
          names.set(index, reader.name('a name'));
        }
      }
    }
  } catch (error) {
    if (!(error instanceof BinaryError)) throw error;
  }
}
