/**
 * Runs the specification's test scripts, whose texts have been assembled before. In: the address of the commands and the
 * engine's options. Out: one result a command that should pass. State is kept from command to command as the tests want it.
 */
import type { EngineOptions } from '@gangway/host';
import type { Assembled, Assembler } from '../../../packages/cli/src/wast/assembler.ts';
import { Components } from '../../../packages/cli/src/wast/components.ts';
import { applyExceptions, type Exception } from '../../../packages/cli/src/wast/exceptions.ts';
import { Execution } from '../../../packages/cli/src/wast/execute.ts';
import type { Outcome } from '../../../packages/cli/src/wast/verdict.ts';
import type { TestResult } from '../support/shims/uvu.ts';
import { type ConvertedScript, fromWire } from '../support/wire.ts';
import { report } from './report.ts';

const query = new URL(location.href).searchParams;

await report(async () => {
  const scripts = fromWire(await (await fetch(query.get('scripts') as string)).text()) as readonly ConvertedScript[];
  const options = JSON.parse(query.get('engine') ?? '{}') as EngineOptions;
  const outcomes: Outcome[] = [];
  const exceptions = (await (await fetch('/exceptions.json')).json()) as readonly Exception[];
  for (const { file, commands } of scripts) {
    // What could not be assembled was left as text.
    const refuse = { assemble: async (): Promise<Assembled> => ({ kind: 'refused', message: 'it was refused' }) };
    const execution = new Execution(refuse as unknown as Assembler, new Components(options));
    for (const command of commands) {
      const verdict = await execution.run(command);
      const { line } = command;
      outcomes.push({ file, line, command: command.command, verdict });
    }
  }
  // A known exception is none when its command passes.
  return applyExceptions(outcomes, exceptions).map(({ file, line, command, verdict }): TestResult => {
    const name = `${file}:${line}: ${command}`;
    if (verdict.kind === 'failed') return { name, error: `expected ${verdict.expected}, got ${verdict.got}` };
    return verdict.kind === 'passed' ? { name, error: null } : { name, error: null, skipped: verdict.reason };
  });
});
