#!/usr/bin/env node
/** Entry of the `gangway` command. */
import * as node from 'node:module';

// The process is ours, so engine code may be kept from one run to the next: `gangway run` of a small program then takes less
// than half as long. What is loaded before is not kept, hence the import below. NODE_DISABLE_COMPILE_CACHE turns it off.
node.enableCompileCache?.();
const { main } = await import('./index.ts');

// A reader that closes early (`gangway … | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

// Not process.exit: what has been written to a pipe must still get out.
process.exitCode = await main(process.argv.slice(2));
