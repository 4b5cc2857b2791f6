/** WASI 0.2 for Gangway, on the Bytecode Alliance's preview2-shim. */
export { ExitStatus, exitStatus } from './exit-status.ts';
export { type Importing, isWasiImport, wasiImports } from './imports.ts';
export type { InputSource, OutputSink, Preopen, WasiOptions } from './options.ts';
export { type CommandOptions, type CommandResult, runCommand } from './run-command.ts';
export { type HttpServer, type ServeOptions, serve } from './serve.ts';
