/** `@gangway/cli/wave`: WAVE (WebAssembly Value Encoding), the text form of component values. It loads nothing else of the cli. */
export { parseArguments, parseValue, splitCall } from './parse.ts';
export { printValue } from './print.ts';
export { WaveError } from './wave-error.ts';
