/**
 * In: a plan. Out: its imports and exports in the syntax of WIT, for people: `gangway inspect --phase types`.
 *
 * It is WIT-like, not WIT: a plan has no packages and no documentation, types that nobody named are written out, and
 * core modules and components stand among the imports. Types of another interface are shown by `use`.
 */
import type { ComponentPlan, PlanFuncType, PlanType, ResourceIndex, TypeIndex } from '../plan.ts';
import {
  coreExternText,
  definitionText,
  escapeId,
  funcText,
  memberTexts,
  signatureText,
  type TypeNames,
} from './type-text.ts';
import { exportTypes, type FuncItem, type ResourceItem, sortExterns, type World } from './world.ts';

/** A `world` with the imports and exports of the component. */
export function witText(plan: ComponentPlan): string {
  return `${new WitPrinter(plan).component(plan.name ?? 'root').join('\n')}\n`;
}

/** Longer definitions are broken up, member by member. In characters. */
const MAX_LINE = 80;

/** Where a type or resource got its name. */
interface Home {
  /** The interface; null for the world itself. */
  readonly scope: string | null;
  readonly name: string;
}

/** The names of one interface or world, those of the scopes around it behind them. */
interface Names {
  readonly types: Map<TypeIndex, string>;
  readonly resources: Map<ResourceIndex, string>;
}

class WitPrinter {
  readonly #plan: ComponentPlan;
  /** Where each nominal type was named first. */
  readonly #typeHomes = new Map<TypeIndex, Home>();
  readonly #resourceHomes = new Map<ResourceIndex, Home>();

  /** Exported components that are defined inside: their types are those of their own plans. */
  readonly #defined = new Map<string, ComponentPlan>();

  constructor(plan: ComponentPlan) {
    this.#plan = plan;
    for (const item of plan.exports) {
      if (item.kind === 'component' && !('import' in item.component)) this.#defined.set(item.name, item.component);
    }
  }

