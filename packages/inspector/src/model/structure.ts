/**
 * What is wired to what, as a graph. In: a plan. Out: nodes in layers (what is needed stands left of what needs it) and
 * edges with what goes over them. Functions and built-ins are grouped: a WASI program has dozens.
 *
 * Edges of the kind `options` are what canonical options name: the memory that arguments are read from, the realloc that
 * makes room in it. They do not count for the layers: a program's memory serves trampolines that it imports itself.
 */
import { trampolineName } from '@gangway/adapter-codegen';
import type {
  ComponentInstanceIndex,
  ComponentPlan,
  CoreDef,
  ModuleRef,
  OptionsIndex,
  PlanExport,
} from '@gangway/component/plan';

export type NodeKind = 'import' | 'trampolines' | 'core' | 'adapter' | 'export';

export interface GraphNode {
  readonly id: string;
  readonly kind: NodeKind;
  readonly title: string;
  readonly subtitle: string;
  /** All that it stands for, one a line. */
  readonly details: string;
  layer: number;
  /** Indices of what it stands for: trampolines of a group, the adapter, the core instance; imports and exports: none. */
  readonly indices: readonly number[];
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: 'supplies' | 'options';
  /** What is handed over: names of functions, memories, tables. */
  readonly names: string[];
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** For people: `letters`, or `instance 2` where it has no name. */
export function instanceTitle(plan: ComponentPlan, index: ComponentInstanceIndex): string {
  return plan.componentInstances[index]?.name ?? (index === 0 ? (plan.name ?? 'the component') : `instance ${index}`);
}

export function moduleTitle(plan: ComponentPlan, module: ModuleRef): string {
  if (module.kind === 'import') return `imported module ${plan.runtimeImports[module.import]?.path.join(' ') ?? ''}`;
  return plan.modules[module.module]?.name ?? `module ${module.module}`;
}

class GraphBuilder {
  readonly plan: ComponentPlan;
  readonly nodes = new Map<string, GraphNode>();
  readonly edges = new Map<string, GraphEdge>();
  /** Node of each trampoline. */
  readonly trampolines: string[] = [];

  constructor(plan: ComponentPlan) {
    this.plan = plan;
  }

  add(node: GraphNode): void {
    this.nodes.set(node.id, node);
  }

  connect(from: string, to: string, name: string, kind: GraphEdge['kind'] = 'supplies'): void {
    const [source, target] = [this.nodes.get(from), this.nodes.get(to)];
    if (source === undefined || target === undefined || from === to) return;
    const key = `${kind}\n${from}\n${to}`;
    const edge = this.edges.get(key) ?? { from, to, kind, names: [] };
    if (!edge.names.includes(name)) edge.names.push(name);
    this.edges.set(key, edge);
    if (kind === 'supplies') target.layer = Math.max(target.layer, source.layer + 1);
  }

  nodeOf(def: CoreDef): string {
    if (def.kind === 'export') return `core ${def.instance}`;
    if (def.kind === 'trampoline') return this.trampolines[def.trampoline] ?? '';
    return def.kind === 'adapter' ? `adapter ${def.adapter}` : '';
  }

  addImports(): void {
    for (const { name, type } of this.plan.imports) {
      if (type.kind === 'type' || type.kind === 'resource' || type.kind === 'value') continue;
      const members = type.kind === 'instance' ? type.exports.filter((one) => one.type.kind === 'func') : [];
      this.add({
        id: `import ${name}`,
        kind: 'import',
        title: name,
        subtitle:
          type.kind === 'instance' ? `interface, ${count(members.length, 'function')}` : `imported ${type.kind}`,
        details: members.map((one) => one.name).join('\n'),
        layer: 0,
        indices: [],
      });
    }
  }

  addTrampolines(): void {
    const { plan } = this;
    const groups = new Map<string, { title: string; imported: string | null; indices: number[]; names: string[] }>();
    plan.trampolines.forEach((trampoline, i) => {
      const imported =
        trampoline.kind === 'lower-import' ? (plan.runtimeImports[trampoline.import]?.path[0] ?? null) : null;
      const id = `trampolines ${imported ?? 'built-ins'}`;
      const group = groups.get(id) ?? { title: imported ?? 'canonical built-ins', imported, indices: [], names: [] };
      group.indices.push(i);
      group.names.push(trampolineName(plan, trampoline, i));
      groups.set(id, group);
      this.trampolines[i] = id;
    });
    for (const [id, { title, imported, indices, names }] of groups) {
      const details = names.join('\n');
      const subtitle = count(names.length, 'trampoline');
      this.add({ id, kind: 'trampolines', title, subtitle, details, layer: 1, indices });
      if (imported === null) continue;
      for (const i of indices) {
        const trampoline = plan.trampolines[i]!;
        const path = trampoline.kind === 'lower-import' ? (plan.runtimeImports[trampoline.import]?.path ?? []) : [];
        this.connect(`import ${imported}`, id, path.at(-1) ?? '');
      }
    }
  }

