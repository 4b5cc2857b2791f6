/**
 * The name section: what makes the text of a module readable, and what an engine's stack traces show. In: names by index.
 * Out: a custom section. Empty subsections are left out.
 */
import { ByteWriter } from './byte-writer.ts';
import { nameIds } from './format.ts';

export interface ModuleNames
  extends Readonly<Record<Exclude<keyof typeof nameIds, 'module' | 'local'>, readonly string[]>> {
  readonly module: string;
  /** Names of parameters and variables, by the index of a function that has any. */
  readonly local: ReadonlyMap<number, readonly string[]>;
}

/** Writes the contents of the section. */
export function writeNames(out: ByteWriter, names: ModuleNames): void {
  out.name('name');
  const part = new ByteWriter();
  part.name(names.module);
  subsection(out, nameIds.module, part);
  const { local } = names;
  // Subsections stand in the order of their numbers.
  for (const kind of ['func', 'local', 'type', 'table', 'memory', 'global', 'element', 'tag'] as const) {
    if (kind === 'local') {
      if (local.size === 0) continue;
      part.unsigned(local.size);
      for (const [index, list] of local) {
        part.unsigned(index);
        nameMap(part, list);
      }
    } else {
      if (names[kind].length === 0) continue;
      nameMap(part, names[kind]);
    }
    subsection(out, nameIds[kind], part);
  }
}

/** Appends what `part` holds, and empties it. */
function subsection(out: ByteWriter, id: number, part: ByteWriter): void {
  out.byte(id);
  out.sized(part);
  part.clear();
}

function nameMap(out: ByteWriter, names: readonly string[]): void {
  out.unsigned(names.length);
  for (let index = 0; index < names.length; index++) {
    out.unsigned(index);
    out.name(names[index]!);
  }
}