  component(name: string): string[] {
    const imports = sortExterns(this.#plan.imports);
    const exports = sortExterns(exportTypes(this.#plan).filter((extern) => !this.#defined.has(extern.name)));
    const lines = this.#component(imports, exports);
    for (const [inner, plan] of this.#defined) {
      const [, ...rest] = new WitPrinter(plan).component('');
      lines.push(`export ${escapeId(inner)}: component {`, ...rest);
    }
    return block(`world ${name}`, lines);
  }

  #component(imports: World, exports: World): string[] {
    const names: Names = { types: new Map(), resources: new Map() };
    return [...this.#items('import', imports, names), ...this.#items('export', exports, names)];
  }

  /** The items of a world; `names` grows by what they name. */
  #items(direction: 'import' | 'export', world: World, names: Names): string[] {
    const lines: string[] = [];
    // Interfaces come first: types of the world are mostly taken from them.
    for (const item of world.interfaces) {
      const note = item.implements === undefined ? [] : [`// implements ${item.implements}`];
      lines.push(
        ...note,
        `${direction} ${item.name}: interface {`,
        ...indent(this.#interface(item.name, item.world)),
        '}',
      );
    }
    lines.push(...this.#definitions(null, world, names, direction));
    for (const func of world.funcs) {
      lines.push(
        `${direction} ${escapeId(func.name)}: ${funcText(this.#plan, this.#func(func), this.#typeNames(names))};`,
      );
    }
    for (const { name, type } of world.modules) {
      const inner = [
        ...type.imports.map(
          (entry) =>
            `import ${JSON.stringify(entry.module)} ${JSON.stringify(entry.name)}: ${coreExternText(entry.type)};`,
        ),
        ...type.exports.map((entry) => `export ${JSON.stringify(entry.name)}: ${coreExternText(entry.type)};`),
      ];
      lines.push(...block(`${direction} ${escapeId(name)}: core module`, inner));
    }
    for (const item of world.components) {
      lines.push(
        ...block(
          `${direction} ${escapeId(item.name)}: component`,
          new WitPrinter(this.#plan).#component(item.imports, item.exports),
        ),
      );
    }
    return lines;
  }

  #interface(name: string, world: World): string[] {
    const names: Names = { types: new Map(), resources: new Map() };
    const lines = this.#definitions(name, world, names, null);
    for (const func of world.funcs) {
      lines.push(`${escapeId(func.name)}: ${funcText(this.#plan, this.#func(func), this.#typeNames(names))};`);
    }
    for (const item of world.interfaces) {
      lines.push(...block(`${item.name}: interface`, this.#interface(item.name, item.world)));
    }
    return lines;
  }

  /** `use`s, types and resources. `direction` is written before resources of a world. */
  #definitions(scope: string | null, world: World, names: Names, direction: string | null): string[] {
    const uses = new Map<string, string[]>();
    const lines: string[] = [];
    const use = (home: Home, name: string): void => {
      const list = uses.get(home.scope ?? '') ?? [];
      uses.set(home.scope ?? '', list);
      list.push(home.name === name ? escapeId(name) : `${escapeId(home.name)} as ${escapeId(name)}`);
    };
    // Names first: a type may mention a resource that stands behind it.
    const ownResources: ResourceItem[] = [];
    for (const item of world.resources) {
      if (!names.resources.has(item.resource)) names.resources.set(item.resource, item.name);
      const home = this.#resourceHomes.get(item.resource);
      const members = item.constructors.length + item.methods.length + item.statics.length;
      if (home === undefined) this.#resourceHomes.set(item.resource, { scope, name: item.name });
      if (home === undefined || (members > 0 && home.scope !== scope)) ownResources.push(item);
      else use(home, item.name);
    }
    for (const { name, type } of world.types) {
      const definition = this.#plan.types[type] as PlanType;
      const home = this.#typeHomes.get(type);
      if (home !== undefined && isNominal(definition) && home.scope !== scope) {
        use(home, name);
        names.types.set(type, name);
        continue;
      }
      const known = isNominal(definition) ? names.types.get(type) : undefined;
      lines.push(...this.#typeDefinition(name, definition, known, names));
      if (isNominal(definition) && known === undefined) {
        names.types.set(type, name);
        this.#typeHomes.set(type, { scope, name });
      }
    }
    for (const item of ownResources) lines.push(...this.#resource(item, names, direction));
    const useLines = [...uses].map(([from, list]) => {
      return from === '' ? `// of the world: ${list.join(', ')}` : `use ${from}.{${list.join(', ')}};`;
    });
    return [...useLines, ...lines];
  }

  #typeDefinition(name: string, type: PlanType, known: string | undefined, names: Names): string[] {
    if (known !== undefined) return [`type ${escapeId(name)} = ${escapeId(known)};`];
    const typeNames = this.#typeNames(names);
    if (!isNominal(type)) return [`type ${escapeId(name)} = ${definitionText(this.#plan, type, typeNames)};`];
    const members = memberTexts(this.#plan, type, typeNames);
    const line = `${type.kind} ${escapeId(name)} { ${members.join(', ')} }`;
    if (line.length <= MAX_LINE) return [line];
    return block(
      `${type.kind} ${escapeId(name)}`,
      members.map((member) => `${member},`),
    );
  }

  #resource(item: ResourceItem, names: Names, direction: string | null): string[] {
    const typeNames = this.#typeNames(names);
    const lines: string[] = [];
    for (const func of item.constructors) {
      const type = this.#func(func);
      const plain = type.result !== null && this.#plan.types[type.result]?.kind === 'own';
      lines.push(`constructor${signatureText(this.#plan, plain ? { ...type, result: null } : type, typeNames)};`);
    }
    for (const func of item.methods) {
      lines.push(`${escapeId(func.label)}: ${funcText(this.#plan, this.#func(func), typeNames, 'self')};`);
    }
    for (const func of item.statics) {
      const text = funcText(this.#plan, this.#func(func), typeNames);
      lines.push(`${escapeId(func.label)}: static ${text};`);
    }
    const title = `${direction === null ? '' : `${direction} `}resource ${escapeId(item.name)}`;
    return lines.length === 0 ? [`${title};`] : block(title, lines);
  }

  #func(func: FuncItem): PlanFuncType {
    return this.#plan.funcTypes[func.type] as PlanFuncType;
  }

  #typeNames(names: Names): TypeNames {
    return {
      type: (index) => {
        const local = names.types.get(index);
        if (local !== undefined) return escapeId(local);
        const home = this.#typeHomes.get(index);
        return home === undefined ? null : qualified(home);
      },
      resource: (index) => {
        const local = names.resources.get(index);
        if (local !== undefined) return escapeId(local);
        const home = this.#resourceHomes.get(index);
        return home === undefined ? (this.#plan.resources[index]?.name ?? `resource-${index}`) : qualified(home);
      },
    };
  }
}

/** Types that have a name of their own in WIT; others are written out wherever they stand. */
function isNominal(type: PlanType): type is PlanType & { readonly kind: 'record' | 'variant' | 'enum' | 'flags' } {
  return type.kind === 'record' || type.kind === 'variant' || type.kind === 'enum' || type.kind === 'flags';
}

function qualified({ scope, name }: Home): string {
  return scope === null ? escapeId(name) : `${scope}.{${name}}`;
}

function block(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [`${title} {}`] : [`${title} {`, ...indent(lines), '}'];
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
