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

export class Reflection {
  readonly #plan: ComponentPlan;
  readonly #values = new Map<TypeIndex, ValueInfo>();
  readonly #funcs = new Map<FuncTypeIndex, FuncInfo>();
  readonly #resources = new Map<ResourceIndex, ResourceInfo>();
  #imports: readonly ExternInfo[] | undefined;
  #exports: readonly ExternInfo[] | undefined;

  constructor(plan: ComponentPlan) {
    this.#plan = plan;
  }

  get imports(): readonly ExternInfo[] {
    return (this.#imports ??= this.#plan.imports.map((named) => this.#named(named)));
  }
  get exports(): readonly ExternInfo[] {
    return (this.#exports ??= this.#plan.exports.map((exported) => this.#exported(exported)));
  }

  #named({ name, type }: NamedExtern): ExternInfo {
    return { name, ...this.#extern(type) };
  }

  #extern(type: ExternType): WithoutName<ExternInfo> {
    switch (type.kind) {
      case 'func':
        return { kind: 'func', type: this.#func(type.type) };
      case 'instance':
        return { kind: 'instance', exports: type.exports.map((named) => this.#named(named)) };
      case 'component':
        return {
          kind: 'component',
          imports: type.imports.map((named) => this.#named(named)),
          exports: type.exports.map((named) => this.#named(named)),
        };
      case 'core-module':
        return { kind: 'core-module', type: type.type };
      case 'type':
      case 'value':
        return { kind: type.kind, type: this.#value(type.type) };
      case 'resource':
        return { kind: 'resource', resource: this.#resource(type.resource) };
      default:
        return type satisfies never;
    }
  }

  #exported(exported: PlanExport): ExternInfo {
    const { name } = exported;
    switch (exported.kind) {
      case 'lifted-func':
      case 'imported-func':
        return { name, kind: 'func', type: this.#func(exported.type) };
      case 'instance':
        return { name, kind: 'instance', exports: exported.exports.map((inner) => this.#exported(inner)) };
      case 'core-module':
        return { name, kind: 'core-module', type: exported.type };
      case 'type':
        return { name, kind: 'type', type: this.#value(exported.type) };
      case 'resource':
        return { name, kind: 'resource', resource: this.#resource(exported.resource) };
      case 'component': {
        if ('import' in exported.component) {
          const path = this.#plan.runtimeImports[exported.component.import]!.path;
          const type = findExtern(this.#plan.imports, path);
          return type === undefined
            ? { name, kind: 'component', imports: [], exports: [] }
            : { name, ...this.#extern(type) };
        }
        const inner = new Reflection(exported.component);
        return { name, kind: 'component', imports: inner.imports, exports: inner.exports };
      }
      default:
        return exported satisfies never;
    }
  }

  #func(index: FuncTypeIndex): FuncInfo {
    let info = this.#funcs.get(index);
    if (info === undefined) {
      const type = this.#plan.funcTypes[index]!;
      info = {
        async: type.async,
        params: type.params.map((param) => ({ name: param.name, type: this.#value(param.type) })),
        result: this.#optional(type.result),
      };
      this.#funcs.set(index, info);
    }
    return info;
  }

  #optional(index: TypeIndex | null): ValueInfo | null {
    return index === null ? null : this.#value(index);
  }

  #value(index: TypeIndex): ValueInfo {
    let info = this.#values.get(index);
    if (info === undefined) {
      info = this.#makeValue(this.#plan.types[index]!);
      this.#values.set(index, info);
    }
    return info;
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
    let info = this.#resources.get(index);
    if (info === undefined) {
      const resource = this.#plan.resources[index]!;
      info = { name: resource.name, origin: resource.kind };
      this.#resources.set(index, info);
    }
    return info;
  }
}

type WithoutName<T> = T extends unknown ? Omit<T, 'name'> : never;

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
