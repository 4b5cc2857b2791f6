/**
 * In: entities. Out: how the plan writes them down: imports as types, exports as what there is at run time.
 *
 * Names of function, instance and component types are left out: they are nothing at run time.
 */
import type { ExternName } from '../binary/ast.ts';
import { UnsupportedError } from '../errors.ts';
import { exportProperty, memberName } from '../names/js-names.ts';
import type { ComponentPlan, CoreModuleType, ExternType, NamedExtern, OptionsIndex, PlanExport } from '../plan.ts';
import type { ComponentEntity, ComponentTypeEntity, Entity, ExportEntry, ExportMap, ModuleEntity } from './entities.ts';
import { Scope } from './entities.ts';
import { abstract, declarations, declare } from './evaluate-types.ts';
import type { Instantiation } from './instantiate.ts';
import { type Linearizer, NOTHING } from './linearize.ts';

export class Externs {
  readonly #instantiation: Instantiation;
  readonly #linearizer: Linearizer;
  readonly #planOf: (component: ComponentEntity) => ComponentPlan;

  /** `planOf` translates a component that is exported. */
  constructor(
    instantiation: Instantiation,
    linearizer: Linearizer,
    planOf: (component: ComponentEntity) => ComponentPlan,
  ) {
    this.#instantiation = instantiation;
    this.#linearizer = linearizer;
    this.#planOf = planOf;
  }

  /** The types of `items`, in order. */
  types(items: ExportMap): NamedExtern[] {
    const externs: NamedExtern[] = [];
    for (const { name, entity } of items.values()) {
      const type = this.#type(entity);
      if (type !== null) externs.push({ ...attributes(name), name: name.name, type });
    }
    return externs;
  }

  exports(items: ExportMap): PlanExport[] {
    const exports: PlanExport[] = [];
    for (const { name, entity } of items.values()) {
      const item = this.#export(entity);
      if (item === null) continue;
      const property = exportProperty({ name: name.name, kind: item.kind });
      const member = item.kind.endsWith('-func') ? memberName(name.name) : null;
      exports.push({ ...attributes(name), name: name.name, property, ...(member === null ? {} : { member }), ...item });
    }
    return exports;
  }

  /** Null for what has no type of its own, and for components, which only stand among exports. */
  #type(entity: Entity): ExternType | null {
    const { numbering } = this.#linearizer;
    switch (entity.kind) {
      case 'imported-func':
      case 'lifted-func':
      case 'abstract-func':
      case 'intrinsic-func':
        return { kind: 'func', type: numbering.funcType(entity.type) };
      case 'instance':
        return { kind: 'instance', exports: this.types(entity.exports) };
      case 'module':
        return { kind: 'core-module', type: this.#moduleType(entity) };
      case 'type':
        return { kind: 'type', type: numbering.type(entity.type) };
      case 'resource':
        return { kind: 'resource', resource: numbering.resource(entity.resource) };
      case 'imported-component':
        return this.#componentType(entity.type);
      default:
        return null;
    }
  }

  #export(entity: Entity): PlanExportItem | null {
    const linearizer = this.#linearizer;
    const { numbering } = linearizer;
    switch (entity.kind) {
      case 'lifted-func': {
        const type = numbering.funcType(entity.type);
        const func = linearizer.def(entity.func);
        return { kind: 'lifted-func', type, func, options: linearizer.optionsIndex(entity.options) };
      }
      case 'abstract-func': {
        const type = numbering.funcType(entity.type);
        return { kind: 'lifted-func', type, func: NOTHING, options: 0 as OptionsIndex };
      }
      case 'imported-func':
        return {
          kind: 'imported-func',
          type: numbering.funcType(entity.type),
          import: linearizer.funcImport(entity),
        };
      case 'intrinsic-func':
        throw new UnsupportedError(this.#instantiation.offset, 'an intrinsic cannot be exported');
      case 'instance':
        return { kind: 'instance', exports: this.exports(entity.exports) };
      case 'module': {
        const type = this.#moduleType(entity);
        return { kind: 'core-module', module: linearizer.moduleRef(entity), type };
      }
      case 'component': {
        const source = this.#instantiation.source(entity.bytes);
        return { kind: 'component', source, component: this.#planOf(entity) };
      }
      case 'imported-component': {
        const index = linearizer.runtimeImport(entity.path ?? [], { kind: 'component' });
        return { kind: 'component', source: 0, component: { import: index } };
      }
      default:
        return this.#type(entity) as (PlanExportItem & { readonly kind: 'type' | 'resource' }) | null;
    }
  }

  #moduleType(module: ModuleEntity): CoreModuleType {
    if (module.origin !== 'static') return module.type;
    const { imports, exports } = this.#instantiation.module(module);
    return {
      imports: imports.map(({ module, name, type }) => ({ module, name, type })),
      exports: exports.map(({ name, type }) => ({ name, type })),
    };
  }

  #componentType(component: ComponentTypeEntity): ExternType {
    const scope = new Scope(component.scope, this.#instantiation.table);
    const imports = new Map<string, ExportEntry>();
    const exports = declarations(scope, component.declarations, [], abstract, ({ name, type, offset }) => {
      const entity = declare(scope, type, [name.name], abstract, offset);
      imports.set(name.name, { name, entity });
      return entity;
    });
    return { kind: 'component', imports: this.types(imports), exports: this.types(exports) };
  }
}

/** The attributes of a name that a plan keeps. */
function attributes(name: ExternName): { implements?: string; externalId?: string } {
  return {
    ...(name.implements === undefined ? {} : { implements: name.implements }),
    ...(name.externalId === undefined ? {} : { externalId: name.externalId }),
  };
}

/** The part of an export that its name does not say. */
type PlanExportItem = PlanExport extends infer E
  ? E extends PlanExport
    ? Omit<E, 'name' | 'property' | 'member' | 'implements' | 'externalId'>
    : never
  : never;
