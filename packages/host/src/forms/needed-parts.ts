/**
 * Which parts of the host the instances of a component need, whatever becomes of its functions. In: its plan and the modules
 * that were emitted for it. Out: names of parts. Modules that are generated ahead of time import them, so that they are
 * loaded with the component; otherwise `Component.prepare` loads them.
 */

import type { ImportSource } from '@gangway/adapter-codegen/emitted';
import type { ComponentPlan } from '@gangway/component/plan';
import type { Parts } from './parts.ts';

export type NeededPart = Extract<
  keyof Parts,
  'contextSlots' | 'coreModules' | 'fallback' | 'resources' | 'unsupported' | 'versions'
>;

interface Emitted {
  readonly adapters: readonly { readonly imports: readonly { readonly source: ImportSource }[] }[];
}

export function neededParts({ resources, runtimeImports, trampolines }: ComponentPlan, code: Emitted): NeededPart[] {
  const needed: NeededPart[] = [];
  if (trampolines.some(({ kind }) => kind.startsWith('context.'))) needed.push('contextSlots');
  if (runtimeImports.some(({ kind }) => kind === 'core-module')) needed.push('coreModules');
  if (code.adapters.some(({ imports }) => imports.some(({ source }) => source.kind === 'fallback'))) {
    needed.push('fallback');
  }
  if (resources.length > 0) needed.push('resources');
  if (trampolines.some(({ kind }) => kind === 'unsupported')) needed.push('unsupported');
  if (runtimeImports.some(({ path }) => path.some((name) => name.includes('@')))) needed.push('versions');
  return needed;
}
