/**
 * A component as an ES module, made ahead of time. In: the bytes of a component. Out: its manifest, its core modules (its own
 * and the emitted ones) as bytes, declarations in TypeScript, and with `source` the text of a module that instantiates it and
 * exports what it exports.
 *
 * Bundler plugins, the loader for Node and whoever writes another one share this file.
 */

import { camelCase, parseExternName, pascalCase, quote } from '@gangway/component/names';
import type { ComponentPlan } from '@gangway/component/plan';
import { stringifyPlan } from '@gangway/component/plan-json';
import { type Bytes, compile } from '../compile/compile.ts';
import { Engine, type EngineOptions } from '../engine.ts';
import { formsSource, partsSource } from '../forms/module-source.ts';
import { linkImported } from '../link/components.ts';
import { type CoreFile, coreFiles } from './core-files.ts';
import { type ImportMap, importOrigin } from './import-map.ts';
import { moduleDeclarations } from './module-declarations.ts';
import { exportName, type ModuleExport, moduleExports } from './module-exports.ts';

export interface ComponentModuleOptions {
  /** For files and comments: `greet.component`. */
  readonly name: string;
  /** For the engine that will run it. Adapters are written by binaryen unless `codegen` says otherwise. */
  readonly engine?: EngineOptions;
  /**
   * The binary for a component that it imports and instantiates, by import name (nested in an instance: names joined by a
   * space). It is linked in.
   */
  readonly importedComponent?: (name: string) => Promise<Bytes>;
}

export interface ComponentModule {
  readonly plan: ComponentPlan;
  /** JSON, for `parseManifest`. */
  readonly manifest: string;
  /** The generated code of its functions: an expression for `loadComponent`, and what it needs of the host's helpers. */
  readonly forms: { readonly forms: string; readonly helpers: readonly string[] };
  /** Parts of the host that it needs: statements, and an expression for `loadComponent`. */
  readonly parts: { readonly imports: readonly string[]; readonly parts: string };
  /** In the order in which the manifest counts them. */
  readonly files: readonly CoreFile[];
  readonly exports: readonly ModuleExport[];
  /** Declarations of the ES module: for `greet.component.d.wasm.ts`. */
  readonly declarations: string;
}

/**
 * Compiles and emits. Errors are those of `compile`, of linking, and of `importedComponent`; without that, a component that
 * instantiates imported ones is a `TypeError`.
 */
export async function componentModule(bytes: Bytes, options: ComponentModuleOptions): Promise<ComponentModule> {
  const { name, importedComponent } = options;
  const engine = new Engine({ codegen: 'binaryen', ...options.engine });
  const component = await linkImported(await compile(bytes, { engine }), async (wanted) => {
    if (importedComponent !== undefined) return compile(await importedComponent(wanted), { engine });
    throw new TypeError(`it instantiates the component that it imports as "${wanted}", and none is given`);
  });
  const { plan } = component;
  const { manifest, texts, files } = await coreFiles(component, name);
  return {
    plan,
    manifest: stringifyPlan(manifest),
    forms: formsSource(texts),
    parts: partsSource(manifest),
    files,
    exports: moduleExports(plan),
    declarations: moduleDeclarations(plan, name),
  };
}

export interface SourceOptions {
  /** Which module supplies which import; specifiers are written as they are. */
  readonly imports?: ImportMap;
  /** What importing a core module gives: its bytes, its address as text, or a `WebAssembly.Module`. */
  readonly files: 'bytes' | 'url' | 'module';
  /** The specifier of a core module. */
  readonly fileSpecifier: (index: number) => string;
  /** Default: `@gangway/host/runtime`. */
  readonly runtime?: string;
  /** Default: `@gangway/host/helpers`. */
  readonly helpers?: string;
  /**
   * `instance`: the module exports what the component exports. `component`: it exports `component`, and `instantiate` for an
   * imports object of the importer's own. Default: `instance`.
   */
  readonly form?: 'instance' | 'component';
}

