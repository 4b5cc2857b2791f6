/**
 * Which back end writes a module. In: its declarations and the choice. Out: a module builder. Binaryen is loaded only
 * when it is chosen: it takes hundreds of milliseconds and megabytes, the direct writer neither.
 */
import type { ModuleBuilder, ModuleSpec } from './builder.ts';
import { DirectModule } from './direct/module.ts';

/** `direct`: our own writer. `binaryen`: the reference, for looking at code and for code that is stored. `auto`: direct. */
export type Codegen = 'auto' | 'binaryen' | 'direct';

export async function createModule(spec: ModuleSpec, codegen: Codegen = 'auto'): Promise<ModuleBuilder> {
  if (codegen !== 'binaryen') return createModuleNow(spec);
  const binaryen = await import('./module.ts');
  return binaryen.createModule(spec);
}

/** The direct writer, without waiting. */
export function createModuleNow(spec: ModuleSpec): ModuleBuilder {
  return new DirectModule(spec);
}
