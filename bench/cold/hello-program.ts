/** What a program imports that compiles and runs commands, or binds WASI itself: one file, once it is bundled. */
export { compile, Engine } from '@gangway/host/compile';
export { runCommand, wasiImports } from '@gangway/wasi';
