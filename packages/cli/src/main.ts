#!/usr/bin/env node
/** Entry of the `gangway` command. */
import { main } from './index.ts';

// A reader that closes early (`gangway … | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

// Not process.exit: what has been written to a pipe must still get out.
process.exitCode = await main(process.argv.slice(2));
