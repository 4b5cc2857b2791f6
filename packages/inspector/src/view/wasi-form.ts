/** What a WASI program is given. In: what it begins with. Out: a form, and its settings as data. */
import type { WasiSettings } from '../run/protocol.ts';
import { html } from './dom.ts';
import { labelled } from './parameter.ts';

/** What a run begins with, for examples. */
export interface RunDefaults {
  readonly args?: string;
  readonly env?: string;
  readonly files?: string;
  /** Values of parameters, by function and name: `greet#name`. */
  readonly values?: Readonly<Record<string, string>>;
}

export interface WasiForm {
  readonly fields: readonly HTMLElement[];
  readonly settings: WasiSettings;
  /** The arguments in one line. */
  readonly command: string;
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

export function wasiForm(defaults: RunDefaults): WasiForm {
  const area = (rows: number, text: string): HTMLTextAreaElement =>
    html('textarea', { rows, spellcheck: 'false' }, text);
  const args = area(3, defaults.args ?? 'program');
  const env = area(2, defaults.env ?? '');
  const stdin = area(2, '');
  const files = area(5, defaults.files ?? '');
  return {
    fields: [
      labelled('Arguments, one a line; the first is the program’s name', args),
      labelled('Environment, NAME=value a line', env),
      labelled('Standard input', stdin),
      labelled('Files', files, 'A line “== /path” begins a file; what follows is its text.'),
    ],
    get settings() {
      return settingsOf(args.value, env.value, stdin.value, files.value);
    },
    get command() {
      return args.value.trim().replaceAll('\n', ' ');
    },
  };
}

function settingsOf(args: string, env: string, stdin: string, files: string): WasiSettings {
  const found = new Map<string, string>();
  let path: string | null = null;
  for (const line of files.split('\n')) {
    if (line.startsWith('== ')) {
      path = line.slice(3).trim();
      found.set(path, '');
    } else if (path !== null) found.set(path, `${found.get(path) ?? ''}${line}\n`);
  }
  const pairs = lines(env).map((line): [string, string] => {
    const at = line.indexOf('=');
    return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
  });
  return { args: lines(args), env: Object.fromEntries(pairs), stdin, files: [...found] };
}
