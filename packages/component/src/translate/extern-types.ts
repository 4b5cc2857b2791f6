/**
 * In: entities. Out: their types as the plan has them: of imports, of what components import and export.
 */
import type { ExternName } from '../binary/ast.ts';
import type { CoreModuleType, ExternType, NamedExtern } from '../plan.ts';
import type { ComponentTypeEntity, Entity, ExportMap, ModuleEntity } from './entities.ts';
import { Scope } from './entities.ts';
import type { Instantiation } from './instantiate.ts';
import type { Numbering } from './numbering.ts';

export class ExternTypes {
  readonly #instantiation: Instantiation;
  readonly #numbering: Numbering;

  constructor(instantiation: Instantiation, numbering: Numbering) {
    this.#instantiation = instantiation;
    this.#numbering = numbering;
  }

  /** The types of `items`, in order. Names of function, instance and component types are left out: they are nothing at run time. */
  named(items: ExportMap): NamedExtern[] {
    const externs: NamedExtern[] = [];
    for (const { name, entity } of items.values()) {
      const type = this.type(entity);
      if (type !== null) externs.push({ ...attributes(name), name: name.name, type });
    }
    return externs;
  }

  /** Null for what has no type of its own. */
  type(entity: Entity): ExternType | null {
    switch (entity.kind) {
      case 'imported-func':
      case 'lifted-func':
      case 'abstract-func':
      case 'intrinsic-func':
        return { kind: 'func', type: this.#numbering.funcType(entity.type) };
      case 'instance':
        return { kind: 'instance', exports: this.named(entity.exports) };
      case 'module':
        return { kind: 'core-module', type: this.moduleType(entity) };
      case 'type':
        return { kind: 'type', type: this.#numbering.type(entity.type) };
      case 'resource':
        return { kind: 'resource', resource: this.#numbering.resource(entity.resource) };
      case 'imported-component':
        return this.#componentType(entity.type);
      // Only among exports, where `PlanExport` says what it is.
      case 'component':
      case 'func-type':
      case 'instance-type':
      case 'component-type':
        return null;
      default:
        return entity satisfies never;
    }
  }

  moduleType(module: ModuleEntity): CoreModuleType {
    if (module.origin !== 'static') return module.type;
    const { imports, exports } = this.#instantiation.module(module);
    return {
      imports: imports.map((entry) => ({ module: entry.module, name: entry.name, type: entry.type })),
      exports: exports.map((entry) => ({ name: entry.name, type: entry.type })),
    };
  }

  #componentType({ declarations, scope }: ComponentTypeEntity): ExternType {
    const { types, abstract } = this.#instantiation;
    const inner = new Scope(scope, this.#instantiation.table);
    const imports = new Map<string, { readonly name: ExternName; readonly entity: Entity }>();
    const exports = types.declarations(inner, declarations, [], abstract, ({ name, type, offset }) => {
      const entity = types.declare(inner, type, [name.name], abstract, offset);
      imports.set(name.name, { name, entity });
      return entity;
    });
    return { kind: 'component', imports: this.named(imports), exports: this.named(exports) };
  }
}

/** The attributes of a name that a plan keeps. */
export function attributes(name: ExternName): { implements?: string; externalId?: string } {
  return {
    ...(name.implements === undefined ? {} : { implements: name.implements }),
    ...(name.externalId === undefined ? {} : { externalId: name.externalId }),
  };
}
