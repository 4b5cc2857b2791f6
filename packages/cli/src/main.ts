#!/usr/bin/env node
/** Entry of the `gangway` command. */

// The process is ours, so engine code may be kept from one run to the next: what is loaded then is loaded in half the time. What is
// loaded before is not kept, hence the import below. NODE_DISABLE_COMPILE_CACHE turns it off.
process.getBuiltinModule('node:module').enableCompileCache?.();
const { main, processIo } = await import('./program.ts');

// Of a trap the guest's own frames are shown; ten, the engine's default, are often those of a panic handler alone.
Error.stackTraceLimit = 32;

// What is made of components is kept likewise, by what has been built: sources may change at any time.
const keepsCode = !import.meta.url.endsWith('.ts');

// Not process.exit: what a program has written to a terminal must still get out.
process.exitCode = await main(process.argv.slice(2), { ...processIo, keepsCode });
