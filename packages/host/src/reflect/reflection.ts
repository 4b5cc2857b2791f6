/**
 * Reflection: imports and exports as types that stand for themselves. In: a plan. Out: trees without indices. A type that
 * occurs twice is one object, so the trees stay as small as the plan.
 */
import type {
  ComponentPlan,
  CoreModuleType,
  ExternType,
  FuncTypeIndex,
  NamedExtern,
  PlanExport,
  PlanFuncType,
  PlanType,
  ResourceIndex,
  TypeIndex,
} from '@gangway/component/plan';

/** A resource type; the same object wherever the component means the same resource. */
export interface ResourceInfo {
  readonly name: string | null;
  /** Whether the embedder supplies it, the component defines it, or it belongs to the type of a component. */
  readonly origin: 'imported' | 'defined' | 'abstract';
}

/** The kinds without parts: numbers, bool, char, string, error-context. */
type ScalarKind = Exclude<
  PlanType['kind'],
  | 'list'
  | 'record'
  | 'tuple'
  | 'variant'
  | 'enum'
  | 'flags'
  | 'option'
  | 'result'
  | 'map'
  | 'own'
  | 'borrow'
  | 'stream'
  | 'future'
>;

export type ValueInfo =
  | { readonly kind: ScalarKind }
  | { readonly kind: 'list'; readonly element: ValueInfo; readonly length: number | null }
  | { readonly kind: 'record'; readonly fields: readonly { readonly name: string; readonly type: ValueInfo }[] }
  | { readonly kind: 'tuple'; readonly types: readonly ValueInfo[] }
  | { readonly kind: 'variant'; readonly cases: readonly { readonly name: string; readonly type: ValueInfo | null }[] }
  | { readonly kind: 'enum' | 'flags'; readonly names: readonly string[] }
  | { readonly kind: 'option'; readonly type: ValueInfo }
  | { readonly kind: 'result'; readonly ok: ValueInfo | null; readonly err: ValueInfo | null }
  | { readonly kind: 'map'; readonly key: ValueInfo; readonly value: ValueInfo }
  | { readonly kind: 'own' | 'borrow'; readonly resource: ResourceInfo }
  | { readonly kind: 'stream' | 'future'; readonly element: ValueInfo | null };

export interface FuncInfo {
  readonly async: boolean;
  readonly params: readonly { readonly name: string; readonly type: ValueInfo }[];
  readonly result: ValueInfo | null;
}

export type ExternInfo = { readonly name: string } & (
  | { readonly kind: 'func'; readonly type: FuncInfo }
  | { readonly kind: 'instance'; readonly exports: readonly ExternInfo[] }
  | { readonly kind: 'component'; readonly imports: readonly ExternInfo[]; readonly exports: readonly ExternInfo[] }
  | { readonly kind: 'core-module'; readonly type: CoreModuleType }
  | { readonly kind: 'type' | 'value'; readonly type: ValueInfo }
  | { readonly kind: 'resource'; readonly resource: ResourceInfo }
);

/** What has a name: an import, something in the type of an instance or a component, or an export of the plan itself. */
type Named = NamedExtern | PlanExport;

export class Reflection {
  readonly #plan: ComponentPlan;
  // By the plan's indices: what has been asked for.
  readonly #values: ValueInfo[] = [];
  readonly #funcs: FuncInfo[] = [];
  readonly #resources: ResourceInfo[] = [];
  #imports: readonly ExternInfo[] | undefined;
  #exports: readonly ExternInfo[] | undefined;

  constructor(plan: ComponentPlan) {
    this.#plan = plan;
  }

  get imports(): readonly ExternInfo[] {
    return (this.#imports ??= this.#all(this.#plan.imports));
  }
  get exports(): readonly ExternInfo[] {
    return (this.#exports ??= this.#all(this.#plan.exports));
  }

  #all(list: readonly Named[]): ExternInfo[] {
    return list.map((named) => this.#extern(named.name, 'kind' in named ? named : named.type));
  }

  #extern(name: string, of: ExternType | PlanExport): ExternInfo {
    switch (of.kind) {
      case 'func':
      case 'lifted-func':
      case 'imported-func':
        return { name, kind: 'func', type: this.#func(of.type) };
      case 'instance':
        return { name, kind: of.kind, exports: this.#all(of.exports) };
      case 'component': {
        if ('imports' in of)
          return { name, kind: of.kind, imports: this.#all(of.imports), exports: this.#all(of.exports) };
        const { component } = of;
        if (!('import' in component)) {
          const { imports, exports } = new Reflection(component);
          return { name, kind: of.kind, imports, exports };
        }
        const { path } = this.#plan.runtimeImports[component.import]!;
        return this.#extern(name, findExtern(this.#plan.imports, path) ?? { kind: of.kind, imports: [], exports: [] });
      }
      case 'core-module':
        return { name, kind: of.kind, type: of.type };
      case 'type':
      case 'value':
        return { name, kind: of.kind, type: this.#value(of.type) };
      case 'resource':
        return { name, kind: of.kind, resource: this.#resource(of.resource) };
      default:
        return of satisfies never;
    }
  }

  #func(index: FuncTypeIndex): FuncInfo {
    const make = ({ async, params, result }: PlanFuncType): FuncInfo => ({
      async,
      params: params.map(({ name, type }) => ({ name, type: this.#value(type) })),
      result: this.#optional(result),
    });
    return (this.#funcs[index] ??= make(this.#plan.funcTypes[index]!));
  }

  #optional(index: TypeIndex | null): ValueInfo | null {
    return index === null ? null : this.#value(index);
  }

  #value(index: TypeIndex): ValueInfo {
    return (this.#values[index] ??= this.#makeValue(this.#plan.types[index]!));
  }

  #makeValue(type: PlanType): ValueInfo {
    const parts = Object.entries(type).map(([key, part]) => [key, this.#part(key, part)]);
    return Object.fromEntries(parts) as ValueInfo;
  }

  /** A property of a type in the plan, with what its indices stand for. */
  #part(key: string, part: unknown): unknown {
    switch (key) {
      case 'element':
      case 'type':
      case 'ok':
      case 'err':
      case 'key':
      case 'value':
        return this.#optional(part as TypeIndex | null);
      case 'types':
        return (part as readonly TypeIndex[]).map((index) => this.#value(index));
      case 'fields':
      case 'cases':
        return (part as readonly { readonly name: string; readonly type: TypeIndex | null }[]).map((one) => ({
          name: one.name,
          type: this.#optional(one.type),
        }));
      case 'resource':
        return this.#resource(part as ResourceIndex);
      default:
        // The kind, the length of a list, the names of an enum or flags.
        return part;
    }
  }

  #resource(index: ResourceIndex): ResourceInfo {
    const { name, kind } = this.#plan.resources[index]!;
    return (this.#resources[index] ??= { name, origin: kind });
  }
}

/** The type that a path of names leads to. */
export function findExtern(imports: readonly NamedExtern[], path: readonly string[]): ExternType | undefined {
  let scope = imports;
  let found: ExternType | undefined;
  for (const name of path) {
    found = scope.find((named) => named.name === name)?.type;
    if (found === undefined) return undefined;
    scope = found.kind === 'instance' ? found.exports : [];
  }
  return found;
}
