/** The page. In: a component, dropped, picked or an example. Out: a pane for each thing to look at. */
import { trampolineName } from '@gangway/adapter-codegen';
import type { ComponentPlan } from '@gangway/component/plan';
import { witText } from '@gangway/component/reflect';
import { type Component, compile } from '@gangway/host';
import { codePane, type EmittedItem } from './code-pane.ts';
import { html } from './dom.ts';
import { memoryPane } from './memory-pane.ts';
import { type RunDefaults, runPane } from './run-pane.ts';
import { instanceTitle } from './structure.ts';
import { structurePane } from './structure-pane.ts';
import { makeTabs } from './tabs.ts';

const element = <E extends HTMLElement>(id: string): E => document.getElementById(id) as E;
const status = element('status');
const example = element<HTMLSelectElement>('example');
const file = element<HTMLInputElement>('file');

/** What examples are run with. */
const defaults: Readonly<Record<string, RunDefaults>> = {
  'hello.wasm': {
    args: 'hello\n/poem.txt\nAda',
    env: 'GREETING=Ahoy',
    files: '== /poem.txt\nRoses are red,\nviolets are blue.',
  },
};

/** What came last: an earlier component that compiles longer must not replace it. */
let latest = 0;

interface Emitted {
  readonly items: readonly EmittedItem[];
  readonly modules: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

/** The emitted modules with the functions in them. Nothing is emitted for what still has to be linked. */
async function emittedOf(component: Component): Promise<Emitted> {
  const { plan } = component;
  if (plan.unlinked.length > 0) return { items: [], modules: [] };
  const { trampolines, adapters } = await component.prepare();
  const modules: { name: string; bytes: Uint8Array }[] = [];
  const items: EmittedItem[] = [];
  if (trampolines?.bytes !== undefined) {
    plan.trampolines.forEach((trampoline, i) => {
      const title = trampolineName(plan, trampoline, i);
      items.push({ name: `trampoline[${i}]`, title, about: aboutTrampoline(plan, i), module: modules.length });
    });
    modules.push(trampolines);
  }
  adapters.forEach((module, m) => {
    if (module.bytes === undefined) return;
    for (const index of plan.adapterModules[m] ?? []) {
      const { name, lower, lift } = plan.adapters[index]!;
      const [caller, callee] = [lower, lift].map((side) => plan.options[side.options]!.instance);
      const about = `Called by ${instanceTitle(plan, caller!)}; calls “${name}” of ${instanceTitle(plan, callee!)}.`;
      items.push({ name: `adapter[${index}]`, title: `adapter[${index}] ${name}`, about, module: modules.length });
    }
    modules.push(module);
  });
  return { items, modules };
}

function aboutTrampoline(plan: ComponentPlan, i: number): string {
  const trampoline = plan.trampolines[i]!;
  if (trampoline.kind === 'lower-import') {
    const path = plan.runtimeImports[trampoline.import]?.path ?? [];
    const [last] = path.slice(-1);
    const from = path.length > 1 ? ` of ${path.slice(0, -1).join(' ')}` : '';
    const instance = instanceTitle(plan, plan.options[trampoline.options]!.instance);
    return `Called by core code in ${instance}; calls the imported function “${last}”${from} through lowerings[${trampoline.lowering}].`;
  }
  return `A canonical built-in: core code calls it to manage what the component model keeps for it.`;
}

async function open(name: string, bytes: ArrayBuffer): Promise<void> {
  const mine = ++latest;
  status.className = '';
  status.textContent = `compiling ${name} …`;
  try {
    const component = await compile(bytes);
    const emitted = await emittedOf(component);
    if (mine !== latest) return;
    show(component, emitted, defaults[name] ?? {});
    const unlinked = component.plan.unlinked.length > 0 ? '; it imports components, so it cannot run here' : '';
    status.textContent = `${name}: ${bytes.byteLength.toLocaleString('en')} bytes${unlinked}`;
  } catch (error) {
    if (mine !== latest) return;
    status.className = 'error';
    status.textContent = `${name}: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
    element('panes').replaceChildren();
  }
}

function show(component: Component, { items, modules }: Emitted, run: RunDefaults): void {
  const { plan } = component;
  const { layout } = component.offsets;
  const openCode = (name: string): void => {
    tabs.show('code');
    void code.open(name);
  };
  const memory = memoryPane(layout, (offset, size) => code.usedBy(offset, size), openCode);
  const code = codePane(items, modules, layout, (accesses, why) => {
    tabs.show('memory');
    memory.mark(accesses, why);
  });
  const running = runPane(
    component,
    run,
    ({ watch, instance }) => {
      const live = instance?.context;
      memory.update(live === undefined ? null : watch, live?.address ?? 0);
    },
    () => tabs.show('memory'),
  );
  memory.update(null, 0);
  const types = html(
    'div',
    { class: 'types' },
    html(
      'p',
      { class: 'hint' },
      'What the component asks for and what it offers, in WIT, the language of component interfaces.',
    ),
    html('pre', { class: 'wit', tabindex: 0, 'aria-label': 'Types in WIT' }, witText(plan)),
  );
  let opened = false;
  const tabs = makeTabs(
    [
      { name: 'structure', title: 'Structure', content: structurePane(plan, openCode) },
      { name: 'types', title: 'Types', content: types },
      { name: 'memory', title: 'Memory', content: memory.element, shown: () => void code.load() },
      {
        name: 'code',
        title: 'Code',
        content: code.element,
        shown: () => {
          if (!opened && items.length > 0) void code.open(items[0]!.name);
          opened = true;
        },
      },
      { name: 'run', title: 'Run', content: running.element },
    ],
    'structure',
  );
  element('panes').replaceChildren(tabs.element);
}

async function openExample(): Promise<void> {
  const name = example.value;
  file.value = '';
  const response = await fetch(`examples/${name}`);
  await open(name, await response.arrayBuffer());
}

async function openFile(chosen: File | undefined): Promise<void> {
  if (chosen === undefined) return;
  // Neither control may name what is not shown.
  example.selectedIndex = -1;
  if (file.files?.[0] !== chosen) file.value = '';
  await open(chosen.name, await chosen.arrayBuffer());
}

example.addEventListener('change', () => void openExample());
file.addEventListener('change', () => void openFile(file.files?.[0]));
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
