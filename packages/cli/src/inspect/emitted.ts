/**
 * Emitted modules for people. In: a module that the code generator made. Out: its standard text, and a summary of what it
 * imports (from where) and exports.
 */
import { type EmittedModule, type ImportSource, readBack, toWat } from '@gangway/adapter-codegen';

/** The text of the module's bytes, as wabt writes it, under lines that name it and say what is in it (`notes`). */
export async function emittedWat(module: EmittedModule, notes: readonly string[] = []): Promise<string> {
  const head = [`${module.name}: ${module.bytes.length} bytes`, ...notes].map((line) => `;; ${line}\n`).join('');
  return `${head}${await toWat(module.bytes)}`;
}

function source(one: ImportSource): string {
  switch (one.kind) {
    case 'context-memory':
      return "the store's context memory";
    case 'function-table':
      return "the store's function table";
    case 'vmctx':
      return `address of the vmctx (${one.side})`;
    case 'table-base':
      return 'first function-table slot of the module';
    case 'block':
      return `${one.bytes} bytes of the context memory`;
    case 'store-data':
      return `${one.part} of the store's data`;
    case 'resource-type':
      return `id of resource type ${one.resource} (${one.side})`;
    case 'builtin':
      return `built-in ${one.builtin}`;
    case 'callee':
      return `JS callee of lowering ${one.lowering} (${one.form})`;
    case 'fallback':
      return `JS form of adapter ${one.adapter}`;
    case 'core-def':
      return one.def.kind === 'export'
        ? `core ${one.def.sort} ${JSON.stringify(one.def.name)} of core instance ${one.def.instance} (${one.side})`
        : `${one.def.kind} (${one.side})`;
    default:
      return JSON.stringify(one);
  }
}

/** `notes`, imports with the types that were read back from the bytes, and exports. */
export async function emittedText(module: EmittedModule, notes: readonly string[] = []): Promise<string> {
  const { imports, exports } = await readBack(module.bytes).catch(() => ({ imports: [], exports: [] }));
  const typeText = (type: (typeof imports)[number]['type'] | null | undefined): string => {
    if (type === null || type === undefined) return '';
    if (type.kind === 'func')
      return `func(${type.params.join(' ')})${type.results.length === 0 ? '' : ` -> ${type.results.join(' ')}`}`;
    return type.kind === 'global' ? `global ${type.type}` : type.kind;
  };
  const rows = module.imports.map((one) => {
    const type = imports.find((read) => read.module === one.module && read.name === one.name)?.type;
    return `  import ${`${one.module}.${one.name}`.padEnd(40)} ${typeText(type).padEnd(34)} ${source(one.source)}`.trimEnd();
  });
  const out = module.exports.map((name) => {
    const type = exports.find((read) => read.name === name)?.type;
    return `  export ${name.padEnd(40)} ${typeText(type)}`.trimEnd();
  });
  const lines = notes.map((line) => `  ${line}`);
  return [`${module.name}: ${module.bytes.length} bytes`, ...lines, ...rows, ...out, ''].join('\n');
}

/** The module as plain data, without its bytes. */
export function emittedJson(module: EmittedModule, notes: readonly string[] = []): object {
  return {
    ...(notes.length === 0 ? {} : { notes }),
    name: module.name,
    size: module.bytes.length,
    imports: module.imports,
    exports: module.exports,
  };
}
