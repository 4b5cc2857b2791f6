/**
 * The name section: what makes the text of a module readable, and what an engine's stack traces show. In: names by index.
 * Out: a custom section. Empty subsections are left out.
 */
import { ByteWriter } from './byte-writer.ts';
import { nameIds } from './format.ts';

export interface ModuleNames
  extends Readonly<Record<Exclude<keyof typeof nameIds, 'module' | 'local'>, readonly string[]>> {
  readonly module: string;
  /** By function index: names of parameters and variables. Null for an imported function. */
  readonly local: readonly (readonly string[] | null)[];
}

/** Writes the contents of the section. */
export function writeNames(out: ByteWriter, names: ModuleNames): void {
  out.name('name');
  const part = new ByteWriter();
  const subsection = (id: number, write: () => void): void => {
    part.clear();
    write();
    out.byte(id);
    out.sized(part);
  };
  const plain = (id: number, list: readonly string[]): void => {
    if (list.length > 0) subsection(id, () => nameMap(part, list));
  };
  subsection(nameIds.module, () => part.name(names.module));
  plain(nameIds.func, names.func);
  const withLocals = names.local.flatMap((list, index) =>
    list === null || list.length === 0 ? [] : [{ index, list }],
  );
  if (withLocals.length > 0) {
    subsection(nameIds.local, () =>
      part.vec(withLocals, ({ index, list }) => {
        part.unsigned(index);
        nameMap(part, list);
      }),
    );
  }
  // Subsections stand in the order of their numbers.
  for (const kind of ['type', 'table', 'memory', 'global', 'element', 'tag'] as const)
    plain(nameIds[kind], names[kind]);
}

function nameMap(out: ByteWriter, names: readonly string[]): void {
  out.vec(names, (name, index) => {
    out.unsigned(index);
    out.name(name);
  });
}
