/**
 * Calls from forms. In: a component. Out: a form for each exported function, its results, and the console. Values are
 * written in WAVE, the text form of component values; resources are chosen among those that calls have returned.
 */
import type { Component, ResourceInfo, ValueInfo } from '@gangway/host';
import { parseValue } from '../../cli/src/wave/parse.ts';
import { printValue } from '../../cli/src/wave/print.ts';
import { html, newId } from './dom.ts';
import { answeredImports } from './page-imports.ts';
import { isWasiImport, type WasiSettings } from './page-wasi.ts';
import { type ExportedFunction, exportedFunctions, type Outcome, Session } from './session.ts';
import { count } from './structure.ts';
import { sampleText, typeText } from './value-text.ts';

export interface RunPane {
  readonly element: HTMLElement;
}

/** What a run begins with, for examples. */
export interface RunDefaults {
  readonly args?: string;
  readonly env?: string;
  readonly files?: string;
}

interface Held {
  readonly label: string;
  readonly value: object;
  readonly resource: ResourceInfo;
}

interface Parameter {
  readonly element: HTMLElement;
  /** Throws a WaveError for a text that is no value of the type. */
  read(): unknown;
  fail(message: string): void;
}

const commandName = /^wasi:cli\/run(@0\.2\.\d+)?$/;

function labelled(label: string, control: HTMLElement, hint: string | null = null): HTMLElement {
  control.id = newId('input');
  return html(
    'div',
    { class: 'field' },
    html('label', { for: control.id }, label),
    control,
    hint === null ? null : html('small', {}, hint),
  );
}

