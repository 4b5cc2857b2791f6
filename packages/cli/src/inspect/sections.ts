/**
 * The definitions of a component binary, as they stand. In: the decoded component. Out: text, a line a definition: byte
 * offset, index, what it is. Nested components are indented; types are summed up (`inspect --phase types` prints them).
 */
import type {
  Alias,
  Canon,
  ComponentAst,
  CoreInstanceExpr,
  Definition,
  DefType,
  ExternTypeAst,
  InstanceExpr,
  Sort,
} from '@gangway/component';

/** Index spaces of one component: how many of each sort there are so far. */
class Counts {
  readonly #next = new Map<Sort, number>();
  take(sort: Sort): number {
    const index = this.#next.get(sort) ?? 0;
    this.#next.set(sort, index + 1);
    return index;
  }
}

export function sectionsText(ast: ComponentAst): string {
  return `${lines(ast, 0).join('\n')}\n`;
}

function lines(ast: ComponentAst, depth: number): string[] {
  const counts = new Counts();
  const out: string[] = [];
  for (const definition of ast.definitions) {
    const sort = sortOf(definition);
    const index = sort === null ? '' : `${sort} ${counts.take(sort)}`;
    const offset = `0x${definition.offset.toString(16).padStart(8, '0')}`;
    out.push(`${offset}  ${'  '.repeat(depth)}${index.padEnd(16)} ${describe(definition)}`);
    if (definition.kind === 'component') out.push(...lines(definition.component, depth + 1));
  }
  return out;
}

/** The index space that a definition adds to; null for none (a start function may add several values). */
function sortOf(definition: Definition): Sort | null {
  switch (definition.kind) {
    case 'core-module':
      return 'core module';
    case 'core-instance':
      return 'core instance';
    case 'core-type':
      return definition.type.kind === 'module-type' ? 'core type' : 'core type';
    case 'component':
    case 'instance':
    case 'type':
    case 'value':
      return definition.kind;
    case 'alias':
      return definition.alias.sort;
    case 'canon':
      return definition.canon.kind === 'lift' ? 'func' : 'core func';
    case 'import':
      return definition.type.kind === 'core-module' ? 'core module' : definition.type.kind;
    case 'export':
      return definition.item.sort;
    case 'start':
    case 'custom':
      return null;
    default:
      return definition satisfies never;
  }
}

function describe(definition: Definition): string {
  switch (definition.kind) {
    case 'core-module':
      return `module of ${definition.range.end - definition.range.start} bytes`;
    case 'core-instance':
      return coreInstance(definition.expr);
    case 'core-type':
      return definition.type.kind;
    case 'component': {
      const { range, names } = definition.component;
      return `component of ${range.end - range.start} bytes${names.component === undefined ? '' : ` ${quote(names.component)}`}`;
    }
    case 'instance':
      return instance(definition.expr);
    case 'alias':
      return `= ${alias(definition.alias)}`;
    case 'type':
      return type(definition.type);
    case 'canon':
      return canon(definition.canon);
    case 'start':
      return `start func ${definition.func} (${definition.args.join(', ')}) -> ${definition.results} values`;
    case 'import':
      return `import ${quote(definition.name.name)}: ${externType(definition.type)}`;
    case 'export':
      return `export ${quote(definition.name.name)} = ${definition.item.sort} ${definition.item.index}`;
    case 'value':
      return `value of ${definition.bytes.end - definition.bytes.start} bytes`;
    case 'custom':
      return `custom section ${quote(definition.name)}, ${definition.range.end - definition.range.start} bytes`;
    default:
      return definition satisfies never;
  }
}

const quote = (text: string): string => JSON.stringify(text);

function coreInstance(expr: CoreInstanceExpr): string {
  if (expr.kind === 'instantiate') {
    const args = expr.args.map(({ name, instance: index }) => `${quote(name)} = core instance ${index}`);
    return `instantiate core module ${expr.module} (${args.join(', ')})`;
  }
  return `of ${expr.exports.map(({ name, item }) => `${quote(name)} = core ${item.sort} ${item.index}`).join(', ')}`;
}

function instance(expr: InstanceExpr): string {
  if (expr.kind === 'instantiate') {
    const args = expr.args.map(({ name, item }) => `${quote(name)} = ${item.sort} ${item.index}`);
    return `instantiate component ${expr.component} (${args.join(', ')})`;
  }
  return `of ${expr.exports.map(({ name, item }) => `${quote(name.name)} = ${item.sort} ${item.index}`).join(', ')}`;
}

function alias(one: Alias): string {
  switch (one.kind) {
    case 'export':
      return `export ${quote(one.name)} of instance ${one.instance}`;
    case 'core-export':
      return `export ${quote(one.name)} of core instance ${one.instance}`;
    case 'outer':
      return `${one.sort} ${one.index} of the component ${one.count} outside`;
    default:
      return one satisfies never;
  }
}

function type(one: DefType): string {
  switch (one.kind) {
    case 'prim':
      return one.prim;
    case 'func':
      return `func of ${one.params.length} parameters`;
    case 'instance-type':
    case 'component-type':
      return `${one.kind.replace('-', ' ')} of ${one.declarations.length} declarations`;
    case 'resource':
      return `resource (${typeof one.rep === 'string' ? one.rep : 'ref'})${one.dtor === undefined ? '' : ` with destructor: core func ${one.dtor}`}`;
    case 'own':
    case 'borrow':
      return `${one.kind} of type ${one.resource}`;
    default:
      return one.kind;
  }
}

function externType(one: ExternTypeAst): string {
  switch (one.kind) {
    case 'type':
      return one.bound.kind === 'eq' ? `type ${one.bound.type}` : 'a resource';
    case 'value':
      return 'value';
    default:
      return `${one.kind.replace('-', ' ')} of type ${one.type}`;
  }
}

function canon(one: Canon): string {
  const options = 'options' in one ? one.options.map(option).join('') : '';
  switch (one.kind) {
    case 'lift':
      return `lift core func ${one.func} as type ${one.type}${options}`;
    case 'lower':
      return `lower func ${one.func}${options}`;
    default:
      return `${one.kind}${'type' in one && typeof one.type === 'number' ? ` type ${one.type}` : ''}${options}`;
  }
}

function option(one: Extract<Canon, { readonly kind: 'lift' }>['options'][number]): string {
  return 'index' in one ? ` (${one.kind} ${one.index})` : ` (${one.kind})`;
}
