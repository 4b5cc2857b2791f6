/**
 * In: a decoded component. Out: its definitions in the order in which they stand, one line each, with byte offsets and
 * the index that each definition gets: `gangway inspect --phase sections`. Indices in the text are those of the binary.
 */
import type {
  Alias,
  Canon,
  ComponentAst,
  CoreDefType,
  CoreExternType,
  CoreInstanceExpr,
  CoreModuleDecl,
  Declaration,
  Definition,
  DefType,
  ExternName,
  ExternTypeAst,
  InstanceExpr,
  Sort,
  ValTypeAst,
} from '../binary/ast.ts';
import { coreValText } from './type-text.ts';

/** Lines that end in newlines; nested components are indented. */
export function sectionsText(ast: ComponentAst): string {
  const lines: string[] = [];
  writeComponent(ast, '', lines);
  return `${lines.join('\n')}\n`;
}

/** Counts up the index spaces of one component. */
class Indices {
  readonly #next = new Map<string, number>();
  /** The next index of `sort`. */
  take(sort: string): number {
    const index = this.#next.get(sort) ?? 0;
    this.#next.set(sort, index + 1);
    return index;
  }
}

function writeComponent(ast: ComponentAst, indent: string, lines: string[]): void {
  const name = ast.names.component === undefined ? '' : ` ${quote(ast.names.component)}`;
  lines.push(`${indent}component${name} ${hex(ast.range.start)}..${hex(ast.range.end)}`);
  const indices = new Indices();
  for (const definition of ast.definitions) {
    const place = `${indent}  ${hex(definition.offset)} `;
    if (definition.kind === 'component') {
      lines.push(`${place}component ${indices.take('component')} =`);
      writeComponent(definition.component, `${indent}    `, lines);
    } else {
      lines.push(place + definitionText(definition, indices).replaceAll('\n', `\n${indent}      `));
    }
  }
}

function definitionText(definition: Exclude<Definition, { readonly kind: 'component' }>, indices: Indices): string {
  switch (definition.kind) {
    case 'core-module': {
      const { start, end } = definition.range;
      return `core module ${indices.take('core module')} = ${hex(start)}..${hex(end)}, ${end - start} bytes`;
    }
    case 'core-instance':
      return `core instance ${indices.take('core instance')} = ${coreInstanceText(definition.expr)}`;
    case 'core-type':
      return coreTypeText(definition.type, indices);
    case 'instance':
      return `instance ${indices.take('instance')} = ${instanceText(definition.expr)}`;
    case 'alias':
      return `${definition.alias.sort} ${indices.take(definition.alias.sort)} = ${aliasText(definition.alias)}`;
    case 'type':
      return `type ${indices.take('type')} = ${typeText(definition.type)}`;
    case 'canon': {
      const sort = definition.canon.kind === 'lift' ? 'func' : 'core func';
      return `${sort} ${indices.take(sort)} = ${canonText(definition.canon)}`;
    }
    case 'start': {
      const { func, args, results } = definition;
      for (let i = 0; i < results; i++) indices.take('value');
      return `start func ${func}${args.map((arg) => ` (value ${arg})`).join('')} -> ${results} values`;
    }
    case 'import': {
      const sort = externSort(definition.type);
      return `${sort} ${indices.take(sort)} = import ${nameText(definition.name)} ${externText(definition.type)}`;
    }
    case 'export': {
      const { item, name, type } = definition;
      const ascribed = type === undefined ? '' : ` as ${externText(type)}`;
      return `${item.sort} ${indices.take(item.sort)} = export ${nameText(name)} ${item.sort} ${item.index}${ascribed}`;
    }
    case 'value':
      return `value ${indices.take('value')} = ${valueText(definition.type)}`;
    case 'custom': {
      const { start, end } = definition.range;
      return `custom ${quote(definition.name)}, ${end - start} bytes`;
    }
    default:
      return definition satisfies never;
  }
}

