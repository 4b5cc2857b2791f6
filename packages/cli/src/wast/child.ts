/**
 * The process that runs one script. In: the file and the options, as arguments. Out: messages to the parent, one when a
 * command begins and one when it has ended, so that the parent knows which one hangs or takes the process down.
 */

import { readFileSync } from 'node:fs';
import type { EngineOptions } from '@gangway/host/runtime';
import { Assembler } from './assembler.ts';
import { Components } from './components.ts';
import { Execution } from './execute.ts';
import { readScript } from './script.ts';
import type { Verdict } from './verdict.ts';

/** What the child tells: command `index` has begun, or has ended with a verdict. */
export type ChildMessage = { readonly index: number; readonly verdict?: Verdict };

function send(message: ChildMessage): Promise<void> {
  return new Promise((resolve) => {
    process.send!(message, () => resolve());
  });
}

const [file = '', way, engine = '{}'] = process.argv.slice(2);
const commands = readScript(readFileSync(file, 'utf8'));
const components = new Components(JSON.parse(engine) as EngineOptions, { aheadOfTime: way === 'ahead of time' });
const execution = new Execution(await Assembler.load(), components, { validateOnly: way === 'validate' });
for (const [index, command] of commands.entries()) {
  await send({ index });
  await send({ index, verdict: await execution.run(command) });
}
process.disconnect?.();
// a component may have left timers or promises behind
process.exit(0);