/** The text of the ES module. It uses top-level await. */
export function moduleSource(made: ComponentModule, options: SourceOptions): string {
  const { files, fileSpecifier, form = 'instance' } = options;
  const { runtime = '@gangway/host/runtime', helpers = '@gangway/host/helpers' } = options;
  const lines = made.files.map((_, i) => `import file${i} from ${quote(fileSpecifier(i))};`);
  const bindings = made.files.map((_, i) => `file${i}`).join(', ');
  const used = ['InstancePre', 'loadComponent', 'parseManifest'];
  if (files === 'url') used.push('compileFile');
  lines.unshift(...made.parts.imports);
  if (made.forms.helpers.length > 0) {
    lines.unshift(`import { ${made.forms.helpers.join(', ')} } from ${quote(helpers)};`);
  }
  lines.unshift(`import { ${used.sort().join(', ')} } from ${quote(runtime)};`);
  const modules = {
    bytes: `await Promise.all([${bindings}].map((bytes) => WebAssembly.compile(bytes)))`,
    url: `await Promise.all([${bindings}].map((path) => compileFile(new URL(path, import.meta.url))))`,
    module: `[${bindings}]`,
  }[files];
  const body = [
    `const manifest = parseManifest(${quote(made.manifest)});`,
    `const modules = ${modules};`,
    `const forms = ${made.forms.forms};`,
    `const component = loadComponent({ manifest, modules, forms, parts: ${made.parts.parts} });`,
  ];
  if (form === 'component') {
    body.push(
      'const instantiate = async (imports = {}, { store } = {}) =>',
      '  (await InstancePre.prepare(component, imports)).instantiate(store);',
      'export { component, instantiate };',
    );
    return `${[...lines, ...body].join('\n')}\n`;
  }
  const { imports, object } = importsSource(made.plan, options.imports);
  body.push(
    ...object,
    'const { exports } = await (await InstancePre.prepare(component, imports)).instantiate();',
    ...exportsSource(made.exports),
  );
  return `${[...lines, ...imports, ...body].join('\n')}\n`;
}

/** `import` statements, and the statements that make `imports` of what they bind. */
export function importsSource(
  plan: ComponentPlan,
  map: ImportMap | undefined,
): { readonly imports: string[]; readonly object: string[] } {
  const imports: string[] = [];
  const entries: string[] = [];
  const wasi: string[] = [];
  for (const { name, type } of plan.imports) {
    const parts = parseExternName(name);
    // Types have no value; the functions of a resource are found on its class.
    if (type.kind === 'type' || parts.kind === 'constructor' || parts.kind === 'method' || parts.kind === 'static') {
      continue;
    }
    const origin = importOrigin(name, map);
    if (origin.kind === 'wasi') {
      wasi.push(name);
      continue;
    }
    const binding = `import${entries.length}`;
    const from = quote(origin.specifier);
    if (type.kind === 'component' && origin.specifier.endsWith('.wasm')) {
      imports.push(`import { component as ${binding} } from ${quote(`${origin.specifier}?component`)};`);
      entries.push(`${quote(name)}: ${binding},`);
    } else if (origin.member !== null) {
      imports.push(`import { ${exportName(origin.member)} as ${binding} } from ${from};`);
      entries.push(`${quote(name)}: ${binding},`);
    } else {
      imports.push(`import * as ${binding} from ${from};`);
      const wanted = type.kind === 'resource' ? pascalCase(name) : camelCase(name);
      entries.push(`${quote(name)}: ${type.kind === 'instance' ? binding : `only(${binding}, ${quote(wanted)})`},`);
    }
  }
  const object: string[] = [];
  if (entries.some((entry) => entry.includes(': only('))) {
    object.push('const only = (module, name) => (name in module ? module[name] : module.default);');
  }
  object.push('const imports = {', ...entries.map((entry) => `  ${entry}`));
  if (wasi.length > 0) {
    imports.push("import { wasiImports } from '@gangway/wasi';");
    object.push(
      `  ...(await wasiImports({ imports: [${wasi.map((name) => `{ name: ${quote(name)} }`).join(', ')}] })),`,
    );
  }
  return { imports, object: [...object, '};'] };
}

/** Statements that export the properties of `exports`. */
export function exportsSource(exports: readonly ModuleExport[]): string[] {
  return exports.flatMap(({ property, names }, i) => [
    `const export${i} = exports[${quote(property)}];`,
    `export { ${names.map((name) => `export${i} as ${exportName(name)}`).join(', ')} };`,
  ]);
}
