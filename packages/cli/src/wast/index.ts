/** `@gangway/cli/wast`: the runner of test scripts, as a library. */
export { printOutcome } from './command.ts';
export { applyExceptions, type Exception, readExceptions } from './exceptions.ts';
export { findScripts, type RunOptions, runFiles } from './run-files.ts';
export { type Failure, type Outcome, type Summary, summarise, type Verdict } from './verdict.ts';
