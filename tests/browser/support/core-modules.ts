/** The core modules in scripts. In: scripts with binaries. Out: each module's bytes, at any depth, without duplicates. */
import { allFeatures, type ComponentAst, decode } from '@gangway/component';
import type { Form } from '../../../packages/cli/src/wast/script.ts';
import type { ConvertedScript } from './wire.ts';

export function coreModules(scripts: readonly ConvertedScript[]): Uint8Array[] {
  const found = new Map<string, Uint8Array>();
  const add = (bytes: Uint8Array): void => {
    found.set(bytes.toString(), bytes);
  };
  const visit = (bytes: Uint8Array, { definitions }: ComponentAst): void => {
    for (const definition of definitions) {
      if (definition.kind === 'component') visit(bytes, definition.component);
      if (definition.kind === 'core-module') add(bytes.slice(definition.range.start, definition.range.end));
    }
  };
  for (const { sort, source } of scripts.flatMap(formsOf)) {
    if (source.kind !== 'binary') continue;
    if (sort === 'module') add(source.bytes);
    else visit(source.bytes, decode(source.bytes, { features: allFeatures }));
  }
  return [...found.values()];
}

/** The forms that are meant to be well-formed. */
function formsOf({ commands }: ConvertedScript): Form[] {
  return commands.flatMap((command) => {
    if (command.kind === 'form') return [command.form];
    return command.kind === 'trap' && 'sort' in command.action ? [command.action] : [];
  });
}