/** `changed` is called after each call; `showMemory` when the user asks for it. */
export function runPane(
  component: Component,
  defaults: RunDefaults,
  changed: (session: Session) => void,
  showMemory: () => void,
): RunPane {
  const log = html('pre', { class: 'console', role: 'log', tabindex: 0, 'aria-label': 'Console' });
  const print = (text: string, kind: string): void => {
    log.append(html('span', { class: kind }, text));
    log.scrollTop = log.scrollHeight;
  };
  const args = html('textarea', { rows: 3, spellcheck: 'false' }, defaults.args ?? '');
  const env = html('textarea', { rows: 2, spellcheck: 'false' }, defaults.env ?? '');
  const stdin = html('textarea', { rows: 2, spellcheck: 'false' });
  const files = html('textarea', { rows: 5, spellcheck: 'false' }, defaults.files ?? '');
  const answers = new Map<string, HTMLInputElement>();
  let drawing = false;
  const session = new Session(component, {
    settings: () => settingsOf(args.value, env.value, stdin.value, files.value),
    stdout: (text) => print(text, 'stdout'),
    stderr: (text) => print(text, 'stderr'),
    log: (line) => print(`${line}\n`, 'imported'),
    answer: (name) => answers.get(name)?.value,
    observed: () => {
      // An asynchronous call lets the page draw while it runs.
      if (drawing) return;
      drawing = true;
      requestAnimationFrame(() => {
        drawing = false;
        changed(session);
      });
    },
  });
  const held: Held[] = [];
  const results = html('ol', { class: 'results', 'aria-live': 'polite' });
  const functions = exportedFunctions(component);
  const written = ({ path }: ExportedFunction): string => path.join(' ');

  // --- one call --------------------------------------------------------------------------------------------------------

  function parameter(name: string, type: ValueInfo): Parameter {
    const error = html('small', { class: 'error', role: 'alert' });
    let control: HTMLInputElement | HTMLSelectElement;
    let read: () => unknown;
    if (type.kind === 'own' || type.kind === 'borrow') {
      const fitting = held.filter((one) => one.resource === type.resource);
      const select = html('select', {}, ...fitting.map((one) => html('option', {}, one.label)));
      read = () => {
        const chosen = fitting[select.selectedIndex];
        if (chosen === undefined) throw new Error('there is none yet: call a function that returns one');
        return chosen.value;
      };
      control = select;
    } else {
      const input = html('input', { type: 'text', spellcheck: 'false', autocomplete: 'off', value: sampleText(type) });
      read = () => parseValue(type, input.value);
      control = input;
    }
    const element = labelled(`${name}: ${typeText(type)}`, control);
    error.id = `${control.id}-error`;
    control.setAttribute('aria-describedby', error.id);
    element.append(error);
    return {
      element,
      read,
      fail: (message) => {
        error.textContent = message;
        control.setAttribute('aria-invalid', String(message !== ''));
        if (message !== '') control.focus();
      },
    };
  }

  const inputs = html('div');
  const signature = html('p', { class: 'signature' });
  const choice = html('select', { change: () => build() }, ...functions.map((one) => html('option', {}, written(one))));
  let parameters: Parameter[] = [];
  function build(): void {
    const chosen = functions[choice.selectedIndex];
    if (chosen === undefined) return;
    const { params, result } = chosen.type;
    const list = params.map((param) => `${param.name}: ${typeText(param.type)}`).join(', ');
    signature.textContent = `func(${list})${result === null ? '' : ` -> ${typeText(result)}`}`;
    parameters = params.map((param) => parameter(param.name, param.type));
    inputs.replaceChildren(...parameters.map(({ element }) => element));
  }

  function readArguments(): unknown[] | null {
    const values: unknown[] = [];
    for (const one of parameters) {
      try {
        values.push(one.read());
        one.fail('');
      } catch (error) {
        one.fail(error instanceof Error ? error.message : String(error));
        return null;
      }
    }
    return values;
  }

  /** A value as text. A resource is kept, so that later calls can take it. */
  function valueText(type: ValueInfo | null, value: unknown): string {
    if (type === null) return 'returned';
    if (type.kind === 'own') {
      const label = `${type.resource.name ?? 'resource'} #${held.length + 1}`;
      held.push({ label, value: value as object, resource: type.resource });
      return `${label}, kept for later calls`;
    }
    if (type.kind !== 'result') return printValue(type, value);
    return printValue(type, { tag: 'ok', val: value });
  }

  function report(func: ExportedFunction, text: string, outcome: Outcome): void {
    const item = html('li', { class: outcome.kind }, html('code', {}, text));
    const { result } = func.type;
    switch (outcome.kind) {
      case 'value':
        item.append(html('output', {}, `→ ${valueText(result, outcome.value)}`));
        break;
      case 'error': {
        const value = { tag: 'err', val: outcome.payload };
        item.append(html('output', {}, `→ ${result === null ? 'err' : printValue(result, value)}`));
        break;
      }
      case 'exit':
        item.append(html('output', {}, `→ the program ended itself with exit code ${outcome.code}`));
        break;
      case 'trap': {
        const { trap } = outcome;
        const frames = trap.componentStack.map((frame) =>
          html('li', {}, `${frame.instance}${frame.function === null ? '' : `, ${frame.function}`}`),
        );
        item.append(
          html('output', {}, `✗ ${trap.message} (${trap.code})`),
          html('p', {}, 'Component call stack, innermost first:'),
          html('ol', { class: 'stack' }, ...frames),
          html(
            'p',
            {},
            'After a trap nothing can be called any more in this store; the next call makes a new instance.',
          ),
        );
        held.length = 0;
        break;
      }
      case 'failed': {
        const { error } = outcome;
        item.append(
          html('output', {}, `✗ ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`),
        );
        break;
      }
      default:
        outcome satisfies never;
    }
    if (session.watch !== null) {
      const { after, during } = session.watch.counts;
      const changes = `${count(after, 'byte')} of the vmctx changed, ${during} more in between`;
      item.append(html('button', { type: 'button', class: 'link', click: showMemory }, changes));
    }
    results.prepend(item);
  }

  async function call(func: ExportedFunction, values: readonly unknown[], text: string): Promise<void> {
    const outcome = await session.call(func, values);
    report(func, text, outcome);
    changed(session);
    build();
  }
  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    const func = functions[choice.selectedIndex];
    const values = readArguments();
    if (func === undefined || values === null) return;
    const texts = parameters.map(
      ({ element }) => element.querySelector<HTMLInputElement>('input, select')?.value ?? '',
    );
    await call(func, values, `${written(func)}(${texts.join(', ')})`);
  }
  async function renew(): Promise<void> {
    held.length = 0;
    try {
      await session.renew();
      print('— a new instance —\n', 'note');
    } catch (error) {
      print(`${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}\n`, 'stderr');
    }
    changed(session);
    build();
  }

  // --- WASI ------------------------------------------------------------------------------------------------------------

  const command = functions.find(({ path: [name = '', func] }) => commandName.test(name) && func === 'run');
  const fileList = html('ul', { class: 'files' });
  async function run(): Promise<void> {
    if (command === undefined) return;
    log.replaceChildren();
    await renew();
    if (session.instance === null) return;
    await call(command, [], `run${args.value === '' ? '' : ` ${args.value.replaceAll('\n', ' ')}`}`);
    const changedFiles = session.files.map(([path, text]) =>
      html('li', {}, html('details', {}, html('summary', {}, path), html('pre', {}, text))),
    );
    fileList.replaceChildren(...changedFiles);
  }

  const usesWasi = component.imports.some((one) => isWasiImport(one.name));
  const wasi = html(
    'details',
    { class: 'card', open: command !== undefined },
    html('summary', {}, 'What the program is given (WASI)'),
    html(
      'p',
      { class: 'hint' },
      'WASI is how programs ask for files, arguments and the like. All of it is in this page.',
    ),
    labelled('Arguments, one a line; the first is the program’s name', args),
    labelled('Environment, NAME=value a line', env),
    labelled('Standard input', stdin),
    labelled('Files', files, 'A line “== /path” begins a file; what follows is its text.'),
    command === undefined
      ? null
      : html(
          'button',
          { type: 'button', class: 'primary', id: 'run-program', click: () => void run() },
          'Run the program',
        ),
    fileList,
  );

  const imports = answeredImports(component, isWasiImport);
  const answering = html(
    'details',
    { class: 'card', open: imports.length > 0 },
    html('summary', {}, 'What it imports, answered by this page'),
    html('p', { class: 'hint' }, 'Each call of an imported function is written to the console.'),
    ...imports.map(({ name, type }) => {
      if (type.result === null || type.result.kind === 'own') return html('p', {}, html('code', {}, name));
      const input = html('input', { type: 'text', spellcheck: 'false', value: sampleText(type.result) });
      answers.set(name, input);
      return labelled(`${name} returns ${typeText(type.result)}`, input);
    }),
  );

  const form = html(
    'form',
    { class: 'card', submit: (event) => void submit(event) },
    html('h2', {}, 'Call a function'),
    functions.length === 0 ? html('p', {}, 'This component exports no functions.') : labelled('Function', choice),
    signature,
    inputs,
    html(
      'div',
      { class: 'buttons' },
      functions.length === 0 ? null : html('button', { class: 'primary', id: 'call' }, 'Call'),
      html('button', { type: 'button', click: () => void renew() }, 'New instance'),
    ),
  );
  build();
  const element = html(
    'div',
    { class: 'run' },
    html(
      'p',
      { class: 'hint' },
      'Values are written in WAVE, the text form of component values: ',
      html('code', {}, '"text"'),
      ', ',
      html('code', {}, '[1, 2]'),
      ', ',
      html('code', {}, '{x: 1, y: 2}'),
      ', ',
      html('code', {}, 'some(3)'),
      '. The first call makes an instance.',
    ),
    html(
      'div',
      { class: 'columns' },
      html(
        'div',
        {},
        usesWasi && command !== undefined ? wasi : null,
        form,
        usesWasi && command === undefined ? wasi : null,
        imports.length > 0 ? answering : null,
      ),
      html('div', {}, html('h2', {}, 'Console'), log, html('h2', {}, 'Results, latest first'), results),
    ),
  );
  return { element };
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

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
  return { args: lines(args), env: Object.fromEntries(pairs), stdin, files: found };
}
