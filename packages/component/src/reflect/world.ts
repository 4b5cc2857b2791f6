/**
 * In: the imports or exports of a component, or of an interface. Out: the same sorted by what they are, with functions of a
 * resource beside it: the order in which WIT and declarations in TypeScript show them.
 */
import { unreachable } from '../errors.ts';
import { parseExternName } from '../names/js-names.ts';
import type {
  ComponentPlan,
  CoreModuleType,
  ExternType,
  FuncTypeIndex,
  NamedExtern,
  PlanExport,
  ResourceIndex,
  TypeIndex,
} from '../plan.ts';

export interface FuncItem {
  /** As it stands in the component. */
  readonly name: string;
  /** Without annotation and resource; the resource's name for a constructor. */
  readonly label: string;
  readonly type: FuncTypeIndex;
}

export interface ResourceItem {
  readonly name: string;
  readonly resource: ResourceIndex;
  readonly constructors: FuncItem[];
  readonly methods: FuncItem[];
  readonly statics: FuncItem[];
}

/** The items of one import list, export list or interface, each kind in the order of the component. */
export interface World {
  readonly types: { readonly name: string; readonly type: TypeIndex }[];
  readonly resources: ResourceItem[];
  readonly funcs: FuncItem[];
  readonly interfaces: { readonly name: string; readonly implements?: string; readonly world: World }[];
  readonly modules: { readonly name: string; readonly type: CoreModuleType }[];
  readonly components: { readonly name: string; readonly imports: World; readonly exports: World }[];
}

export function sortExterns(externs: readonly NamedExtern[]): World {
  const world: World = { types: [], resources: [], funcs: [], interfaces: [], modules: [], components: [] };
  const resources = new Map<string, ResourceItem>();
  for (const { name, type } of externs) {
    if (type.kind !== 'resource') continue;
    const item: ResourceItem = { name, resource: type.resource, constructors: [], methods: [], statics: [] };
    world.resources.push(item);
    resources.set(name, item);
  }
  for (const extern of externs) {
    const { name, type } = extern;
    switch (type.kind) {
      case 'func':
        addFunc(world, resources, name, type.type);
        break;
      case 'type':
        world.types.push({ name, type: type.type });
        break;
      case 'instance': {
        const inner = sortExterns(type.exports);
        world.interfaces.push({
          name,
          ...(extern.implements === undefined ? {} : { implements: extern.implements }),
          world: inner,
        });
        break;
      }
      case 'core-module':
        world.modules.push({ name, type: type.type });
        break;
      case 'component':
        world.components.push({ name, imports: sortExterns(type.imports), exports: sortExterns(type.exports) });
        break;
      case 'resource':
      case 'value':
        break;
      default:
        unreachable(type);
    }
  }
  return world;
}

function addFunc(world: World, resources: ReadonlyMap<string, ResourceItem>, name: string, type: FuncTypeIndex): void {
  const parts = parseExternName(name);
  const resource = 'resource' in parts ? resources.get(parts.resource) : undefined;
  if (resource === undefined || parts.kind === 'label' || parts.kind === 'interface') {
    world.funcs.push({ name, label: name, type });
  } else if (parts.kind === 'constructor') {
    resource.constructors.push({ name, label: parts.resource, type });
  } else {
    (parts.kind === 'method' ? resource.methods : resource.statics).push({ name, label: parts.label, type });
  }
}

/** The types of a component's exports, in the form that imports have. */
export function exportTypes(plan: ComponentPlan): NamedExtern[] {
  return plan.exports.map((item) => namedType(plan, item));
}

function namedType(plan: ComponentPlan, item: PlanExport): NamedExtern {
  const { name } = item;
  const attributes = {
    ...(item.implements === undefined ? {} : { implements: item.implements }),
    ...(item.externalId === undefined ? {} : { externalId: item.externalId }),
  };
  return { name, ...attributes, type: exportType(plan, item) };
}

function exportType(plan: ComponentPlan, item: PlanExport): ExternType {
  switch (item.kind) {
    case 'lifted-func':
    case 'imported-func':
      return { kind: 'func', type: item.type };
    case 'instance':
      return { kind: 'instance', exports: item.exports.map((inner) => namedType(plan, inner)) };
    case 'core-module':
      return { kind: 'core-module', type: item.type };
    case 'type':
      return { kind: 'type', type: item.type };
    case 'resource':
      return { kind: 'resource', resource: item.resource };
    case 'component': {
      // A component that is defined inside has types of its own plan; those of an imported one are in this plan.
      if (!('import' in item.component)) return { kind: 'component', imports: [], exports: [] };
      const path = plan.runtimeImports[item.component.import]?.path ?? [];
      return importType(plan.imports, path) ?? { kind: 'component', imports: [], exports: [] };
    }
    default:
      return item satisfies never;
  }
}

/** The type of the import at `path`. */
function importType(imports: readonly NamedExtern[], path: readonly string[]): ExternType | undefined {
  const [name, ...rest] = path;
  const type = imports.find((extern) => extern.name === name)?.type;
  if (rest.length === 0 || type?.kind !== 'instance') return type;
  return importType(type.exports, rest);
}
