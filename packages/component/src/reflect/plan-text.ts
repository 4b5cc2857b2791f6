/**
 * In: a plan. Out: a text of it for people, one line an item: `gangway inspect --phase plan` prints it, and the goldens
 * of translation are made of it. Everything that decides what happens at run time is in it.
 */
import { intrinsics } from '../intrinsics.ts';
import type {
  CanonicalOptions,
  ComponentPlan,
  CoreDef,
  ExternType,
  FuncTypeIndex,
  Initializer,
  ModuleRef,
  NamedExtern,
  PlanExport,
  PlanFuncType,
  PlanResource,
  PlanType,
  ResourceIndex,
  RuntimeImport,
  Trampoline,
  TypeIndex,
} from '../plan.ts';
import { coreExternText, definitionText, funcText, type TypeNames } from './type-text.ts';

/** Lines that end in newlines. Empty sections are left out. */
export function planText(plan: ComponentPlan): string {
  return `${new PlanPrinter(plan).lines().join('\n')}\n`;
}

class PlanPrinter {
  readonly #plan: ComponentPlan;
  readonly #names: TypeNames;

  constructor(plan: ComponentPlan) {
    this.#plan = plan;
    this.#names = {
      type: (index) => {
        const type = plan.types[index];
        const named =
          type?.kind === 'record' || type?.kind === 'variant' || type?.kind === 'enum' || type?.kind === 'flags';
        return named ? `type${index}` : null;
      },
      resource: (index) => this.#resourceName(index),
    };
  }

  lines(): string[] {
    const plan = this.#plan;
    const lines = [`component${plan.name === null ? '' : ` ${JSON.stringify(plan.name)}`}`];
    const section = (title: string, items: readonly string[]): void => {
      if (items.length > 0) lines.push(`  ${title}`, ...items.map((item) => `    ${item.replaceAll('\n', '\n    ')}`));
    };
    const named = plan.types.flatMap((type, i) => {
      const name = this.#names.type(i as TypeIndex);
      return name === null ? [] : [`${name} = ${this.#definition(type)}`];
    });
    section('types', named);
    section(
      'resources',
      plan.resources.map((resource, i) => `${this.#resourceName(i as ResourceIndex)} = ${this.#resource(resource)}`),
    );
    section(
      'modules',
      plan.modules.map(({ source, start, end, name }, i) => {
        const place = `${hex(start)}..${hex(end)}${source === 0 ? '' : ` of linked ${source - 1}`}`;
        return `module${i} = ${place}${name === null ? '' : ` ${JSON.stringify(name)}`}`;
      }),
    );
    section(
      'linked components',
      plan.linked.map((name, i) => `${i} = ${JSON.stringify(name)}`),
    );
    section(
      'unlinked components',
      plan.unlinked.map((name) => JSON.stringify(name)),
    );
    section(
      'component instances',
      plan.componentInstances.map(({ parent, name }, i) => {
        return `instance${i}${parent === null ? '' : ` in instance${parent}`}${name === null ? '' : ` ${JSON.stringify(name)}`}`;
      }),
    );
    section('imports', this.#externs(plan.imports));
    section(
      'runtime imports',
      plan.runtimeImports.map((item, i) => `import${i} = ${this.#runtimeImport(item)}`),
    );
    section(
      'options',
      plan.options.map((options, i) => `options${i} = ${optionsText(options)}`),
    );
    for (const [title, defs] of [
      ['memory', plan.memories],
      ['table', plan.tables],
      ['realloc', plan.reallocs],
      ['callback', plan.callbacks],
      ['post-return', plan.postReturns],
    ] as const) {
      section(
        `${title} slots`,
        defs.map((def, i) => `${title}${i} = ${coreDefText(def)}`),
      );
    }
    section(
      'trampolines',
      plan.trampolines.map((trampoline, i) => `trampoline${i} = ${this.#trampoline(trampoline)}`),
    );
    section(
      'adapters',
      plan.adapters.map((adapter, i) => {
        const { name, lower, lift, entering } = adapter;
        const enters =
          entering === null ? 'always traps' : `enters ${entering.map((index) => `instance${index}`).join(' ')}`;
        const type = this.#func(lower.type);
        const lifted = lift.type === lower.type ? '' : ` ${this.#func(lift.type)}`;
        return (
          `adapter${i} = ${JSON.stringify(name)} ${type}\n  lower options${lower.options}\n` +
          `  lift ${coreDefText(lift.func)} options${lift.options}${lifted}\n  ${enters}`
        );
      }),
    );
    section(
      'initializers',
      plan.initializers.map((initializer) => this.#initializer(initializer)),
    );
    section('exports', this.#exports(plan.exports));
    const counts = Object.entries(plan.counts).filter(([, count]) => count > 0);
    section('counts', [counts.map(([name, count]) => `${name} ${count}`).join(', ')]);
    if (plan.mayThrow) lines.push('  may throw');
    return lines;
  }

  #definition(type: PlanType): string {
    return definitionText(this.#plan, type, this.#names);
  }

  #func(type: FuncTypeIndex): string {
    return funcText(this.#plan, this.#plan.funcTypes[type] as PlanFuncType, this.#names);
  }

  #resourceName(index: ResourceIndex): string {
    return `${this.#plan.resources[index]?.name ?? 'resource'}/${index}`;
  }

  #resource(resource: PlanResource): string {
    switch (resource.kind) {
      case 'imported':
        return `import${resource.import}`;
      case 'defined':
        return `defined by instance${resource.instance}, dtor ${resource.dtor === null ? 'none' : coreDefText(resource.dtor)}`;
      case 'abstract':
        return 'abstract';
      default:
        return resource satisfies never;
    }
  }

  #runtimeImport(item: RuntimeImport): string {
    const path = item.path.map((name) => JSON.stringify(name)).join(' ');
    switch (item.kind) {
      case 'func':
        return `${path} ${this.#func(item.type)}`;
      case 'resource':
        return `${path} resource ${this.#resourceName(item.resource)}`;
      case 'core-module':
      case 'component':
        return `${path} ${item.kind}`;
      default:
        return item satisfies never;
    }
  }

  #trampoline(trampoline: Trampoline): string {
    switch (trampoline.kind) {
      case 'lower-import': {
        const { lowering, options, type } = trampoline;
        return `lower import${trampoline.import} lowering${lowering} options${options} ${this.#func(type)}`;
      }
      case 'resource.new':
      case 'resource.rep':
      case 'resource.drop':
        return `${trampoline.kind} ${this.#resourceName(trampoline.resource)} in instance${trampoline.instance}`;
      case 'context.get':
      case 'context.set':
        return `${trampoline.kind} ${trampoline.type} ${trampoline.slot}`;
      case 'unsupported': {
        const { canon, params, results, instance } = trampoline;
        return `unsupported ${canon} (${params.join(' ')}) -> (${results.join(' ')}) in instance${instance}`;
      }
      default:
        return trampoline satisfies never;
    }
  }

  #initializer(initializer: Initializer): string {
    switch (initializer.kind) {
      case 'instantiate-module': {
        const { instance, module, args, componentInstance } = initializer;
        const lines = args.map(
          (arg) => `\n  ${JSON.stringify(arg.module)} ${JSON.stringify(arg.name)} ${coreDefText(arg.def)}`,
        );
        return `core${instance} = instantiate ${moduleRefText(module)} in instance${componentInstance}${lines.join('')}`;
      }
      case 'instantiate-adapters': {
        const adapters = this.#plan.adapterModules[initializer.module] ?? [];
        return `instantiate adapters ${adapters.map((index) => `adapter${index}`).join(' ')}`;
      }
      case 'lower-import':
        return `lowering${initializer.lowering} = import${initializer.import}`;
      case 'extract-memory':
        return `extract memory${initializer.memory}`;
      case 'extract-table':
        return `extract table${initializer.table}`;
      case 'extract-realloc':
        return `extract realloc${initializer.realloc}`;
      case 'extract-callback':
        return `extract callback${initializer.callback}`;
      case 'extract-post-return':
        return `extract post-return${initializer.postReturn}`;
      case 'resource':
        return `define ${this.#resourceName(initializer.resource)}`;
      default:
        return initializer satisfies never;
    }
  }

  #exports(exports: readonly PlanExport[]): string[] {
    return exports.map((item) => `${nameText(item)} ${this.#export(item)}`);
  }

  #export(item: PlanExport): string {
    switch (item.kind) {
      case 'lifted-func':
        return `= lift ${coreDefText(item.func)} options${item.options} ${this.#func(item.type)}`;
      case 'imported-func':
        return `= import${item.import} ${this.#func(item.type)}`;
      case 'instance':
        return indent(['instance', ...this.#exports(item.exports)].join('\n'));
      case 'core-module':
        return `= ${moduleRefText(item.module)}`;
      case 'type':
        return `type ${this.#typeText(item.type)}`;
      case 'resource':
        return `resource ${this.#resourceName(item.resource)}`;
      case 'component':
        if ('import' in item.component) return `= import${item.component.import}`;
        return indent(planText(item.component).trimEnd());
      default:
        return item satisfies never;
    }
  }

  #typeText(index: TypeIndex): string {
    return this.#names.type(index) ?? this.#definition(this.#plan.types[index] as PlanType);
  }

  #externs(externs: readonly NamedExtern[]): string[] {
    return externs.map((extern) => `${nameText(extern)} ${this.#extern(extern.type)}`);
  }

  #extern(type: ExternType): string {
    const block = (title: string, externs: readonly NamedExtern[]): string =>
      indent([title, ...this.#externs(externs)].join('\n'));
    switch (type.kind) {
      case 'func':
        return this.#func(type.type);
      case 'instance':
        return block('instance', type.exports);
      case 'component':
        return `component\n  ${indent(block('imports', type.imports))}\n  ${indent(block('exports', type.exports))}`;
      case 'core-module': {
        const imports = type.type.imports.map(
          (entry) =>
            `\n  import ${JSON.stringify(entry.module)} ${JSON.stringify(entry.name)} ${coreExternText(entry.type)}`,
        );
        const exports = type.type.exports.map(
          (entry) => `\n  export ${JSON.stringify(entry.name)} ${coreExternText(entry.type)}`,
        );
        return `core module${imports.join('')}${exports.join('')}`;
      }
      case 'type':
      case 'value':
        return `${type.kind} ${this.#typeText(type.type)}`;
      case 'resource':
        return `resource ${this.#resourceName(type.resource)}`;
      default:
        return type satisfies never;
    }
  }
}

