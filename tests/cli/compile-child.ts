/**
 * A process that runs what `gangway compile` has written. In: the entry, and calls as JSON: `[["name", …arguments], …]`, or
 * a command's arguments as JSON. Out: JSON: the results, and what was loaded that the runtime must not need.
 *
 * With `--sealed` it stands for an edge worker: `.wasm` and `.json` files are imported, and nothing is compiled after that.
 */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import type { Component, Instance } from '@gangway/host/runtime';
import type { DynamicExports } from '../support/assemble.ts';
import { notForRuntime } from '../support/loaded.ts';

interface Entry {
  compile(): Promise<Component>;
  instantiate(imports: object): Promise<Instance<DynamicExports>>;
}

const loaded: string[] = [];
registerHooks({
  load: (url, context, next) => {
    loaded.push(url);
    if (!sealed || !/\.(wasm|json)$/.test(url)) return next(url, context);
    const read = `process.getBuiltinModule('node:fs').readFileSync(new URL(${JSON.stringify(url)}))`;
    const value = url.endsWith('.json') ? `JSON.parse(${read})` : `new WebAssembly.Module(${read})`;
    return { format: 'module', source: `export default ${value};`, shortCircuit: true };
  },
});

const sealed = process.argv.includes('--sealed');
const [entryFile = '', mode = '', text = '[]'] = process.argv.slice(2).filter((word) => word !== '--sealed');
const entry = (await import(entryFile)) as Entry;
if (sealed) {
  const refuse = (): never => {
    throw new WebAssembly.CompileError('Wasm code generation disallowed by embedder');
  };
  // A function that refuses to construct, and is still what `instanceof` compares with.
  const sealedModule = new Proxy(WebAssembly.Module, { construct: refuse });
  Object.assign(WebAssembly, { Module: sealedModule, compile: refuse, compileStreaming: refuse });
}

if (mode === 'run') {
  const { runCommand } = await import('@gangway/wasi');
  const { args, data } = JSON.parse(text) as { readonly args: readonly string[]; readonly data: string };
  let out = '';
  const { exitCode } = await runCommand(await entry.compile(), {
    args,
    preopens: [{ host: data, guest: '/data', readonly: false }],
    stdout: (bytes) => void (out += Buffer.from(bytes).toString()),
  });
  console.log(
    JSON.stringify({
      exitCode,
      out,
      written: readFileSync(`${data}/poem.txt.out`, 'utf8'),
      forbidden: notForRuntime(loaded),
    }),
  );
} else {
  const { exports } = await entry.instantiate({ twice: (x: number) => 2 * x, log: () => {} });
  const results = (JSON.parse(text) as [string, ...unknown[]][]).map(([name, ...args]) => exports[name]!(...args));
  console.log(JSON.stringify({ results, forbidden: notForRuntime(loaded) }));
}
// The shim's worker would keep the process.
process.exit(0);
