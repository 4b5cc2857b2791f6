/**
 * What a component imports and exports, as WIT-like text. In: reflection. Out: text for people; its types read as WIT,
 * its names are the component's own.
 *
 * A record, variant, enum or set of flags is written out where it first has a name, and by that name from then on; a
 * resource stands with its functions where it first appears.
 */
import type { ExternInfo, FuncInfo, ResourceInfo, ValueInfo } from '@gangway/host';

interface Named {
  readonly name: string;
  readonly scope: string;
}

export function witText(imports: readonly ExternInfo[], exports: readonly ExternInfo[]): string {
  const printer = new WitPrinter();
  const lines = [
    ...imports.flatMap((one) => printer.item('import', one)),
    ...exports.flatMap((one) => printer.item('export', one)),
  ];
  return `${lines.join('\n')}\n`;
}

const indent = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

const member = /^\[(constructor|method|static)\]([^.]+)(?:\.(.*))?$/;

class WitPrinter {
  readonly #types = new Map<ValueInfo, Named>();
  /** Types that stand in the text already. */
  readonly #written = new Set<ValueInfo>();
  readonly #resources = new Map<ResourceInfo, Named>();

  /** One import or export of the root. */
  item(direction: 'import' | 'export', one: ExternInfo): string[] {
    switch (one.kind) {
      case 'instance':
        return [`${direction} ${one.name}: interface {`, ...indent(this.#scope(one.name, one.exports)), '}'];
      case 'func':
        return [`${direction} ${one.name}: ${this.#func(one.type)};`];
      case 'component':
        return [`${direction} ${one.name}: component {`, ...indent(this.#component(one.imports, one.exports)), '}'];
      case 'core-module':
        return [
          `${direction} ${one.name}: core module of ${one.type.imports.length} imports, ${one.type.exports.length} exports;`,
        ];
      case 'type':
      case 'resource':
        return this.#scope('', [one]).map((line, i) => (i === 0 ? `${direction} ${line}` : line));
      case 'value':
        return [`${direction} ${one.name}: value ${this.#value(one.type)};`];
      default:
        return one satisfies never;
    }
  }

  #component(imports: readonly ExternInfo[], exports: readonly ExternInfo[]): string[] {
    return [
      ...imports.flatMap((one) => this.item('import', one)),
      ...exports.flatMap((one) => this.item('export', one)),
    ];
  }

  /** The members of an interface. */
  #scope(scope: string, exports: readonly ExternInfo[]): string[] {
    for (const one of exports) {
      const nominal = one.kind === 'type' && ['record', 'variant', 'enum', 'flags'].includes(one.type.kind);
      if (nominal && !this.#types.has(one.type)) this.#types.set(one.type, { name: one.name, scope });
    }
    return exports.flatMap((one) => {
      switch (one.kind) {
        case 'func':
          return member.test(one.name) ? [] : [`${one.name}: ${this.#func(one.type)};`];
        case 'type':
          return this.#type(scope, one.name, one.type);
        case 'resource':
          return this.#resource(scope, one.name, one.resource, exports);
        default:
          return this.item('export', one);
      }
    });
  }

  #type(scope: string, name: string, type: ValueInfo): string[] {
    const known = this.#types.get(type);
    const body = this.#body(type);
    if (known === undefined || body === null) return [`type ${name} = ${this.#value(type)};`];
    if (known.name !== name) return [`type ${name} = ${known.name};`];
    if (known.scope !== scope) return [`use ${known.scope}.{${name}};`];
    if (this.#written.has(type)) return [];
    this.#written.add(type);
    return [`${type.kind} ${name} {`, ...indent(body), '}'];
  }

  /** The lines of a type that has a name in WIT; null for the others. */
  #body(type: ValueInfo): string[] | null {
    switch (type.kind) {
      case 'record':
        return type.fields.map((field) => `${field.name}: ${this.#value(field.type)},`);
      case 'variant':
        return type.cases.map((one) => (one.type === null ? `${one.name},` : `${one.name}(${this.#value(one.type)}),`));
      case 'enum':
      case 'flags':
        return type.names.map((name) => `${name},`);
      default:
        return null;
    }
  }

  #resource(scope: string, name: string, resource: ResourceInfo, exports: readonly ExternInfo[]): string[] {
    const known = this.#resources.get(resource);
    const functions = exports.flatMap((one) => {
      const [, kind, owner, label = ''] = one.kind === 'func' ? (member.exec(one.name) ?? []) : [];
      if (one.kind !== 'func' || owner !== name) return [];
      if (kind === 'constructor') return [`constructor${this.#params(one.type, 0)};`];
      return [`${label}: ${kind === 'static' ? 'static ' : ''}${this.#func(one.type, kind === 'method' ? 1 : 0)};`];
    });
    if (known !== undefined && functions.length === 0) {
      if (known.name !== name) return [`type ${name} = ${known.name};`];
      return known.scope === scope ? [] : [`use ${known.scope}.{${name}};`];
    }
    if (known === undefined) this.#resources.set(resource, { name, scope });
    return functions.length === 0 ? [`resource ${name};`] : [`resource ${name} {`, ...indent(functions), '}'];
  }

  #params(type: FuncInfo, skip: number): string {
    return `(${type.params
      .slice(skip)
      .map((param) => `${param.name}: ${this.#value(param.type)}`)
      .join(', ')})`;
  }

  /** `skip` leaves out `self`. */
  #func(type: FuncInfo, skip = 0): string {
    const result = type.result === null ? '' : ` -> ${this.#value(type.result)}`;
    return `${type.async ? 'async ' : ''}func${this.#params(type, skip)}${result}`;
  }

  #value(type: ValueInfo): string {
    const known = this.#types.get(type);
    if (known !== undefined) return known.name;
    const text = (one: ValueInfo): string => this.#value(one);
    switch (type.kind) {
      case 'list':
        return type.length === null ? `list<${text(type.element)}>` : `list<${text(type.element)}, ${type.length}>`;
      case 'tuple':
        return `tuple<${type.types.map(text).join(', ')}>`;
      case 'record':
      case 'variant':
      case 'enum':
      case 'flags':
        return `${type.kind} { ${(this.#body(type) ?? []).join(' ').replace(/,$/, '')} }`;
      case 'option':
        return `option<${text(type.type)}>`;
      case 'result': {
        if (type.err !== null) return `result<${type.ok === null ? '_' : text(type.ok)}, ${text(type.err)}>`;
        return type.ok === null ? 'result' : `result<${text(type.ok)}>`;
      }
      case 'map':
        return `map<${text(type.key)}, ${text(type.value)}>`;
      case 'own':
        return this.#resourceName(type.resource);
      case 'borrow':
        return `borrow<${this.#resourceName(type.resource)}>`;
      case 'stream':
      case 'future':
        return type.element === null ? type.kind : `${type.kind}<${text(type.element)}>`;
      default:
        return type.kind;
    }
  }

  #resourceName(resource: ResourceInfo): string {
    return this.#resources.get(resource)?.name ?? resource.name ?? 'resource';
  }
}
