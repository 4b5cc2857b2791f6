/**
 * Calls from forms. In: a component, and the worker that runs it. Out: a form for each exported function, what calls came
 * to, and the console. Values are written in WAVE, the text form of component values; resources are chosen among those
 * that calls have returned.
 */
import type { Block } from '../model/blocks.ts';
import { countChanges } from '../model/context-watch.ts';
import type { LinkAdapter } from '../model/emitted.ts';
import type { Links } from '../model/links.ts';
import { type ExportedFunction, exportedFunctions, resourceOrder } from '../run/exported.ts';
import { type AnsweredImport, answeredImports } from '../run/page-imports.ts';
import type { Argument, Held, Outcome, Part, Progress, RunSettings } from '../run/protocol.ts';
import { type FinalReport, Runner } from '../run/runner.ts';
import { sampleText, typeText } from '../run/value-text.ts';
import { makeConsole } from './console.ts';
import type { Go } from './details.ts';
import { html, newId } from './dom.ts';
import { labelled, type Parameter, parameter } from './parameter.ts';
import { makeResults } from './results.ts';
import { type RunDefaults, wasiForm } from './wasi-form.ts';

export interface RunPane {
  readonly element: HTMLElement;
  /** Chooses a function: its names joined by `#`. */
  select(func: string | null): void;
  /** Ends what runs; the pane will not be shown again. */
  close(): void;
}

export interface RunOptions {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly parts: readonly Part[];
  readonly defaults: RunDefaults;
  /** Whether an import is supplied by a part or by WASI. */
  readonly supplied: (name: string) => boolean;
  readonly wasi: (name: string) => boolean;
  /** The bytes as they are now; empty: there is no instance. */
  readonly changed: (blocks: readonly Block[], running: boolean) => void;
  /** There is an instance, connected to others in this way. */
  readonly linked: (links: readonly LinkAdapter[]) => void;
}

const commandName = /^wasi:cli\/run(@0\.2\.\d+)?$/;
/** Milliseconds between two looks at the clock while something runs. */
const TICK = 200;

/** Milliseconds between two drawings of what a running call does. */
const DRAW = 100;

/** Milliseconds to wait at each call that leaves the component. */
const pauses: readonly (readonly [string, number])[] = [
  ['full speed', 0],
  ['slowly: 0.1 s at each call out', 100],
  ['very slowly: 1 s at each call out', 1000],
];

