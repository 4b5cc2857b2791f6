/**
 * Reading core modules back. In: the bytes of a module. Out: its imports and exports with their types, as
 * @webassemblyjs/wasm-parser sees them; and the check that an emitted module is what it says it is.
 *
 * The parser skips code and data, which takes about a millisecond; it cannot read 64-bit memories and imported tags.
 */
import { InternalError } from '@gangway/component/errors';
import { builtins } from './builtins.ts';
import type { EmittedModule, ImportSource } from './emitted.ts';

export type ReadType =
  | { readonly kind: 'func'; readonly params: readonly string[]; readonly results: readonly string[] }
  | { readonly kind: 'memory' | 'table'; readonly min: number; readonly max: number | null }
  | { readonly kind: 'global'; readonly type: string; readonly mutable: boolean };

export interface ReadModule {
  readonly imports: readonly { readonly module: string; readonly name: string; readonly type: ReadType }[];
  /** `type` is null for what is not a function. */
  readonly exports: readonly { readonly name: string; readonly kind: string; readonly type: ReadType | null }[];
}

let loading: Promise<typeof import('@webassemblyjs/wasm-parser')> | undefined;

/** The module's imports and exports, with types. Throws what the parser says when it can't read the module. */
export async function readBack(bytes: Uint8Array): Promise<ReadModule> {
  loading ??= import('@webassemblyjs/wasm-parser');
  const { decode } = await loading;
  const { buffer } = new Uint8Array(bytes);
  const { fields } = decode(buffer, { ignoreCodeSection: true, ignoreDataSection: true }).body[0];
  const functions = new Map<string, ReadType>();
  const imports: ReadModule['imports'][number][] = [];
  const exports: ReadModule['exports'][number][] = [];
  for (const field of fields) {
    if (field.type === 'Func') functions.set(field.name.value, funcType(field.signature));
    if (field.type === 'ModuleImport') {
      imports.push({ module: field.module, name: field.name, type: importType(field.descr) });
    }
    if (field.type === 'ModuleExport') {
      const type = field.descr.exportType === 'Func' ? (functions.get(`${field.descr.id.value}`) ?? null) : null;
      exports.push({ name: field.name, kind: field.descr.exportType.toLowerCase(), type });
    }
  }
  return { imports, exports };
}

type Fields = ReturnType<typeof import('@webassemblyjs/wasm-parser')['decode']>['body'][0]['fields'];
type ParsedFunc = Extract<Fields[number], { type: 'Func' }>;
type ParsedImport = Extract<Fields[number], { type: 'ModuleImport' }>;

function funcType(signature: ParsedFunc['signature']): ReadType {
  return { kind: 'func', params: signature.params.map((param) => param.valtype), results: signature.results };
}

function importType(description: ParsedImport['descr']): ReadType {
  switch (description.type) {
    case 'FuncImportDescr':
      return funcType(description.signature);
    case 'Memory':
    case 'Table':
      return {
        kind: description.type === 'Memory' ? 'memory' : 'table',
        min: description.limits.min,
        max: description.limits.max ?? null,
      };
    case 'GlobalType':
      return { kind: 'global', type: description.valtype, mutable: description.mutability === 'var' };
  }
}

/**
 * Checks that a module imports and exports exactly what its description says, with the types that the sources ask for.
 * `names`: the parser could not read the module, so that only names and kinds were compared (with the engine's
 * reflection). InternalError when something differs.
 */
export async function checkEmitted(emitted: EmittedModule): Promise<'types' | 'names'> {
  let read: ReadModule | null;
  try {
    read = await readBack(emitted.bytes);
  } catch {
    read = null;
  }
  const found = read === null ? await reflected(emitted.bytes) : kinds(read);
  const wanted = {
    imports: emitted.imports.map((item) => `${kindOf(item.source)} ${item.module}.${item.name}`),
    exports: emitted.exports.map((name) => `func ${name}`),
  };
  compare(emitted.name, 'imports', found.imports, wanted.imports);
  compare(emitted.name, 'exports', found.exports, wanted.exports);
  if (read === null) return 'names';
  for (const item of emitted.imports) {
    const type = read.imports.find((other) => other.module === item.module && other.name === item.name)?.type;
    if (type === undefined || !fits(item.source, type)) {
      throw new InternalError(
        `${emitted.name}: import ${item.module}.${item.name} has the type ${JSON.stringify(type)}`,
      );
    }
  }
  return 'types';
}

interface Names {
  readonly imports: readonly string[];
  readonly exports: readonly string[];
}

function kinds(read: ReadModule): Names {
  return {
    imports: read.imports.map((item) => `${item.type.kind} ${item.module}.${item.name}`),
    exports: read.exports.map((item) => `${item.kind} ${item.name}`),
  };
}

async function reflected(bytes: EmittedModule['bytes']): Promise<Names> {
  const module = await WebAssembly.compile(bytes);
  const short = (kind: string): string => (kind === 'function' ? 'func' : kind);
  return {
    imports: WebAssembly.Module.imports(module).map((item) => `${short(item.kind)} ${item.module}.${item.name}`),
    exports: WebAssembly.Module.exports(module).map((item) => `${short(item.kind)} ${item.name}`),
  };
}

function compare(module: string, what: string, found: readonly string[], wanted: readonly string[]): void {
  const extra = found.filter((item) => !wanted.includes(item));
  const missing = wanted.filter((item) => !found.includes(item));
  if (extra.length + missing.length > 0 || found.length !== wanted.length) {
    throw new InternalError(
      `${module}: ${what} differ (missing: ${missing.join(', ') || 'none'}; not declared: ${extra.join(', ') || 'none'})`,
    );
  }
}

function kindOf(source: ImportSource): string {
  switch (source.kind) {
    case 'context-memory':
      return 'memory';
    case 'function-table':
      return 'table';
    case 'vmctx':
    case 'table-base':
    case 'block':
    case 'store-data':
    case 'resource-type':
      return 'global';
    case 'builtin':
    case 'callee':
    case 'fallback':
      return 'func';
    case 'core-def':
      return source.def.kind === 'export' ? source.def.sort : 'func';
  }
}

/** Whether the type is what the host supplies for the source. */
function fits(source: ImportSource, type: ReadType): boolean {
  switch (source.kind) {
    case 'context-memory':
    case 'function-table':
      return (type.kind === 'memory' || type.kind === 'table') && type.min === 0 && type.max === null;
    case 'vmctx':
    case 'table-base':
    case 'block':
    case 'store-data':
    case 'resource-type':
      return type.kind === 'global' && type.type === 'i32' && !type.mutable;
    case 'builtin': {
      const { params, results } = builtins[source.builtin];
      return (
        type.kind === 'func' &&
        same(
          type.params,
          params.map(([, param]) => param),
        ) &&
        same(type.results, results)
      );
    }
    case 'callee':
      return (
        type.kind === 'func' &&
        (source.form === 'typed'
          ? type.results.length <= 1
          : same(type.params, ['i32', 'i32', 'i32', 'i32', 'i32', 'i32']) && same(type.results, ['i32']))
      );
    case 'fallback':
      return type.kind === 'func';
    case 'core-def':
      return true;
  }
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}
