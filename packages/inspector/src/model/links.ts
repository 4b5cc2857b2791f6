/**
 * What belongs together. In: a component and what was emitted for it. Out: for a node of the diagram, a line of the types,
 * an emitted function or a slot of the vmctx: what it is, in words, and where else the same thing is shown.
 */
import type {
  AdapterIndex,
  ComponentInstanceIndex,
  CoreDef,
  OptionsIndex,
  PlanExport,
  ResourceIndex,
  RuntimeImportIndex,
  TrampolineIndex,
} from '@gangway/component/plan';
import type { Component } from '@gangway/host';
import { type Layout, vmctxLayout } from '@gangway/offsets';
import { type Emitted, type EmittedItem, type LinkAdapter, withLinks } from './emitted.ts';
import type { Place, Range } from './place.ts';
import { type Slot, slotOf } from './slots.ts';
import { type Graph, type GraphNode, graphOf, instanceTitle, moduleTitle } from './structure.ts';
import { witKey } from './wit-index.ts';

export interface Link {
  readonly label: string;
  readonly place: Place;
}

export interface Description {
  /** What it is, for someone who sees it for the first time. */
  readonly text: string;
  readonly links: readonly Link[];
  /** What it stands for, one by one. */
  readonly members?: readonly { readonly name: string; readonly links: readonly Link[] }[];
}

const nodeLink = (label: string, node: string): Link => ({ label, place: { pane: 'structure', node } });
const typeLink = (key: string): Link => ({ label: 'type', place: { pane: 'types', key } });
const codeLink = (name: string, label = 'code'): Link => ({ label, place: { pane: 'code', item: name, ranges: [] } });
const runLink = (func: string): Link => ({ label: 'call it', place: { pane: 'run', func } });

/** The node of a component instance in the tree below the diagram. */
export const instanceNode = (index: ComponentInstanceIndex): string => `instance ${index}`;

export class Links {
  readonly component: Component;
  /** With the adapters that the instance is linked by, once there is one. */
  #emitted: Emitted;
  readonly graph: Graph;
  /** Of its vmctx. */
  readonly layout: Layout;

  constructor(component: Component, emitted: Emitted) {
    this.component = component;
    this.#emitted = emitted;
    this.graph = graphOf(component.plan);
    this.layout = vmctxLayout(component.offsets);
  }

  get emitted(): Emitted {
    return this.#emitted;
  }

  /** Whether that was news: the links of all instances have the same code. */
  link(adapters: readonly LinkAdapter[]): boolean {
    if (adapters.length === 0 || this.emitted.items.some(({ kind }) => kind === 'link')) return false;
    this.#emitted = withLinks(this.emitted, adapters);
    return true;
  }

  // --- parts that several descriptions need ----------------------------------------------------------------------------

  instance(index: ComponentInstanceIndex): Link {
    return nodeLink(instanceTitle(this.component.plan, index), instanceNode(index));
  }

