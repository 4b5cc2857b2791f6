/**
 * Names in the binary format: import and export names with their attributes, and the `component-name` custom section.
 * In: a cursor. Out: the name as it stands; its grammar is a matter of validation.
 */

import { BinaryError } from '../errors.ts';
import type { ComponentNames, ExternName } from './ast.ts';
import { choice, gated, name } from './grammar.ts';
import { BinaryReader } from './reader.ts';
import { readSort } from './sorts.ts';

type Attribute = ExternName['attributes'][number];

const noAttributes: ExternName['attributes'] = Object.freeze([]);

/** `nameattr`: its kind, the property that its text becomes, the text. */
const attribute = choice<{ kind: Attribute; property: string; text: string }>('a name attribute', 'name option', {
  0x00: {
    kind: gated('implements', '`implements`', 'implements'),
    property: 'implements',
    text: name('an interface name'),
  },
  0x01: {
    kind: gated('canonical-interface-names', '`versionsuffix`', 'versionsuffix'),
    property: 'versionSuffix',
    text: name('a version suffix'),
  },
  0x02: {
    kind: gated('implements', '`external-id`', 'external-id'),
    property: 'externalId',
    text: name('an external id'),
  },
});

/** `nameattributes`. 0x00 and 0x01 mean the same. */
export function readExternName(reader: BinaryReader): ExternName {
  const prefix = reader.byte('a component name');
  if (prefix > 0x02) reader.badByte(prefix, 'component name');
  const offset = reader.position;
  const name = reader.name('an import or export name');
  if (prefix !== 0x02) return { name, offset, attributes: noAttributes };
  const found = reader.vec('attributes', attribute);
  return {
    name,
    offset,
    ...Object.fromEntries(found.map(({ property, text }) => [property, text])),
    attributes: found.map(({ kind }) => kind),
  };
}

/** What `component-name` sections say so far; later ones add to it. */
export class NameTable {
  component: string | undefined;
  readonly instances = new Map<number, string>();

  toNames(): ComponentNames {
    const { component, instances } = this;
    return component === undefined ? { instances } : { component, instances };
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
      } else if (id === 1 && readSort(reader, 'component external kind') === 'instance') {
        for (let left = reader.count('names'); left > 0; left--) {
          const index = reader.u32('an index');
          into.instances.set(index, reader.name('a name'));
        }
      }
    }
  } catch (error) {
    if (!(error instanceof BinaryError)) throw error;
  }
}
