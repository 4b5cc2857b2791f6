/** The page. In: a component, dropped, picked or an example. Out: a pane for each thing to look at, and an address for each place. */
import type { Component } from '@gangway/host';
import { isWasiImport } from '@gangway/wasi';
import { type Emitted, emittedOf } from './model/emitted.ts';
import { Links } from './model/links.ts';
import { type PaneName, type Place, paneNames, paneOf, placeFragment, placeOfFragment } from './model/place.ts';
import { openComponent } from './run/open-component.ts';
import type { Part } from './run/protocol.ts';
import { codePane } from './view/code-pane.ts';
import { html } from './view/dom.ts';
import { examples } from './view/examples.ts';
import { memoryPane } from './view/memory-pane.ts';
import { openImports, type PartUse, partsBox, servedNames } from './view/parts.ts';
import { type RunPane, runPane } from './view/run-pane.ts';
import { structurePane } from './view/structure-pane.ts';
import { makeTabs } from './view/tabs.ts';
import { themeSwitch } from './view/theme.ts';
import { typesPane } from './view/types-pane.ts';
import type { RunDefaults } from './view/wasi-form.ts';

const element = <E extends HTMLElement>(id: string): E => document.getElementById(id) as E;
const status = element('status');
const example = element<HTMLSelectElement>('example');
const file = element<HTMLInputElement>('file');

const titles: Readonly<Record<PaneName, string>> = {
  structure: 'Structure',
  types: 'Types',
  memory: 'Memory',
  code: 'Code',
  run: 'Run',
};
/** What gets the focus when a link leads to a pane. */
const targets: Readonly<Record<PaneName, string>> = {
  structure: '.node.chosen, .branch.chosen a',
  types: '.line.chosen button',
  memory: '.slot[tabindex="0"]',
  code: 'select',
  run: 'form select, form button',
};

/** A file that is looked at, with what its imports are served by. */
interface Opened {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly parts: readonly Part[];
  readonly run: RunDefaults;
}

/** What came last: an earlier component that compiles longer must not replace it. */
let latest = 0;
let pane: RunPane | null = null;
/** Shows a place of the component that is open. */
let apply: (place: Place, focus: boolean) => void = () => undefined;

function errorText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

async function open(opened: Opened): Promise<void> {
  const mine = ++latest;
  const { name, bytes } = opened;
  status.className = '';
  status.textContent = `compiling ${name} …`;
  try {
    const { component, plugs } = await openComponent(bytes, opened.parts);
    const emitted = await emittedOf(component);
    if (mine !== latest) return;
    const wanted = openImports(component, isWasiImport);
    const uses = opened.parts.map((part): PartUse => {
      const plug = plugs.find((one) => one.name === part.name);
      const serves = part.component === null ? servedNames(wanted, plug!.component) : [part.component];
      return { part, serves };
    });
    show(opened, component, emitted, uses);
    const unlinked = component.plan.unlinked.length > 0 ? '; it imports components, and cannot run yet' : '';
    status.textContent = `${name}: ${bytes.byteLength.toLocaleString('en')} bytes${unlinked}`;
  } catch (error) {
    if (mine !== latest) return;
    pane?.close();
    status.className = 'error';
    status.textContent = `${name}: ${errorText(error)}`;
    element('panes').replaceChildren();
    element('parts').replaceChildren();
  }
}

