/**
 * Core types as validation sees them. In: core types of the AST and what `readCoreModule` read. Out: items with the type
 * space that their heap type indices refer to, module types, and their printed form.
 *
 * Rejected: copying types into a resolved form. Nearly all core signatures are numbers, and big modules have many.
 */

import type {
  CoreCompType,
  CoreDefType,
  CoreExternType,
  CoreFuncType,
  CoreModuleDecl,
  CoreSubType,
  CoreValType,
} from '../binary/ast.ts';
import type { CoreModuleInfo } from '../binary/core-module.ts';
import { fail } from '../fail.ts';
import { MAX_MEMORY32_PAGES, MAX_MEMORY64_PAGES, MAX_TABLE32, MAX_TABLE64 } from './limits.ts';

/** The type space that indices in heap types refer to. */
export type CoreTypeSpace = readonly (CoreTypeEntry | CoreSubType)[];

/** A function, table, memory, global or tag of core wasm: its type, and the type space of that. */
export interface CoreItem {
  readonly type: CoreExternType<CoreFuncType>;
  readonly space: CoreTypeSpace;
}
export type CoreFuncItem = CoreItem & { readonly type: { readonly kind: 'func' } };

export interface CoreModuleType {
  readonly kind: 'module';
  readonly imports: readonly { readonly module: string; readonly name: string; readonly item: CoreItem }[];
  readonly exports: ReadonlyMap<string, CoreItem>;
  /** How many types stand in it: what comparing it costs. */
  readonly size: number;
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

/** A core function that a canonical definition makes. */
export function builtinFunc(params: readonly CoreValType[], results: readonly CoreValType[]): CoreItem {
  return { type: { kind: 'func', type: { kind: 'func', params, results } }, space: noSpace };
}

/** The type of an embedded core module. Throws `ValidationError` for imports that have one name. */
export function embeddedModuleType(info: CoreModuleInfo): CoreModuleType {
  const space = info.types;
  const seen = new Map<string, Set<string>>();
  const imports = info.imports.map(({ module, name, type, offset }) => {
    uniqueImport(seen, module, name, offset);
    return { module, name, item: { type, space } };
  });
  const exports = new Map<string, CoreItem>();
  for (const { name, type } of info.exports) exports.set(name, { type, space });
  return newModuleType(imports, exports);
}

function newModuleType(imports: CoreModuleType['imports'], exports: CoreModuleType['exports']): CoreModuleType {
  let size = 1;
  for (const { item } of imports) size += coreItemSize(item);
  for (const item of exports.values()) size += coreItemSize(item);
  return { kind: 'module', imports, exports, size };
}

function uniqueImport(seen: Map<string, Set<string>>, module: string, name: string, offset: number): void {
  let names = seen.get(module);
  if (names === undefined) seen.set(module, (names = new Set()));
  if (names.has(name)) fail(offset, 'core-import-conflict', { module, name });
  names.add(name);
}

/** The composite type behind an entry; concrete heap types end here. */
export function compositeOf(entry: CoreTypeEntry | CoreSubType | undefined): CoreCompType | null {
  if (entry === undefined) return null;
  if ('comp' in entry) return entry.comp;
  return entry.kind === 'sub' ? entry.type.comp : null;
}

/** A core type space under construction: of a component, a type, or a module type. */
export interface CoreTypeScope {
  readonly coreTypes: CoreTypeEntry[];
  /** Message part: `this component`. */
  readonly where: string;
  /** The scope `count` levels out, for aliases in module types. Throws `ValidationError` when there is none. */
  outer(count: number, offset: number): CoreTypeScope;
}

/** Adds the types of a core type definition to `scope`. */
export function defineCoreType(scope: CoreTypeScope, type: CoreDefType, offset: number): void {
  const space = scope.coreTypes;
  switch (type.kind) {
    case 'module-type':
      space.push(moduleType(scope, type.declarations));
      return;
    case 'sub':
      checkSubType(scope, type.type, space.length + 1, offset);
      space.push({ kind: 'sub', type: type.type, space });
      return;
    case 'rec':
      for (const member of type.types) checkSubType(scope, member, space.length + type.types.length, offset);
      for (const member of type.types) space.push({ kind: 'sub', type: member, space });
      return;
  }
}

function moduleType(parent: CoreTypeScope, declarations: readonly CoreModuleDecl[]): CoreModuleType {
  const scope: CoreTypeScope = {
    coreTypes: [],
    where: 'this module type',
    outer: (count, offset) => (count === 0 ? scope : parent.outer(count - 1, offset)),
  };
  const space = scope.coreTypes;
  const imports: { module: string; name: string; item: CoreItem }[] = [];
  const seen = new Map<string, Set<string>>();
  const exports = new Map<string, CoreItem>();
  for (const declaration of declarations) {
    const { offset } = declaration;
    switch (declaration.kind) {
      case 'type':
        if (declaration.type.kind === 'module-type') fail(offset, 'core-module-type-nested', { index: space.length });
        defineCoreType(scope, declaration.type, offset);
        break;
      case 'alias': {
        const outer = scope.outer(declaration.count, offset);
        const entry = outer.coreTypes[declaration.index];
        if (entry === undefined) unknownCoreType(outer, declaration.index, offset);
        if (entry.kind === 'module') fail(offset, 'core-outer-module', { index: declaration.index });
        space.push(entry);
        break;
      }
      case 'import': {
        const { module, name } = declaration;
        const item = moduleExtern(scope, declaration.type, offset);
        uniqueImport(seen, module, name, offset);
        imports.push({ module, name, item });
        break;
      }
      case 'export': {
        const item = moduleExtern(scope, declaration.type, offset);
        if (exports.has(declaration.name)) fail(offset, 'core-export-conflict', { name: declaration.name });
        exports.set(declaration.name, item);
        break;
      }
    }
  }
  return newModuleType(imports, exports);
}

function unknownCoreType(scope: CoreTypeScope, index: number, offset: number): never {
  const count = scope.coreTypes.length;
  return fail(offset, 'unknown-index', { noun: 'core type', space: 'type', index, where: scope.where, count });
}

/** The function type at `index`. Throws `ValidationError` when there is none. */
export function coreFuncTypeAt(scope: CoreTypeScope, index: number, offset: number): CoreItem {
  const entry = scope.coreTypes[index];
  if (entry === undefined) unknownCoreType(scope, index, offset);
  if (entry.kind !== 'sub' || entry.type.comp.kind !== 'func') {
    return fail(offset, 'not-a-core-type', { index, what: 'a function type' });
  }
  return { type: { kind: 'func', type: entry.type.comp }, space: entry.space };
}

/** The module type at `index`. Throws `ValidationError` when there is none. */
export function moduleTypeAt(scope: CoreTypeScope, index: number, offset: number): CoreModuleType {
  const entry = scope.coreTypes[index];
  if (entry === undefined) unknownCoreType(scope, index, offset);
  if (entry.kind !== 'module') return fail(offset, 'not-a-core-type', { index, what: 'a module type' });
  return entry;
}

function moduleExtern(scope: CoreTypeScope, type: CoreExternType, offset: number): CoreItem {
  const space = scope.coreTypes;
  switch (type.kind) {
    case 'func':
      return coreFuncTypeAt(scope, type.type, offset);
    case 'tag': {
      const item = coreFuncTypeAt(scope, type.type, offset);
      if (item.type.kind !== 'func') return item;
      if (item.type.type.results.length > 0) fail(offset, 'tag-results', { index: type.type });
      return { type: { kind: 'tag', type: item.type.type }, space: item.space };
    }
    case 'table': {
      checkValType(scope, type.element, space.length, offset);
      const { min, max, address } = type.limits;
      const limit = address === 'i64' ? MAX_TABLE64 : MAX_TABLE32;
      if (max !== undefined && min > max) fail(offset, 'limits-order', {});
      if (min > limit || (max ?? 0n) > limit) fail(offset, 'table-limit', { limit });
      return { type, space };
    }
    case 'memory':
      checkMemory(type, offset);
      return { type, space };
    case 'global':
      checkValType(scope, type.type, space.length, offset);
      return { type, space };
  }
}

function checkMemory(type: CoreExternType & { kind: 'memory' }, offset: number): void {
  const { min, max, address, shared, pageSizeLog2 = 16 } = type.limits;
  if (pageSizeLog2 !== 0 && pageSizeLog2 !== 16) fail(offset, 'memory-page', { log2: pageSizeLog2 });
  const pages = address === 'i64' ? MAX_MEMORY64_PAGES : MAX_MEMORY32_PAGES;
  const limit = pageSizeLog2 === 16 ? pages : (pages << 16n) - 1n;
  if (max !== undefined && min > max) fail(offset, 'limits-order', {});
  if (min > limit || (max ?? 0n) > limit) {
    fail(offset, 'memory-limit', { limit, size: address === 'i64' ? '2^64 bytes' : '4 GiB' });
  }
  if (shared && max === undefined) fail(offset, 'memory-shared', {});
}

/** `bound`: type indices below it may be referred to. */
function checkValType(scope: CoreTypeScope, type: CoreValType | 'i8' | 'i16', bound: number, offset: number): void {
  if (typeof type === 'string' || typeof type.heap === 'string') return;
  if (type.heap >= bound) unknownCoreType(scope, type.heap, offset);
  if (scope.coreTypes[type.heap]?.kind === 'module') {
    fail(offset, 'not-a-core-type', { index: type.heap, what: 'a heap type' });
  }
}

function checkSubType(scope: CoreTypeScope, type: CoreSubType, bound: number, offset: number): void {
  const index = scope.coreTypes.length;
  if (type.supers.length > 1) fail(offset, 'core-supertype', { index, count: type.supers.length });
  for (const parent of type.supers) {
    if (parent >= bound) unknownCoreType(scope, parent, offset);
    if (scope.coreTypes[parent]?.kind === 'module') {
      fail(offset, 'not-a-core-type', { index: parent, what: 'a supertype' });
    }
  }
  const { comp } = type;
  const check = (inner: CoreValType | 'i8' | 'i16'): void => checkValType(scope, inner, bound, offset);
  if (comp.kind === 'func') {
    comp.params.forEach(check);
    comp.results.forEach(check);
  } else if (comp.kind === 'struct') {
    for (const field of comp.fields) check(field.storage);
  } else {
    check(comp.field.storage);
  }
}

// --- printing ---------------------------------------------------------------------------------------------------------

/** `i32`, `funcref`, `(ref null 3)`. */
export function printCoreValType(type: CoreValType): string {
  if (typeof type === 'string') return type;
  if (typeof type.heap === 'string' && type.nullable) return `${type.heap}ref`;
  return `(ref ${type.nullable ? 'null ' : ''}${type.heap})`;
}

/** `(func (param i32) (result i32))`. */
export function printCoreFunc(type: CoreFuncType): string {
  const part = (name: string, types: readonly CoreValType[]): string =>
    types.length === 0 ? '' : ` (${name} ${types.map(printCoreValType).join(' ')})`;
  return `(func${part('param', type.params)}${part('result', type.results)})`;
}
