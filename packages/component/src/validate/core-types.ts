/**
 * Core types as validation sees them. In: core types of the AST and what `readCoreModule` read. Out: items with the type
 * space that their heap type indices refer to, and module types.
 *
 * Rejected: copying signatures into a resolved form. Nearly all are numbers, and big modules have many.
 */

import type {
  CoreCompType,
  CoreDefType,
  CoreExternType,
  CoreFuncType,
  CoreHeapType,
  CoreLimits,
  CoreModuleDecl,
  CoreSubType,
  CoreValType,
} from '../binary/ast.ts';
import type { CoreModuleInfo } from '../binary/core-module.ts';
import { fail } from '../fail.ts';
import { MAX_MEMORY32_PAGES, MAX_MEMORY64_PAGES, MAX_TABLE32, MAX_TABLE64 } from './limits.ts';
import { Scope } from './scope.ts';

/** The type space that indices in heap types refer to. */
export type CoreTypeSpace = readonly CoreTypeEntry[];

/** A function, table, memory, global or tag of core wasm: its type, and the type space of that. */
export interface CoreItem {
  readonly type: CoreExternType<CoreFuncType>;
  readonly space: CoreTypeSpace;
}
export type CoreItemOf<K extends CoreItem['type']['kind']> = CoreItem & {
  readonly type: Extract<CoreItem['type'], { readonly kind: K }>;
};

export interface CoreModuleType {
  readonly kind: 'module';
  /** By a key of both names. */
  readonly imports: ReadonlyMap<string, { readonly module: string; readonly name: string; readonly item: CoreItem }>;
  readonly exports: ReadonlyMap<string, CoreItem>;
  /** How many types stand in it: what comparing it costs. */
  readonly size: number;
  readonly weight: number;
  readonly depth: 0;
  /** No component type is in it: see types.ts. */
  readonly open: false;
}

/** What the core type index space holds. `space` is the one the definition stands in. */
export type CoreTypeEntry =
  | CoreModuleType
  | { readonly kind: 'sub'; readonly type: CoreSubType; readonly space: CoreTypeSpace };

/** How many types stand in the type of `item`: what comparing it costs. */
export function coreItemSize({ type }: CoreItem): number {
  return type.kind === 'func' || type.kind === 'tag' ? 1 + type.type.params.length + type.type.results.length : 1;
}

const noSpace: CoreTypeSpace = [];

/** A core function that a canonical definition makes or asks for. */
export function coreFunc(
  params: readonly CoreValType[],
  results: readonly CoreValType[],
  space = noSpace,
): CoreItemOf<'func'> {
  return { type: { kind: 'func', type: { kind: 'func', params, results } }, space };
}

/** Whether a signature consists of these types, as far as they are numbers: the canonical ABI asks for those. */
export function isSignature(
  found: CoreFuncType,
  params: readonly CoreValType[],
  results: readonly CoreValType[],
): boolean {
  return sameTypes(found.params, params) && sameTypes(found.results, results);
}

export function sameTypes(found: readonly CoreValType[], wanted: readonly CoreValType[]): boolean {
  if (found.length !== wanted.length) return false;
  for (let i = 0; i < found.length; i++) if (found[i] !== wanted[i]) return false;
  return true;
}

/** A module type under construction. */
class ModuleTypeBuilder {
  readonly #imports = new Map<string, { readonly module: string; readonly name: string; readonly item: CoreItem }>();
  readonly #exports = new Map<string, CoreItem>();
  #size = 1;