/** Where a core definition comes from, in the names that the plan's text uses. */
export function coreDefText(def: CoreDef): string {
  switch (def.kind) {
    case 'export':
      return `core${def.instance} ${def.sort} ${JSON.stringify(def.name)}`;
    case 'trampoline':
      return `trampoline${def.trampoline}`;
    case 'adapter':
      return `adapter${def.adapter}`;
    case 'intrinsic':
      return `intrinsic ${intrinsics[def.intrinsic]?.name}`;
    default:
      return def satisfies never;
  }
}

function moduleRefText(module: ModuleRef): string {
  return module.kind === 'static' ? `module${module.module}` : `import${module.import}`;
}

function optionsText(options: CanonicalOptions): string {
  const parts = [`instance${options.instance}`, options.stringEncoding];
  if (options.memory !== null) parts.push(`memory${options.memory}`);
  if (options.address === 'i64') parts.push('i64');
  if (options.realloc !== null) parts.push(`realloc${options.realloc}`);
  if (options.postReturn !== null) parts.push(`post-return${options.postReturn}`);
  if (options.callback !== null) parts.push(`callback${options.callback}`);
  if (options.async) parts.push('async');
  return parts.join(' ');
}

function nameText(item: { readonly name: string; readonly implements?: string; readonly externalId?: string }): string {
  const { name, externalId } = item;
  const id = externalId === undefined ? '' : ` (external-id ${JSON.stringify(externalId)})`;
  return `${JSON.stringify(name)}${item.implements === undefined ? '' : ` (implements ${item.implements})`}${id}`;
}

/** The lines after the first, two spaces further in. */
function indent(text: string): string {
  return text.replaceAll('\n', '\n  ');
}

function hex(offset: number): string {
  return `0x${offset.toString(16)}`;
}