export function runPane(links: Links, options: RunOptions, go: Go): RunPane {
  const { component } = links;
  const { defaults } = options;
  const out = makeConsole();
  const results = makeResults(links, go);
  const given = wasiForm(defaults);
  const functions = exportedFunctions(component);
  const order = resourceOrder(component);
  const written = ({ path }: ExportedFunction): string => path.join(' ');
  let held: readonly Held[] = [];
  let blocks: readonly Block[] = [];

  // A worker may say more than a page can draw: what has come is drawn a few times a second.
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let moved = false;
  function draw(): void {
    clearTimeout(waiting);
    waiting = undefined;
    out.flush();
    if (moved) options.changed(blocks, runner.busy);
    moved = false;
  }
  function soon(): void {
    waiting ??= setTimeout(draw, DRAW);
  }
  const runner = new Runner(options.bytes, options.parts, {
    output: (pieces) => {
      for (const [kind, text] of pieces) out.print(kind, text);
      soon();
    },
    progress: (progress) => {
      latest = progress;
      blocks = progress.blocks;
      moved = true;
      soon();
    },
  });

  // --- what runs -------------------------------------------------------------------------------------------------------

  let latest: Progress | null = null;
  const state = html('span', { class: 'state', role: 'status' });
  const stop = html('button', { type: 'button', id: 'stop', disabled: true, click: () => runner.stop() }, 'Stop');
  const pause = html(
    'select',
    { id: newId('pause') },
    ...pauses.map(([label, value]) => html('option', { value }, label)),
  );
  const starters: HTMLButtonElement[] = [];
  const answers = new Map<string, HTMLInputElement>();
  const settings = (): RunSettings => ({
    wasi: given.settings,
    answers: Object.fromEntries([...answers].map(([name, input]) => [name, input.value])),
    pause: Number(pause.value),
  });

  /** Controls that start something stay off while something runs. */
  async function running(work: () => Promise<FinalReport>): Promise<FinalReport> {
    const started = performance.now();
    latest = null;
    const tick = (): void => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      const calls = latest === null ? '' : `; ${latest.calls} calls out, the last: ${latest.last}`;
      state.textContent = `running for ${seconds} s${calls}`;
    };
    const timer = setInterval(tick, TICK);
    for (const one of starters) one.disabled = true;
    stop.disabled = false;
    try {
      return await work();
    } finally {
      clearInterval(timer);
      state.textContent = '';
      for (const one of starters) one.disabled = false;
      stop.disabled = true;
    }
  }

  async function call(func: ExportedFunction, args: readonly Argument[], text: string, fresh: boolean): Promise<void> {
    const report = await running(() =>
      runner.ask({ kind: 'call', path: func.path, args, settings: settings(), fresh }),
    );
    let outcome: Outcome;
    if (report.kind === 'done') {
      outcome = report.outcome;
      if (report.renewed !== null) {
        held = [];
        options.linked(report.renewed);
      }
      if (outcome.kind === 'value') held = [...held, ...outcome.held];
      if (outcome.kind === 'trap') held = [];
      blocks = report.progress.blocks;
      showFiles(report.files);
    } else if (report.kind === 'stopped') {
      outcome = { kind: 'stopped' };
      held = [];
      out.print('note', '— stopped —\n');
    } else outcome = { kind: 'failed', message: report.kind === 'refused' ? report.message : 'no answer' };
    const counts = blocks.map((one) => countChanges(one.watched));
    const sums = {
      after: counts.reduce((sum, one) => sum + one.after, 0),
      during: counts.reduce((sum, one) => sum + one.during, 0),
    };
    results.add(text, outcome, blocks.length === 0 ? null : sums);
    moved = true;
    draw();
    build();
  }

  async function renew(): Promise<void> {
    held = [];
    const report = await running(() => runner.ask({ kind: 'renew', settings: settings() }));
    if (report.kind === 'renewed') {
      options.linked(report.links);
      blocks = report.blocks;
      out.print('note', '— a new instance —\n');
    } else if (report.kind === 'refused') out.print('stderr', `${report.message}\n`);
    moved = true;
    draw();
    build();
  }

  // --- the form of a function ------------------------------------------------------------------------------------------

  const inputs = html('div');
  const signature = html('p', { class: 'signature' });
  const choice = html(
    'select',
    { change: () => build(true) },
    ...functions.map((one) => html('option', {}, written(one))),
  );
  let parameters: Parameter[] = [];
  let built = -1;
  /** A form that is already there keeps its texts, unless it needs other resources. */
  function build(anew = false): void {
    const chosen = functions[choice.selectedIndex];
    if (chosen === undefined) return;
    const { params, result } = chosen.type;
    const needsResources = params.some(({ type }) => type.kind === 'own' || type.kind === 'borrow');
    if (!anew && built === choice.selectedIndex && !needsResources) return;
    built = choice.selectedIndex;
    const list = params.map((param) => `${param.name}: ${typeText(param.type)}`).join(', ');
    signature.textContent = `func(${list})${result === null ? '' : ` -> ${typeText(result)}`}`;
    parameters = params.map((param) => parameter(param.name, param.type, held, order));
    inputs.replaceChildren(...parameters.map(({ element }) => element));
    params.forEach((param, i) => {
      const value = defaults.values?.[`${chosen.path.join('#')}#${param.name}`];
      const input = parameters[i]!.element.querySelector('input');
      if (value !== undefined && input !== null) input.value = value;
    });
  }

  function readArguments(): Argument[] | null {
    const values: Argument[] = [];
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

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    const func = functions[choice.selectedIndex];
    const values = readArguments();
    if (func === undefined || values === null || runner.busy) return;
    await call(func, values, `${written(func)}(${parameters.map((one) => one.text).join(', ')})`, false);
  }

  // --- WASI ------------------------------------------------------------------------------------------------------------

  const command = functions.find(({ path: [name = '', func] }) => commandName.test(name) && func === 'run');
  const fileList = html('ul', { class: 'files' });
  function showFiles(files: readonly (readonly [string, string])[]): void {
    const items = files.map(([path, text]) =>
      html('li', {}, html('details', {}, html('summary', {}, path), html('pre', {}, text))),
    );
    fileList.replaceChildren(
      ...(items.length === 0 ? [] : [html('li', {}, 'Files as the program left them:')]),
      ...items,
    );
  }
  async function run(): Promise<void> {
    if (command === undefined || runner.busy) return;
    out.clear();
    await call(command, [], `run ${given.command}`.trim(), true);
  }

  const start = html(
    'button',
    { type: 'button', class: 'primary', id: 'run-program', click: () => void run() },
    'Run the program',
  );
  const usesWasi = component.imports.some((one) => options.wasi(one.name));
  const wasi = html(
    'details',
    { class: 'card', open: command !== undefined },
    html('summary', {}, 'What the program is given (WASI)'),
    html(
      'p',
      { class: 'hint' },
      'WASI is how programs ask for files, arguments and the like. All of it is in this page; the program runs in a worker.',
    ),
    ...given.fields,
    command === undefined ? null : html('div', { class: 'buttons' }, start),
    fileList,
  );

  const imports = answeredImports(component, options.supplied);
  const answering = html(
    'details',
    { class: 'card', open: imports.length > 0 },
    html('summary', {}, 'What it imports, answered by this page'),
    html('p', { class: 'hint' }, 'Each call of an imported function is written to the console.'),
    ...imports.map(answerField),
  );
  function answerField({ name, type }: AnsweredImport): HTMLElement {
    if (type.result === null || type.result.kind === 'own') return html('p', {}, html('code', {}, name));
    const input = html('input', { type: 'text', spellcheck: 'false', value: sampleText(type.result) });
    answers.set(name, input);
    return labelled(`${name} returns ${typeText(type.result)}`, input);
  }

  // --- the pane --------------------------------------------------------------------------------------------------------

  const callButton = html('button', { class: 'primary', id: 'call' }, 'Call');
  const renewButton = html('button', { type: 'button', id: 'renew', click: () => void renew() }, 'New instance');
  starters.push(start, callButton, renewButton);
  const { unlinked } = component.plan;
  const form = html(
    'form',
    { class: 'card', submit: (event) => void submit(event) },
    html('h2', {}, 'Call a function'),
    functions.length === 0 ? html('p', {}, 'This component exports no functions.') : labelled('Function', choice),
    signature,
    inputs,
    html('div', { class: 'buttons' }, functions.length === 0 ? null : callButton, renewButton),
  );
  const control = html(
    'div',
    { class: 'card control' },
    html('div', { class: 'buttons' }, stop, html('label', { for: pause.id }, 'Speed'), pause),
    html('small', {}, 'Slowly, the Memory pane shows what the bytes are while it runs.'),
    state,
  );
  build(true);
  const first = usesWasi && command !== undefined ? wasi : null;
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
    unlinked.length === 0
      ? html(
          'div',
          { class: 'columns' },
          html('div', {}, first, form, usesWasi && first === null ? wasi : null, imports.length > 0 ? answering : null),
          html(
            'div',
            {},
            control,
            html('h2', {}, 'Console'),
            out.element,
            html('h2', {}, 'Results, latest first'),
            results.element,
          ),
        )
      : html(
          'p',
          { class: 'error' },
          `It cannot run yet: it imports components (${unlinked.join(', ')}). Give it some above, under “Its imports”.`,
        ),
  );
  return {
    element,
    select(func) {
      const at = functions.findIndex(({ path }) => path.join('#') === func);
      if (at < 0) return;
      choice.selectedIndex = at;
      build(true);
    },
    close: () => runner.stop(),
  };
}
