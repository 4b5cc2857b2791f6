/**
 * Where in the guest a trap happened. In: the stack of an error, as V8 writes it. Out: its frames of WebAssembly, innermost
 * first, one line each: the name of the function, after that of its module, where they have names; its index, and the byte offset in
 * its module.
 *
 * Rejected: the stack as it stands. Half of it is the host's, and a C++ name and the address of a module fill a line each.
 */

import { rustName } from './rust-name.ts';

/** `    at NAME (wasm://wasm/HASH:wasm-function[INDEX]:0xOFFSET)`, the name and its parentheses absent where there is none. */
const frame = /^ *at (?:(.*) \()?wasm:\/\/\S*?wasm-function\[(\d+)\]:(0x[0-9a-f]+)\)?$/;

/** Lines at most. */
const LINES = 16;
/** Characters of a name at most: those of C++ can have thousands. */
const NAME_LENGTH = 100;

function readable(symbol: string): string {
  const name = rustName(symbol);
  return name.length > NAME_LENGTH ? `${name.slice(0, NAME_LENGTH)}…` : name;
}

/** Without line breaks at the ends; empty where the stack has no such frame. A function that calls itself stands once. */
export function guestFrames(stack: string): readonly string[] {
  const runs: { readonly index: string; readonly text: string; repeated: boolean }[] = [];
  for (const line of stack.split('\n')) {
    const [, name, index, offset] = frame.exec(line) ?? [];
    if (index === undefined) continue;
    const last = runs.at(-1);
    // The indices of two modules may be the same, their names then are not.
    if (last?.index === `${index} ${name}`) last.repeated = true;
    else {
      const place = `function ${index} at ${offset}`;
      runs.push({
        index: `${index} ${name}`,
        text: name === undefined ? place : `${readable(name)} (${place})`,
        repeated: false,
      });
    }
  }
  const lines = runs.slice(0, LINES).map(({ text, repeated }) => (repeated ? `${text}, repeated` : text));
  return runs.length > LINES ? [...lines, `${runs.length - LINES} more`] : lines;
}