function coreInstanceText(expr: CoreInstanceExpr): string {
  if (expr.kind === 'exports') {
    return `exports${expr.exports.map(({ name, item }) => ` ${quote(name)} = core ${item.sort} ${item.index}`).join(',')}`;
  }
  const args = expr.args.map((arg) => ` ${quote(arg.name)} = core instance ${arg.instance}`).join(',');
  return `instantiate core module ${expr.module}${args === '' ? '' : ` with${args}`}`;
}

function instanceText(expr: InstanceExpr): string {
  if (expr.kind === 'exports') {
    return `exports${expr.exports.map(({ name, item }) => ` ${nameText(name)} = ${item.sort} ${item.index}`).join(',')}`;
  }
  const args = expr.args.map(({ name, item }) => ` ${quote(name)} = ${item.sort} ${item.index}`).join(',');
  return `instantiate component ${expr.component}${args === '' ? '' : ` with${args}`}`;
}

function aliasText(alias: Alias): string {
  switch (alias.kind) {
    case 'export':
      return `alias of instance ${alias.instance} export ${quote(alias.name)}`;
    case 'core-export':
      return `alias of core instance ${alias.instance} export ${quote(alias.name)}`;
    case 'outer':
      return `alias of ${alias.sort} ${alias.index}, ${alias.count} components out`;
    default:
      return alias satisfies never;
  }
}

function externSort(type: ExternTypeAst): Sort {
  return type.kind === 'core-module' ? 'core module' : type.kind;
}

function externText(type: ExternTypeAst): string {
  switch (type.kind) {
    case 'core-module':
      return `core module of core type ${type.type}`;
    case 'func':
    case 'component':
    case 'instance':
      return `${type.kind} of type ${type.type}`;
    case 'value':
      return type.bound.kind === 'eq' ? `value = ${type.bound.value}` : `value of ${valueText(type.bound.type)}`;
    case 'type':
      return type.bound.kind === 'eq' ? `type = ${type.bound.type}` : 'resource type';
    default:
      return type satisfies never;
  }
}

function valueText(type: ValTypeAst): string {
  return typeof type === 'number' ? `type ${type}` : type;
}

function typeText(type: DefType): string {
  const optional = (part: ValTypeAst | undefined): string => (part === undefined ? '_' : valueText(part));
  switch (type.kind) {
    case 'prim':
      return type.prim;
    case 'record':
      return `record { ${type.fields.map((field) => `${field.label}: ${valueText(field.type)}`).join(', ')} }`;
    case 'variant': {
      const cases = type.cases.map((item) =>
        item.type === undefined ? item.label : `${item.label}(${valueText(item.type)})`,
      );
      return `variant { ${cases.join(', ')} }`;
    }
    case 'list':
      return `list<${valueText(type.element)}${type.length === undefined ? '' : `, ${type.length}`}>`;
    case 'tuple':
      return `tuple<${type.types.map(valueText).join(', ')}>`;
    case 'flags':
    case 'enum':
      return `${type.kind} { ${type.labels.join(', ')} }`;
    case 'option':
      return `option<${valueText(type.type)}>`;
    case 'result':
      return `result<${optional(type.ok)}, ${optional(type.err)}>`;
    case 'own':
    case 'borrow':
      return `${type.kind}<type ${type.resource}>`;
    case 'stream':
    case 'future':
      return `${type.kind}<${optional(type.element)}>`;
    case 'map':
      return `map<${valueText(type.key)}, ${valueText(type.value)}>`;
    case 'func': {
      const params = type.params.map((param) => `${param.label}: ${valueText(param.type)}`).join(', ');
      return `${type.async ? 'async ' : ''}func(${params})${type.result === undefined ? '' : ` -> ${valueText(type.result)}`}`;
    }
    case 'component-type':
    case 'instance-type': {
      const indices = new Indices();
      const lines = type.declarations.map(
        (declaration) => `\n${declarationText(declaration, indices).replaceAll('\n', '\n  ')}`,
      );
      return `${type.kind === 'component-type' ? 'component' : 'instance'} type {${lines.join('')} }`;
    }
    case 'resource':
      return `resource, rep ${coreValText(type.rep)}${type.dtor === undefined ? '' : `, dtor core func ${type.dtor}`}`;
    default:
      return type satisfies never;
  }
}