function show(opened: Opened, component: Component, emitted: Emitted, uses: readonly PartUse[]): void {
  pane?.close();
  const links = new Links(component, emitted);
  const go = (place: Place): void => {
    history.pushState(null, '', placeFragment(place));
    apply(place, true);
  };
  const served = new Set(uses.flatMap(({ serves }) => serves));
  const code = codePane(
    links,
    go,
    uses.some(({ part, serves }) => part.component === null && serves.length > 0),
  );
  const memory = memoryPane(links, code, go);
  const structure = structurePane(links, go);
  const types = typesPane(links, go);
  const run = runPane(
    links,
    {
      bytes: opened.bytes,
      parts: opened.parts,
      defaults: opened.run,
      supplied: (name) => isWasiImport(name) || served.has(name),
      wasi: isWasiImport,
      changed: (blocks, running) => memory.update(blocks, running),
      linked: (adapters) => {
        if (links.link(adapters)) code.extend();
      },
    },
    go,
  );
  pane = run;

  /** Where each pane was left. */
  const left = new Map<PaneName, Place>();
  const contents: Readonly<Record<PaneName, HTMLElement>> = {
    structure: structure.element,
    types: types.element,
    memory: memory.element,
    code: code.element,
    run: run.element,
  };
  const tabs = makeTabs(
    paneNames.map((name) => ({ name, title: titles[name], content: contents[name] })),
    (name) => {
      const place = left.get(name as PaneName) ?? paneOf(name as PaneName);
      history.pushState(null, '', placeFragment(place));
      tabs.show(name);
      if (!left.has(place.pane)) apply(place, false);
    },
  );
  apply = (place, focus) => {
    left.set(place.pane, place);
    tabs.show(place.pane);
    let done: Promise<void> = Promise.resolve();
    switch (place.pane) {
      case 'structure':
        structure.select(place.node);
        break;
      case 'types':
        types.select(place.key);
        break;
      case 'memory':
        memory.select(place.ranges);
        done = code.load().then(() => memory.refresh());
        break;
      case 'code':
        done = code.select(place.item, place.ranges);
        break;
      case 'run':
        run.select(place.func);
        break;
      default:
        place satisfies never;
    }
    if (!focus) return;
    void done.then(() => contents[place.pane].querySelector<HTMLElement>(targets[place.pane])?.focus());
  };
  element('panes').replaceChildren(tabs.element);
  const box = partsBox({
    component,
    wasi: isWasiImport,
    uses,
    add: (added) => void addPart(opened, component, added),
    remove: (part) => void open({ ...opened, parts: opened.parts.filter((one) => one !== part) }),
  });
  element('parts').replaceChildren(...(box === null ? [] : [box]));
  apply(placeOfFragment(location.hash) ?? paneOf('structure'), false);
}

/** A part is for the first component import that has none, otherwise for what it exports. */
async function addPart(opened: Opened, component: Component, added: File): Promise<void> {
  const taken = new Set(opened.parts.map((part) => part.component));
  const free = component.plan.unlinked.find((name) => !taken.has(name));
  const part: Part = { name: added.name, bytes: new Uint8Array(await added.arrayBuffer()), component: free ?? null };
  await open({ ...opened, parts: [...opened.parts, part] });
}

async function bytesOf(name: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(`examples/${name}`);
  if (!response.ok) throw new Error(`${name} cannot be loaded: HTTP status ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

async function openExample(): Promise<void> {
  const chosen = examples.find((one) => one.file === example.value);
  if (chosen === undefined) return;
  file.value = '';
  try {
    const { file: name, run = {} } = chosen;
    const parts = (chosen.parts ?? []).map(
      async (part): Promise<Part> => ({ name: part, bytes: await bytesOf(part), component: null }),
    );
    await open({ name, bytes: await bytesOf(name), parts: await Promise.all(parts), run });
  } catch (error) {
    status.className = 'error';
    status.textContent = errorText(error);
  }
}

async function openFile(chosen: File | undefined): Promise<void> {
  if (chosen === undefined) return;
  // Neither control may name what is not shown.
  example.selectedIndex = -1;
  if (file.files?.[0] !== chosen) file.value = '';
  forget(location.pathname);
  await open({ name: chosen.name, bytes: new Uint8Array(await chosen.arrayBuffer()), parts: [], run: {} });
}

/** Another component is open: a place in the one before means nothing; only the pane stays. */
function forget(address: string): void {
  const place = placeOfFragment(location.hash);
  history.pushState(null, '', `${address}${place === null ? '' : placeFragment(paneOf(place.pane))}`);
}

themeSwitch(element<HTMLSelectElement>('theme'));
example.replaceChildren(...examples.map((one) => html('option', { value: one.file }, one.title)));
const named = new URLSearchParams(location.search).get('example');
if (examples.some((one) => one.file === named)) example.value = named!;
example.addEventListener('change', () => {
  forget(`?example=${example.value}`);
  void openExample();
});
file.addEventListener('change', () => void openFile(file.files?.[0]));
addEventListener('popstate', () => apply(placeOfFragment(location.hash) ?? paneOf('structure'), false));
addEventListener('dragover', (event) => {
  event.preventDefault();
  document.body.classList.add('dropping');
});
addEventListener('dragleave', (event) => {
  if (event.relatedTarget === null) document.body.classList.remove('dropping');
});
addEventListener('drop', (event) => {
  event.preventDefault();
  document.body.classList.remove('dropping');
  void openFile(event.dataTransfer?.files[0]);
});
void openExample();