  addCore(): void {
    const { plan } = this;
    for (const step of plan.initializers) {
      if (step.kind === 'instantiate-adapters') {
        for (const index of plan.adapterModules[step.module] ?? []) {
          const { name, lift, lower } = plan.adapters[index]!;
          const [callee, caller] = [lift, lower].map((side) => plan.options[side.options]?.instance);
          const between = `${instanceTitle(plan, caller!)} → ${instanceTitle(plan, callee!)}`;
          const id = `adapter ${index}`;
          this.add({
            id,
            kind: 'adapter',
            title: name,
            subtitle: `adapter ${index}`,
            details: between,
            layer: 0,
            indices: [index],
          });
          this.connect(this.nodeOf(lift.func), id, lift.func.kind === 'export' ? lift.func.name : name);
        }
      } else if (step.kind === 'instantiate-module') {
        const id = `core ${step.instance}`;
        this.add({
          id,
          kind: 'core',
          title: moduleTitle(plan, step.module),
          subtitle: `core instance ${step.instance}, in ${instanceTitle(plan, step.componentInstance)}`,
          details: `gets ${count(step.args.length, 'import')}`,
          layer: 0,
          indices: [step.instance],
        });
        for (const arg of step.args) this.connect(this.nodeOf(arg.def), id, `${arg.module} ${arg.name}`);
      }
    }
  }

  addExports(): void {
    const last = Math.max(0, ...[...this.nodes.values()].map((node) => node.layer)) + 1;
    for (const exported of this.plan.exports) {
      const functions = liftedFunctions(exported);
      if (functions.length === 0) continue;
      const id = `export ${exported.name}`;
      const subtitle =
        exported.kind === 'instance' ? `interface, ${count(functions.length, 'function')}` : 'exported function';
      const details = functions.map((one) => one.name).join('\n');
      this.add({ id, kind: 'export', title: exported.name, subtitle, details, layer: last, indices: [] });
      for (const one of functions) {
        const from =
          one.kind === 'lifted-func'
            ? this.nodeOf(one.func)
            : `import ${this.plan.runtimeImports[one.import]?.path[0]}`;
        this.connect(from, id, one.name);
        // Of a component that still has to be linked, exports refer to nothing.
        if (one.kind === 'lifted-func' && this.plan.unlinked.length === 0) this.connectOptions(one.options, id);
      }
    }
  }

  /** What the canonical options of trampolines and adapters name. */
  addOptions(): void {
    const { plan } = this;
    plan.trampolines.forEach((trampoline, i) => {
      if (trampoline.kind === 'lower-import') this.connectOptions(trampoline.options, this.trampolines[i] ?? '');
      if (trampoline.kind !== 'resource.drop') return;
      const resource = plan.resources[trampoline.resource];
      if (resource?.kind !== 'defined' || resource.dtor === null) return;
      this.connect(this.nodeOf(resource.dtor), this.trampolines[i] ?? '', 'destructor', 'options');
    });
    plan.adapters.forEach(({ lower, lift }, i) => {
      for (const side of [lower, lift]) this.connectOptions(side.options, `adapter ${i}`);
    });
  }

  connectOptions(index: OptionsIndex, to: string): void {
    const { plan } = this;
    const { memory, realloc, postReturn } = plan.options[index]!;
    const named: readonly (readonly [string, CoreDef | undefined])[] = [
      ['memory', memory === null ? undefined : plan.memories[memory]],
      ['realloc', realloc === null ? undefined : plan.reallocs[realloc]],
      ['post-return', postReturn === null ? undefined : plan.postReturns[postReturn]],
    ];
    for (const [name, def] of named) if (def !== undefined) this.connect(this.nodeOf(def), to, name, 'options');
  }
}

type FunctionExport = Extract<PlanExport, { readonly kind: 'lifted-func' | 'imported-func' }>;

function liftedFunctions(exported: PlanExport): FunctionExport[] {
  if (exported.kind === 'instance') return exported.exports.flatMap(liftedFunctions);
  return exported.kind === 'lifted-func' || exported.kind === 'imported-func' ? [exported] : [];
}

export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

export function graphOf(plan: ComponentPlan): Graph {
  const builder = new GraphBuilder(plan);
  builder.addImports();
  builder.addTrampolines();
  builder.addCore();
  builder.addExports();
  builder.addOptions();
  return { nodes: [...builder.nodes.values()], edges: [...builder.edges.values()] };
}
