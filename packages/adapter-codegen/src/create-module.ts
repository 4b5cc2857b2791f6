/**
 * Which back end writes a module. In: the choice. Out: what makes a module builder of declarations. Binaryen is loaded only
 * when it is chosen: it takes hundreds of milliseconds and megabytes, the direct writer neither.
 */
import type { ModuleBuilder, ModuleSpec } from './builder.ts';
import { DirectModule } from './direct/module.ts';

/** `direct`: our own writer. `binaryen`: the reference, for looking at code and for code that is stored. `auto`: direct. */
export type Codegen = 'auto' | 'binaryen' | 'direct';

/** A back end: it makes a module builder of declarations. */
export type MakeModule = (spec: ModuleSpec) => ModuleBuilder;

/** The direct writer. */
export const directModule: MakeModule = (spec) => new DirectModule(spec);

/** The same back end, for engines that have no `try_table`: older ones know the form of exceptions that came before it. */
export function withLegacyExceptions(make: MakeModule): MakeModule {
  return (spec) => make({ ...spec, legacyExceptions: true });
}

/** The back end of that name, loaded. */
export async function loadMakeModule(codegen: Codegen = 'auto'): Promise<MakeModule> {
  if (codegen !== 'binaryen') return directModule;
  const { loadBinaryenModule } = await import('./binaryen/module.ts');
  return loadBinaryenModule();
}

/** A module builder of the back end of that name. */
export async function createModule(spec: ModuleSpec, codegen?: Codegen): Promise<ModuleBuilder> {
  return (await loadMakeModule(codegen))(spec);
}
