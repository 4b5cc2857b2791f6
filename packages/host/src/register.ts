/**
 * `node --import @gangway/host/register app.js`: from then on `import { greet } from './greet.component.wasm'` works. The
 * component is compiled and instantiated once, and its imports come from the module graph: by the mapping in `package.json`
 * (`gangway.imports`, see bundling/package-imports.ts), WASI from `@gangway/wasi`, anything else by its name.
 *
 * With `?component` behind the path the module exports `component` and `instantiate(imports)` instead. That is also how a
 * component is imported that another one instantiates: there is a code generator at run time, so it is linked then. Core
 * modules are left to Node.
 *
 * Rejected: hooks in a thread of their own. They would decode in one thread and compile in another.
 */
import * as nodeModule from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { decode, translate } from '@gangway/component';
import { exportsSource, importsSource } from './bundling/component-module.ts';
import { isComponent } from './bundling/is-component.ts';
import { moduleExports } from './bundling/module-exports.ts';
import { packageImports } from './bundling/package-imports.ts';
import { compile } from './compile/compile.ts';
import type { Component } from './compile/component.ts';
import type { Instance } from './instance/instance.ts';
import { InstancePre } from './instance/instance-pre.ts';
import type { ImportsObject } from './link/imports.ts';

/** By URL without query: what a hook has begun to compile. */
const compiling = new Map<string, Promise<Component>>();

/** For the modules that the hook makes: the component behind a URL. */
export function importedComponent(url: string): Promise<Component> {
  const found = compiling.get(url);
  if (found === undefined) throw new TypeError(`${url} has not been imported`);
  return found;
}

/** For the modules that the hook makes: an instance in a store of its own. */
export async function instantiateImported(component: Component, imports: ImportsObject): Promise<Instance> {
  return (await InstancePre.prepare(component, imports)).instantiate();
}

/** Not imported: see builtin.ts. */
const fs = process.getBuiltinModule('node:fs');

const suffix = '?component';
const self = JSON.stringify(import.meta.url);

function source(url: string, bytes: Uint8Array<ArrayBuffer>, query: string): string {
  const component = `const component = await importedComponent(${JSON.stringify(url)});`;
  if (!compiling.has(url)) {
    const promise = compile(bytes);
    // Whoever imports the module is told.
    promise.catch(() => undefined);
    compiling.set(url, promise);
  }
  const head = `import { importedComponent, instantiateImported } from ${self};`;
  if (query === suffix) {
    return [
      head,
      component,
      'const instantiate = (imports = {}) => instantiateImported(component, imports);',
      'export { component, instantiate };',
    ].join('\n');
  }
  // The names must be known now; only the engine may be waited for.
  const plan = translate(bytes, decode(bytes));
  const { imports } = packageImports(fileURLToPath(url), (path) => pathToFileURL(path).href);
  const made = importsSource(plan, imports);
  return [
    head,
    ...made.imports,
    component,
    ...made.object,
    'const { exports } = await instantiateImported(component, imports);',
    ...exportsSource(moduleExports(plan)),
  ].join('\n');
}

if (typeof nodeModule.registerHooks !== 'function') {
  throw new TypeError('@gangway/host/register needs Node 22.15 or later');
}
nodeModule.registerHooks({
  resolve(specifier, context, nextResolve) {
    if (!specifier.endsWith(`.wasm${suffix}`)) return nextResolve(specifier, context);
    // The names that packages export have no queries.
    const found = nextResolve(specifier.slice(0, -suffix.length), context);
    return { ...found, url: found.url + suffix };
  },
  load(address, context, nextLoad) {
    const [, url = '', query = ''] = /^(file:[^?#]*\.wasm)(\?component)?$/.exec(address) ?? [];
    if (url === '') return nextLoad(address, context);
    const bytes = new Uint8Array(fs.readFileSync(new URL(url)));
    if (!isComponent(bytes)) return nextLoad(address, context);
    return { format: 'module', source: source(url, bytes, query), shortCircuit: true };
  },
});
