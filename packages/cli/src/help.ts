/** Help texts. In: the table of commands. Out: text for people, at most 100 columns wide. */
import { type Command, commonOptions, type OptionSpec } from './command.ts';

const WIDTH = 100;

/** Breaks text at spaces; continuation lines are indented. */
function wrap(text: string, indent: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join(`\n${' '.repeat(indent)}`);
}

/** Two columns; the second one is wrapped. */
function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${wrap(right, width + 4)}`).join('\n');
}

function optionName({ name, short, value }: OptionSpec): string {
  return `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
}

/** Help for one command. Ends with a newline. */
export function commandHelp(command: Command): string {
  const usage = command.usage.map((form) => `  gangway ${command.name} ${form}`.trimEnd()).join('\n');
  const text = command.text === undefined ? '' : `\n${command.text.trim()}\n`;
  const rows = [...command.options, ...commonOptions].map(
    (option) => [optionName(option), `${option.text}${option.multiple === true ? ' (may be repeated)' : ''}`] as const,
  );
  return `gangway ${command.name}: ${command.summary}\n\nUsage:\n${usage}\n${text}\nOptions:\n${columns(rows)}\n`;
}

/** What `gangway --help` says. Ends with a newline. */
export function generalHelp(commands: readonly Command[]): string {
  const rows = commands.map((command) => [command.name, command.summary] as const);
  return `gangway runs WebAssembly components: programs and libraries compiled from any language to one
portable .wasm file whose imports and exports have rich types (strings, records, resources).

Usage: gangway COMMAND [options] FILE …

Commands:
${columns(rows)}

Examples:
  gangway run hello.wasm one two                  run a command with two arguments
  gangway run --dir data::/data hello.wasm        … that may use the directory ./data, as /data
  gangway run --invoke 'add(1, 2)' math.wasm      call one exported function
  gangway serve --addr 8080 site.wasm             answer HTTP requests with it
  gangway inspect math.wasm                       what it imports and exports
  gangway inspect --phase trampolines math.wasm   the code between it and its host, as text

Exit codes: the program's own; 134 when it traps; 1 when the file is no usable component;
2 when gangway itself was called wrongly.

'gangway COMMAND --help' says more about one command, 'gangway --version' which version this is.
`;
}