  /** Slots of the vmctx as one link; those that the layout lacks are left out. */
  #slots(label: string, wanted: readonly (readonly [field: string, element: number, part?: string])[]): Link[] {
    const { layout } = this;
    const ranges: Range[] = wanted.flatMap(([field, element, part]) => {
      if (part !== undefined) return slotOf(layout, field, element, part) ?? [];
      const found = layout.fields.find((one) => one.name === field);
      if (found === undefined || element >= found.count) return [];
      return [{ offset: found.offset + element * found.stride, size: found.stride }];
    });
    if (ranges.length === 0) return [];
    return [{ label, place: { pane: 'memory', ranges: ranges.map(({ offset, size }) => ({ offset, size })) } }];
  }

  #core(def: CoreDef): Link[] {
    const { plan } = this.component;
    if (def.kind === 'trampoline') return [codeLink(`trampoline[${def.trampoline}]`, `trampoline[${def.trampoline}]`)];
    if (def.kind === 'adapter') return [codeLink(`adapter[${def.adapter}]`, `adapter[${def.adapter}]`)];
    if (def.kind !== 'export') return [];
    const step = plan.initializers.find((one) => one.kind === 'instantiate-module' && one.instance === def.instance);
    const title =
      step?.kind === 'instantiate-module' ? moduleTitle(plan, step.module) : `core instance ${def.instance}`;
    return [nodeLink(`${title}: ${def.sort} “${def.name}”`, `core ${def.instance}`)];
  }

  /** What the canonical options name: slots of the vmctx, and the core instances behind them. */
  #options(index: OptionsIndex): Link[] {
    const { memory, realloc, postReturn } = this.component.plan.options[index]!;
    return [
      ...(memory === null ? [] : this.#slots(`memories[${memory}]`, [['memories', memory]])),
      ...(realloc === null ? [] : this.#slots(`reallocs[${realloc}]`, [['reallocs', realloc]])),
      ...(postReturn === null ? [] : this.#slots(`post_returns[${postReturn}]`, [['post_returns', postReturn]])),
    ];
  }

  #importKey(index: RuntimeImportIndex): string {
    return witKey('import', this.component.plan.runtimeImports[index]?.path ?? []);
  }

  #resource(index: ResourceIndex): Link[] {
    const { plan } = this.component;
    const resource = plan.resources[index];
    if (resource?.kind === 'imported') return [typeLink(this.#importKey(resource.import))];
    if (resource?.kind !== 'defined') return [];
    const found = exportPath(plan.exports, (one) => one.kind === 'resource' && one.resource === index);
    return [this.instance(resource.instance), ...(found === null ? [] : [typeLink(witKey('export', found))])];
  }

  // --- emitted functions -----------------------------------------------------------------------------------------------

  item(name: string): EmittedItem | undefined {
    return this.emitted.items.find((one) => one.name === name);
  }

  /** An emitted function: what it carries a call to, and what of the vmctx belongs to it. */
  describeItem(item: EmittedItem): Description {
    switch (item.kind) {
      case 'trampoline':
        return this.#describeTrampoline(item.index);
      case 'adapter':
        return this.#describeAdapter(item.index);
      case 'link':
        return this.#describeLink(item);
      default:
        return item satisfies never;
    }
  }

  /** The code that is called in place of a trampoline. */
  #linkInPlaceOf(index: number): (EmittedItem & { readonly kind: 'link' }) | undefined {
    return this.emitted.items.find((item) => item.kind === 'link' && item.index === index) as
      | (EmittedItem & { readonly kind: 'link' })
      | undefined;
  }

  #describeLink({ index, callee }: EmittedItem & { readonly kind: 'link' }): Description {
    const trampoline = this.#describeTrampoline(index);
    const { plan } = this.component;
    const made = plan.trampolines[index]!;
    const name = plan.runtimeImports[importOf(made) ?? -1]?.path.at(-1) ?? '';
    return {
      text: `Calls “${name}” of ${callee}, in place of trampoline[${index}]. It was written when the two components were linked: arguments and results are copied from memory to memory, and no JavaScript runs.`,
      // Not the lowering: nothing is lowered to the host.
      links: [
        codeLink(`trampoline[${index}]`, `trampoline[${index}]`),
        ...trampoline.links.filter(({ label }) => !/^(link|lowerings)\[/.test(label)),
      ],
    };
  }

  #describeTrampoline(index: TrampolineIndex): Description {
    const { plan } = this.component;
    const trampoline = plan.trampolines[index]!;
    const group = this.graph.nodes.find((node) => node.kind === 'trampolines' && node.indices.includes(index));
    const inDiagram = group === undefined ? [] : [nodeLink('in the diagram', group.id)];
    const funcRef = this.#slots(`trampoline_func_refs[${index}]`, [['trampoline_func_refs', index]]);
    switch (trampoline.kind) {
      case 'lower-import': {
        const path = plan.runtimeImports[trampoline.import]?.path ?? [];
        const { instance } = plan.options[trampoline.options]!;
        const { lowering } = trampoline;
        const link = this.#linkInPlaceOf(index);
        const replaced =
          link === undefined
            ? ''
            : ` In this instance ${link.name} is called instead: it is linked with ${link.callee}.`;
        return {
          text: `Called by core code in ${instanceTitle(plan, instance)}; calls the imported function “${path.at(-1)}”${
            path.length > 1 ? ` of ${path.slice(0, -1).join(' ')}` : ''
          }, which lowerings[${lowering}] names.${replaced}`,
          links: [
            ...(link === undefined ? [] : [codeLink(link.name, link.name)]),
            { ...typeLink(this.#importKey(trampoline.import)), label: 'type of the imported function' },
            ...inDiagram,
            this.instance(instance),
            ...funcRef,
            ...this.#slots(`lowerings[${lowering}]`, [['lowerings', lowering]]),
            ...this.#options(trampoline.options),
          ],
        };
      }
      case 'resource.new':
      case 'resource.rep':
      case 'resource.drop': {
        const { instance, resource } = trampoline;
        const verb = {
          'resource.new': 'puts a new one into the handle table and returns its index',
          'resource.rep': 'looks up what stands behind an index in the handle table',
          'resource.drop': 'takes one out of the handle table, and calls its destructor',
        }[trampoline.kind];
        const name = plan.resources[resource]?.name ?? `resource ${resource}`;
        return {
          text: `A canonical built-in for the resource “${name}”: core code in ${instanceTitle(plan, instance)} calls it; it ${verb}.`,
          links: [
            ...this.#resource(resource),
            ...inDiagram,
            ...funcRef,
            ...this.#slots(`handle table of flags[${instance}]`, [
              ['flags', instance, 'handles'],
              ['flags', instance, 'capacity'],
              ['flags', instance, 'free'],
            ]),
            ...this.#slots(`resource_destructors[${resource}]`, [['resource_destructors', resource]]),
          ],
        };
      }
      case 'context.get':
      case 'context.set':
        return {
          text: 'A canonical built-in: it reads or writes a slot of the current task, which stands in the store context.',
          links: [...inDiagram, ...funcRef],
        };
      case 'unsupported':
        return {
          text: `The canonical built-in ${trampoline.canon} needs tasks, which are not run here: calling it traps and says so.`,
          links: [...inDiagram, ...funcRef],
        };
      default:
        return trampoline satisfies never;
    }
  }

  #describeAdapter(index: AdapterIndex): Description {
    const { plan } = this.component;
    const { name, lower, lift } = plan.adapters[index]!;
    const [caller, callee] = [plan.options[lower.options]!.instance, plan.options[lift.options]!.instance];
    const exported = exportPath(
      plan.exports,
      (one) => one.kind === 'lifted-func' && one.options === lift.options && sameCore(one.func, lift.func),
    );
    return {
      text: `Called by core code in ${instanceTitle(plan, caller)}; calls “${name}” of ${instanceTitle(plan, callee)}. Arguments and results are copied from memory to memory; no JavaScript runs.`,
      links: [
        nodeLink('in the diagram', `adapter ${index}`),
        { ...this.instance(caller), label: `caller: ${instanceTitle(plan, caller)}` },
        { ...this.instance(callee), label: `callee: ${instanceTitle(plan, callee)}` },
        ...this.#core(lift.func),
        ...(exported === null ? [] : [typeLink(witKey('export', exported))]),
        ...this.#options(lower.options),
        ...this.#options(lift.options),
      ].filter(({ label }, i, all) => all.findIndex((other) => other.label === label) === i),
    };
  }

  // --- nodes of the diagram --------------------------------------------------------------------------------------------

  describeNode(node: GraphNode): Description {
    const { plan } = this.component;
    switch (node.kind) {
      case 'import': {
        const members = plan.trampolines.flatMap((trampoline, i) => {
          if (trampoline.kind !== 'lower-import') return [];
          const path = plan.runtimeImports[trampoline.import]?.path ?? [];
          if (path[0] !== node.title) return [];
          return [
            {
              name: path.at(-1) ?? '',
              links: [typeLink(witKey('import', path)), codeLink(`trampoline[${i}]`), ...this.#linkCode(i)],
            },
          ];
        });
        return {
          text: 'An import: the component asks whoever runs it for this. Only the functions that its code uses are listed.',
          links: [{ ...typeLink(witKey('import', [node.title])), label: 'its type' }],
          members,
        };
      }
      case 'trampolines':
        return {
          text: 'Trampolines: small functions that Gangway has written so that core code can call what is outside of it. Each checks that the call is allowed and finds its target in the vmctx.',
          links: [],
          members: node.indices.map((i) => ({
            name:
              plan.runtimeImports[importOf(plan.trampolines[i]!) ?? -1]?.path.at(-1) ??
              this.#titleOf(`trampoline[${i}]`),
            links: [
              codeLink(`trampoline[${i}]`),
              ...this.#linkCode(i),
              ...this.#slots('func ref', [['trampoline_func_refs', i]]),
              ...this.#importType(plan.trampolines[i]!),
            ],
          })),
        };
      case 'adapter':
        return this.#describeAdapter(node.indices[0] as AdapterIndex);
      case 'core': {
        const index = node.indices[0]!;
        const step = plan.initializers.find((one) => one.kind === 'instantiate-module' && one.instance === index);
        if (step?.kind !== 'instantiate-module') return { text: '', links: [] };
        const owned = (field: string, defs: readonly CoreDef[]): Link[] =>
          defs.flatMap((def, i) =>
            def.kind === 'export' && def.instance === index ? this.#slots(`${field}[${i}]`, [[field, i]]) : [],
          );
        return {
          text: 'A core instance: an ordinary WebAssembly module, running. It sees numbers and its own memory, nothing of components.',
          links: [
            this.instance(step.componentInstance),
            ...owned('memories', plan.memories),
            ...owned('reallocs', plan.reallocs),
            ...owned('post_returns', plan.postReturns),
            ...owned('tables', plan.tables),
          ],
          members: step.args.map((arg) => ({
            name: arg.name === '' ? arg.module : arg.module === '' ? arg.name : `${arg.module} ${arg.name}`,
            links: this.#core(arg.def),
          })),
        };
      }
      case 'export': {
        const exported = plan.exports.find((one) => one.name === node.title);
        return {
          text: 'An export: this is what you can call.',
          links: [{ ...typeLink(witKey('export', [node.title])), label: 'its type' }],
          members: (exported === undefined ? [] : functionsOf(exported, [])).map(({ path, func }) => ({
            name: path.at(-1) ?? '',
            links: [
              typeLink(witKey('export', path)),
              runLink(path.join('#')),
              ...(func.kind === 'lifted-func' && plan.unlinked.length === 0 ? this.#core(func.func) : []),
            ],
          })),
        };
      }
      default:
        return node.kind satisfies never;
    }
  }

  #linkCode(trampoline: number): Link[] {
    const link = this.#linkInPlaceOf(trampoline);
    return link === undefined ? [] : [codeLink(link.name, `link to ${link.callee}`)];
  }

  #titleOf(name: string): string {
    return this.item(name)?.title.replace(/^\S+ /, '') ?? name;
  }

  #importType(trampoline: { readonly kind: string; readonly import?: RuntimeImportIndex }): Link[] {
    return trampoline.import === undefined ? [] : [typeLink(this.#importKey(trampoline.import))];
  }

  // --- lines of the types ----------------------------------------------------------------------------------------------

  /** An import or export by its key; null for one that the component does not have. */
  describeType(key: string): Description | null {
    const { plan } = this.component;
    const direction = key.startsWith('import ') ? 'import' : 'export';
    const top = direction === 'import' ? plan.imports : plan.exports;
    const name = key.slice(direction.length + 1);
    const found = top.find((one) => name === one.name || name.startsWith(`${one.name}#`));
    if (found === undefined) return null;
    const diagram = this.graph.nodes.some((node) => node.id === `${direction} ${found.name}`)
      ? [nodeLink('in the diagram', `${direction} ${found.name}`)]
      : [];
    if (direction === 'import') {
      const users = plan.trampolines.flatMap((trampoline, i) => {
        const used =
          trampoline.kind === 'lower-import'
            ? this.#importKey(trampoline.import)
            : 'resource' in trampoline
              ? this.#resourceKey(trampoline.resource)
              : null;
        if (used !== key && !used?.startsWith(`${key}#`)) return [];
        const label = used === key ? `trampoline[${i}]` : `trampoline[${i}]: ${used.slice(key.length + 1)}`;
        return [codeLink(`trampoline[${i}]`, label)];
      });
      const text =
        users.length > 0
          ? 'Imported. Core code reaches it through what Gangway has written:'
          : 'Imported. No core code calls it directly.';
      return { text, links: [...users, ...diagram] };
    }
    const exported = plan.exports.flatMap((one) => functionsOf(one, [])).find(({ path }) => path.join('#') === name);
    if (exported === undefined) return { text: 'Exported.', links: diagram };
    const { func } = exported;
    if (plan.unlinked.length > 0) return { text: 'Exported; the component still has to be linked.', links: diagram };
    return {
      text:
        func.kind === 'lifted-func'
          ? `Exported by ${instanceTitle(plan, plan.options[func.options]!.instance)}. The host lifts a core function:`
          : 'An imported function, exported again.',
      links: [
        runLink(name),
        ...(func.kind === 'lifted-func' ? [...this.#core(func.func), ...this.#options(func.options)] : []),
        ...diagram,
      ],
    };
  }

  #resourceKey(index: ResourceIndex): string | null {
    const resource = this.component.plan.resources[index];
    return resource?.kind === 'imported' ? this.#importKey(resource.import) : null;
  }

  // --- slots of the vmctx ----------------------------------------------------------------------------------------------

  /** What a slot of the vmctx is about. */
  describeSlot(slot: Slot): Description {
    const { plan } = this.component;
    const { name } = this.layout.fields[slot.field] ?? { name: '' };
    const i = slot.element;
    const core = (what: string, def: CoreDef | undefined): Description => ({
      text: what,
      links: def === undefined ? [] : this.#core(def),
    });
    switch (name) {
      case 'flags':
        return {
          text: `Of the component instance “${instanceTitle(plan, i as ComponentInstanceIndex)}”.`,
          links: [this.instance(i as ComponentInstanceIndex)],
        };
      case 'trampoline_func_refs':
        return {
          text: `Core code that imports ${this.#titleOf(`trampoline[${i}]`)} gets this function.`,
          links: [
            ...this.#linkCode(i),
            codeLink(`trampoline[${i}]`, `trampoline[${i}]`),
            ...this.#importType(plan.trampolines[i]!),
          ],
        };
      case 'lowerings': {
        const at = plan.trampolines.findIndex((one) => one.kind === 'lower-import' && one.lowering === i);
        const trampoline = plan.trampolines[at];
        if (trampoline?.kind !== 'lower-import') return { text: '', links: [] };
        const path = plan.runtimeImports[trampoline.import]?.path ?? [];
        return {
          text: `What trampoline[${at}] calls: the host’s “${path.join(' ')}”.`,
          links: [
            { ...typeLink(witKey('import', path)), label: 'type of the function' },
            codeLink(`trampoline[${at}]`, `trampoline[${at}]`),
          ],
        };
      }
      case 'memories':
        return core('The memory that strings and lists are read from and written to:', plan.memories[i]);
      case 'tables':
        return core('A table of core functions:', plan.tables[i]);
      case 'reallocs':
        return core('The function that makes room in the memory for what is passed in:', plan.reallocs[i]);
      case 'callbacks':
        return core('The function that goes on with a task:', plan.callbacks[i]);
      case 'post_returns':
        return core('The function that frees what a call has returned:', plan.postReturns[i]);
      case 'resource_destructors': {
        const resource = plan.resources[i];
        return {
          text: `What is called when the last handle to a “${resource?.name ?? i}” goes.`,
          links: [
            ...this.#resource(i as ResourceIndex),
            ...(resource?.kind === 'defined' && resource.dtor !== null ? this.#core(resource.dtor) : []),
          ],
        };
      }
      default:
        return { text: '', links: [] };
    }
  }

  // --- names of a trap's stack -----------------------------------------------------------------------------------------

  /** The instance of a frame, when exactly one has that name. */
  frame(instance: string, func: string | null): { readonly instance: Link | null; readonly func: Link | null } {
    const { plan } = this.component;
    const names = plan.componentInstances.map((one, i) => one.name ?? plan.name ?? `#${i}`);
    const index = names.indexOf(instance);
    const only = index >= 0 && names.lastIndexOf(instance) === index;
    const known =
      func !== null && plan.exports.flatMap((one) => functionsOf(one, [])).some(({ path }) => path.join('#') === func);
    return {
      instance: only ? { ...this.instance(index as ComponentInstanceIndex), label: instance } : null,
      func: known ? { ...typeLink(witKey('export', func.split('#'))), label: func } : null,
    };
  }
}

function importOf(trampoline: { readonly kind: string; readonly import?: RuntimeImportIndex }): number | undefined {
  return trampoline.import;
}

function sameCore(a: CoreDef, b: CoreDef): boolean {
  return a.kind === 'export' && b.kind === 'export' && a.instance === b.instance && a.name === b.name;
}

type FunctionExport = Extract<PlanExport, { readonly kind: 'lifted-func' | 'imported-func' }>;

function functionsOf(
  exported: PlanExport,
  outer: readonly string[],
): { readonly path: readonly string[]; readonly func: FunctionExport }[] {
  const path = [...outer, exported.name];
  if (exported.kind === 'instance') return exported.exports.flatMap((one) => functionsOf(one, path));
  return exported.kind === 'lifted-func' || exported.kind === 'imported-func' ? [{ path, func: exported }] : [];
}

/** The names that lead to an export; null when there is none. */
function exportPath(exports: readonly PlanExport[], wanted: (one: PlanExport) => boolean): readonly string[] | null {
  for (const one of exports) {
    if (wanted(one)) return [one.name];
    if (one.kind !== 'instance') continue;
    const inner = exportPath(one.exports, wanted);
    if (inner !== null) return [one.name, ...inner];
  }
  return null;
}
