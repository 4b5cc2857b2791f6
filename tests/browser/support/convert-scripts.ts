/** Scripts for pages. In: folders of the reference tests. Out: their commands, with every text assembled. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findScripts } from '@gangway/cli/wast';
import { Assembler } from '../../../packages/cli/src/wast/assembler.ts';
import { type Command, type Form, readScript } from '../../../packages/cli/src/wast/script.ts';
import type { ConvertedScript } from './wire.ts';

const root = fileURLToPath(new URL('../../../../shared/conformance/', import.meta.url));

/** Throws when the reference tests are not there. */
export async function convertScripts(folders: readonly string[]): Promise<ConvertedScript[]> {
  const assembler = await Assembler.load();
  async function convert(form: Form): Promise<Form> {
    if (form.source.kind === 'binary') return form;
    const assembled = await assembler.assemble(form.source.text);
    return assembled.kind === 'bytes' ? { ...form, source: { kind: 'binary', bytes: assembled.bytes } } : form;
  }
  const files = findScripts(folders.map((folder) => root + folder));
  const scripts: ConvertedScript[] = [];
  for (const file of files) {
    const commands: Command[] = [];
    for (const command of readScript(readFileSync(file, 'utf8'))) {
      if ('form' in command) commands.push({ ...command, form: await convert(command.form) });
      else if (command.kind === 'trap' && 'sort' in command.action) {
        commands.push({ ...command, action: await convert(command.action) });
      } else commands.push(command);
    }
    scripts.push({ file: file.slice(root.length), commands });
  }
  return scripts;
}