function declarationText(declaration: Declaration, indices: Indices): string {
  switch (declaration.kind) {
    case 'core-type':
      return coreTypeText(declaration.type, indices);
    case 'type':
      return `type ${indices.take('type')} = ${typeText(declaration.type)}`;
    case 'alias':
      return `${declaration.alias.sort} ${indices.take(declaration.alias.sort)} = ${aliasText(declaration.alias)}`;
    case 'import':
    case 'export': {
      const sort = externSort(declaration.type);
      const { name, type } = declaration;
      return `${sort} ${indices.take(sort)} = ${declaration.kind} ${nameText(name)} ${externText(type)}`;
    }
    default:
      return declaration satisfies never;
  }
}

function coreTypeText(type: CoreDefType, indices: Indices): string {
  switch (type.kind) {
    case 'rec': {
      const [first, last] = [indices.take('core type'), type.types.length];
      for (let i = 1; i < last; i++) indices.take('core type');
      return `core types from ${first} = a recursive group of ${last}`;
    }
    case 'sub': {
      const { comp } = type.type;
      const text =
        comp.kind === 'func'
          ? `func(${comp.params.map(coreValText).join(' ')}) -> (${comp.results.map(coreValText).join(' ')})`
          : comp.kind;
      return `core type ${indices.take('core type')} = ${text}`;
    }
    case 'module-type':
      return `core type ${indices.take('core type')} = module type { ${type.declarations.map(moduleDeclText).join(', ')} }`;
    default:
      return type satisfies never;
  }
}

function moduleDeclText(declaration: CoreModuleDecl): string {
  switch (declaration.kind) {
    case 'import':
      return `import ${quote(declaration.module)} ${quote(declaration.name)} ${coreExternText(declaration.type)}`;
    case 'export':
      return `export ${quote(declaration.name)} ${coreExternText(declaration.type)}`;
    case 'type':
      return 'type';
    case 'alias':
      return `alias of core type ${declaration.index}, ${declaration.count} out`;
    default:
      return declaration satisfies never;
  }
}

function coreExternText(type: CoreExternType): string {
  return type.kind === 'func' || type.kind === 'tag' ? `${type.kind} of core type ${type.type}` : type.kind;
}

function canonText(canon: Canon): string {
  const parts: string[] = [`canon ${canon.kind}`];
  if ('func' in canon) parts.push(canon.kind === 'lift' ? `core func ${canon.func}` : `func ${canon.func}`);
  if ('result' in canon && canon.result !== undefined) parts.push(valueText(canon.result));
  if ('type' in canon) parts.push(typeof canon.type === 'number' ? `type ${canon.type}` : coreValText(canon.type));
  if ('slot' in canon) parts.push(`slot ${canon.slot}`);
  if ('memory' in canon) parts.push(`core memory ${canon.memory}`);
  if ('table' in canon) parts.push(`core table ${canon.table}`);
  if ('async' in canon && canon.async) parts.push('async');
  if ('cancellable' in canon && canon.cancellable) parts.push('cancellable');
  if ('shared' in canon && canon.shared) parts.push('shared');
  if ('options' in canon) {
    for (const option of canon.options) {
      if (!('index' in option)) parts.push(option.kind);
      else parts.push(`${option.kind} ${option.kind === 'memory' ? 'core memory' : 'core func'} ${option.index}`);
    }
  }
  return parts.join(', ').replace(', ', ' ');
}

function nameText(name: ExternName): string {
  const attributes = [
    name.implements === undefined ? '' : ` (implements ${quote(name.implements)})`,
    name.versionSuffix === undefined ? '' : ` (versionsuffix ${quote(name.versionSuffix)})`,
    name.externalId === undefined ? '' : ` (external-id ${quote(name.externalId)})`,
  ];
  return quote(name.name) + attributes.join('');
}

function quote(text: string): string {
  return JSON.stringify(text);
}

function hex(offset: number): string {
  return `0x${offset.toString(16)}`;
}
