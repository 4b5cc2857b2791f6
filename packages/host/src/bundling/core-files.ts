/**
 * The files of a compiled component. In: a component that was compiled here, and a name. Out: its core modules and those that
 * were emitted for it, as named bytes in the order in which the manifest counts them, the manifest, and the generated code.
 *
 * `gangway compile`, the plugins and whoever writes another one share this file.
 */
import type { EmittedModule } from '@gangway/adapter-codegen/emitted';
import { coreModuleBytes } from '../compile/compile.ts';
import type { Component } from '../compile/component.ts';
import { listComponent } from '../compile/list-component.ts';
import type { Manifest } from '../compile/stored-component.ts';
import { InternalError } from '../errors.ts';
import type { PartTexts } from '../forms/forms.ts';
import { splitTexts } from '../forms/module-source.ts';

/** A core module of the component, or one that was emitted for it. */
export interface CoreFile {
  /** Without ending: `greet.component.core0`, `greet.component.trampolines`. Each once. */
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Null: the component's own. */
  readonly emitted: EmittedModule | null;
}

export interface CoreFiles {
  readonly manifest: Manifest;
  /** Lift and lower, by part of the manifest. */
  readonly texts: readonly PartTexts[];
  readonly files: readonly CoreFile[];
}

/** Emits what has not been emitted yet. Throws `TypeError` when imported components have not been linked in. */
export async function coreFiles(component: Component, name: string): Promise<CoreFiles> {
  const listed = await listComponent(component);
  const taken = new Map<string, number>();
  /** Exported components have emitted modules of the same names. */
  const unique = (stem: string): string => {
    const count = taken.get(stem) ?? 0;
    taken.set(stem, count + 1);
    return count === 0 ? `${name}.${stem}` : `${name}.${stem}.${count}`;
  };
  let cores = 0;
  const files = listed.modules.map((module): CoreFile => {
    if (module.kind === 'core') {
      const bytes = coreModuleBytes(module.component, module.index).slice();
      return { name: `${name}.core${cores++}`, bytes, emitted: null };
    }
    const { emitted } = module;
    if (emitted.bytes === undefined) throw new InternalError('an emitted module has no bytes');
    return { name: unique(emitted.name), bytes: emitted.bytes, emitted };
  });
  return { ...splitTexts(listed.manifest), files };
}
