/**
 * What `gangway inspect` does: shows what each phase on the way from bytes to a call makes of a component. In: a file, a phase and a
 * format. Out: text on standard output, or files in a directory.
 */
import type { EmittedModule } from '@gangway/adapter-codegen';
import type { AdapterModuleIndex } from '@gangway/component/plan';
import { planText, sectionsText, witText } from '@gangway/component/reflect';
import type { Component, RunnableModule } from '@gangway/host';
import { decode, resolveFeatures, stringifyPlan } from '@gangway/host/component';
import { layoutJson, layoutSvg, layoutText, vmctxLayout } from '@gangway/offsets';
import { type Artifact, deliver } from '../artifact.ts';
import { type Invocation, UsageError } from '../command.ts';
import { engineOf, fileError, onlyFile, readBytes } from '../component-file.ts';
import { connections } from '../inspect/connections.ts';
import { emittedJson, emittedText, emittedWat } from '../inspect/emitted.ts';
import { type Format, formats, type PhaseName, phaseNames, phases } from '../inspect/phases.ts';
import { linksOf, loadToShow } from '../load.ts';

type Make = (component: Component, format: Format) => Artifact[] | Promise<Artifact[]>;

const endings: Readonly<Record<Format, string>> = { text: 'txt', json: 'json', wat: 'wat', svg: 'svg' };

/** Bigints as digits. */
function json(value: unknown): string {
  return `${JSON.stringify(value, (_key, one: unknown) => (typeof one === 'bigint' ? String(one) : one), 2)}\n`;
}

/** `notes(i)` are lines about the module at `i`. */
async function modules(
  name: string,
  emitted: readonly (RunnableModule | null)[],
  format: Format,
  notes: (index: number) => readonly string[] = () => [],
): Promise<Artifact[]> {
  const present = emitted.filter((module): module is EmittedModule => module?.bytes !== undefined);
  if (format === 'json') {
    return [{ name: `${name}.json`, contents: json(present.map((module, i) => emittedJson(module, notes(i)))) }];
  }
  const print = format === 'wat' ? emittedWat : emittedText;
  const artifacts: Artifact[] = [];
  for (const [i, module] of present.entries()) {
    artifacts.push({ name: `${module.name}.${endings[format]}`, contents: await print(module, notes(i)) });
    artifacts.push({ name: `${module.name}.wasm`, contents: module.bytes });
  }
  if (artifacts.length === 0) artifacts.push({ name: `${name}.txt`, contents: `this component needs no ${name}\n` });
  return artifacts;
}

/** How each phase is made. The sections are not: they need the decoder only. */
const makers: Readonly<Record<Exclude<PhaseName, 'sections'>, Make>> = {
  types: (component, format) => {
    const { types, funcTypes, resources, imports, exports } = component.plan;
    return format === 'json'
      ? [{ name: 'types.json', contents: json({ types, funcTypes, resources, imports, exports }) }]
      : [{ name: 'types.wit', contents: witText(component.plan) }];
  },
  plan: ({ plan }, format) =>
    format === 'json'
      ? [{ name: 'plan.json', contents: `${stringifyPlan(plan, 2)}\n` }]
      : [{ name: 'plan.txt', contents: planText(plan) }],
  layout: (component, format) => {
    const layout = vmctxLayout(component.offsets);
    if (format === 'json') return [{ name: 'layout.json', contents: json(layoutJson(layout)) }];
    if (format === 'svg') return [{ name: 'layout.svg', contents: layoutSvg(layout) }];
    return [{ name: 'layout.txt', contents: layoutText(layout) }];
  },
  trampolines: async (component, format) => {
    const emitted = await component.prepare();
    return modules('trampolines', [emitted.trampolines, emitted.callees], format);
  },
  adapters: async (component, format) => {
    const { adapters } = await component.prepare();
    return modules('adapters', adapters, format, (i) => connections(component.plan, i as AdapterModuleIndex));
  },
};

/** The sections need the decoder only, so that broken components can be looked at too. */
async function sections(file: string, options: Invocation['options'], format: Format): Promise<Artifact[]> {
  const bytes = await readBytes(file);
  try {
    const ast = decode(bytes, { features: resolveFeatures((await engineOf(options)).options.features) });
    return format === 'json'
      ? [{ name: 'sections.json', contents: json(ast) }]
      : [{ name: 'sections.txt', contents: sectionsText(ast) }];
  } catch (cause) {
    throw fileError(file, bytes, cause);
  }
}

/** The action of `gangway inspect`. */
export async function run({ options, words, io }: Invocation): Promise<number> {
  const file = onlyFile(words);
  const name = options.choice('phase', phaseNames);
  const phase = phases[name];
  const format = options.string('format') === undefined ? phase.formats[0] : options.choice('format', formats);
  if (!phase.formats.includes(format)) {
    throw new UsageError(`the phase ${name} is printed as ${phase.formats.join(', ')}, not as ${format}`);
  }
  const pointerSize = options.choice('pointer-size', ['4', '8']) === '8' ? 8 : 4;
  const artifacts =
    name === 'sections'
      ? await sections(file, options, format)
      : await makers[name](
          await loadToShow(file, await engineOf(options, { pointerSize, codegen: 'binaryen' }), linksOf(options)),
          format,
        );
  await deliver(artifacts, options.string('output'), io);
  return 0;
}