  /** Throws `ValidationError` for imports that have one name. */
  import(module: string, name: string, item: CoreItem, offset: number): void {
    const key = `${module.length} ${module}${name}`;
    if (this.#imports.has(key)) fail(offset, 'core-import-conflict', { module, name });
    this.#imports.set(key, { module, name, item });
    this.#size += coreItemSize(item);
  }

  /** Whether `name` is new. */
  export(name: string, item: CoreItem): boolean {
    const isNew = !this.#exports.has(name);
    this.#exports.set(name, item);
    this.#size += coreItemSize(item);
    return isNew;
  }

  type(): CoreModuleType {
    const imports = this.#imports;
    const exports = this.#exports;
    const weight = 1 + imports.size + exports.size;
    return { kind: 'module', imports, exports, size: this.#size, weight, depth: 0, open: false };
  }
}

/** The type of an embedded core module. Throws `ValidationError` for imports that have one name. */
export function embeddedModuleType(info: CoreModuleInfo): CoreModuleType {
  const space: CoreTypeEntry[] = [];
  for (const type of info.types) space.push({ kind: 'sub', type, space });
  const module = new ModuleTypeBuilder();
  for (const { module: from, name, type, offset } of info.imports) module.import(from, name, { type, space }, offset);
  for (const { name, type } of info.exports) module.export(name, { type, space });
  return module.type();
}

/** Adds the types of a core type definition to `scope`. */
export function defineCoreType(scope: Scope, type: CoreDefType, offset: number): void {
  const space = scope.space('core type');
  if (type.kind === 'module-type') {
    space.push(moduleType(scope, type.declarations));
    return;
  }
  const members = type.kind === 'rec' ? type.types : [type.type];
  const bound = space.length + members.length;
  for (const member of members) checkSubType(scope, member, bound, offset);
  for (const member of members) space.push({ kind: 'sub', type: member, space });
}

function moduleType(parent: Scope, declarations: readonly CoreModuleDecl[]): CoreModuleType {
  const scope = new Scope('module type', parent, parent.context);
  const space = scope.space('core type');
  const module = new ModuleTypeBuilder();
  for (const declaration of declarations) {
    const { offset } = declaration;
    switch (declaration.kind) {
      case 'type':
        if (declaration.type.kind === 'module-type') fail(offset, 'core-module-type-nested', { index: space.length });
        defineCoreType(scope, declaration.type, offset);
        break;
      case 'alias': {
        const { count, index } = declaration;
        const entry = scope.outer(count, offset).at('core type', index, offset);
        if (entry.kind === 'module') fail(offset, 'core-outer-module', { index });
        space.push(entry);
        break;
      }
      case 'import':
        module.import(declaration.module, declaration.name, moduleExtern(scope, declaration.type, offset), offset);
        break;
      case 'export': {
        const { name } = declaration;
        if (!module.export(name, moduleExtern(scope, declaration.type, offset))) {
          fail(offset, 'core-export-conflict', { name });
        }
      }
    }
  }
  return module.type();
}

/** The function type at `index`. Throws `ValidationError` when there is none. */
export function coreFuncTypeAt(scope: Scope, index: number, offset: number): CoreItemOf<'func'> {
  const entry = scope.at('core type', index, offset);
  if (entry.kind !== 'sub' || entry.type.comp.kind !== 'func') {
    return fail(offset, 'not-a-core-type', { index, what: 'function' });
  }
  return { type: { kind: 'func', type: entry.type.comp }, space: entry.space };
}

/** The module type at `index`. Throws `ValidationError` when there is none. */
export function moduleTypeAt(scope: Scope, index: number, offset: number): CoreModuleType {
  const entry = scope.at('core type', index, offset);
  if (entry.kind !== 'module') return fail(offset, 'not-a-core-type', { index, what: 'module' });
  return entry;
}

function moduleExtern(scope: Scope, type: CoreExternType, offset: number): CoreItem {
  const space = scope.space('core type');
  switch (type.kind) {
    case 'func':
      return coreFuncTypeAt(scope, type.type, offset);
    case 'tag': {
      const func = coreFuncTypeAt(scope, type.type, offset);
      if (func.type.type.results.length > 0) fail(offset, 'tag-results', { index: type.type });
      return { type: { kind: 'tag', type: func.type.type }, space: func.space };
    }
    case 'table': {
      checkValType(scope, type.element, space.length, offset);
      const limit = type.limits.address === 'i64' ? MAX_TABLE64 : MAX_TABLE32;
      if (exceeds(type.limits, limit, offset)) fail(offset, 'table-limit', { limit });
      break;
    }
    case 'memory':
      checkMemory(type.limits, offset);
      break;
    case 'global':
      checkValType(scope, type.type, space.length, offset);
  }
  return { type, space };
}

function exceeds({ min, max }: CoreLimits, limit: bigint, offset: number): boolean {
  if (max !== undefined && min > max) fail(offset, 'limits-order', {});
  return min > limit || (max ?? 0n) > limit;
}

function checkMemory(limits: CoreLimits, offset: number): void {
  const { max, address, shared, pageSizeLog2: log2 = 16 } = limits;
  if (log2 !== 0 && log2 !== 16) fail(offset, 'memory-page', { log2 });
  const pages = address === 'i64' ? MAX_MEMORY64_PAGES : MAX_MEMORY32_PAGES;
  const limit = log2 === 16 ? pages : (pages << 16n) - 1n;
  if (exceeds(limits, limit, offset)) fail(offset, 'memory-limit', { limit, address });
  if (shared && max === undefined) fail(offset, 'memory-shared', {});
}

/** `bound`: type indices below it may be referred to. */
function checkValType(scope: Scope, type: CoreValType | 'i8' | 'i16', bound: number, offset: number): void {
  if (typeof type !== 'string') checkIndex(scope, type.heap, bound, 'heap type', offset);
}

function checkIndex(scope: Scope, index: CoreHeapType, bound: number, what: string, offset: number): void {
  if (typeof index === 'string') return;
  if (index >= bound) scope.unknown('core type', index, offset);
  if (scope.space('core type')[index]?.kind === 'module') fail(offset, 'not-a-core-kind', { index, what });
}

function checkSubType(scope: Scope, { supers, comp }: CoreSubType, bound: number, offset: number): void {
  const { length: index } = scope.space('core type');
  if (supers.length > 1) fail(offset, 'core-supertype', { index, count: supers.length });
  for (const parent of supers) checkIndex(scope, parent, bound, 'supertype', offset);
  for (const type of typesIn(comp)) checkValType(scope, type, bound, offset);
}

/** The types that a composite type is made of. */
export function typesIn(comp: CoreCompType): readonly (CoreValType | 'i8' | 'i16')[] {
  switch (comp.kind) {
    case 'func':
      return [...comp.params, ...comp.results];
    case 'struct':
      return comp.fields.map((field) => field.storage);
    case 'array':
      return [comp.field.storage];
  }
}
