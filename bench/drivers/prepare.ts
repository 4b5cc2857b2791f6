/**
 * What has to be made before anything is timed: the component, its core module, and what jco makes of it. In: names of jco's
 * versions. Out: files in `.cache/bench`.
 *
 * Run as a process of its own. Assemblers and transpilers are megabytes of wasm, which the engine goes on compiling in
 * the background for seconds, on the threads that should compile the loops that are timed: with them in the process, raw
 * `add` was timed in the interpreter (95 ns) or in baseline code (16 ns), and in optimised code (5 ns) only now and then.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';

const cache = new URL('../../.cache/bench/', import.meta.url);

/** The file of the component, or of its core module. */
export const preparedFile = (name: 'calls.component.wasm' | 'calls.core.wasm'): URL => new URL(name, cache);
/** The folder of a jco version's output. */
export const jcoFolder = (version: string): URL => new URL(`jco-${version}/`, cache);

type Transpile = (
  bytes: Uint8Array,
  options: object,
) => Promise<{ files: Record<string, Uint8Array> | [string, Uint8Array][] }>;

/** Makes the files, in a process of its own. */
export function prepare(jcoVersions: readonly string[]): void {
  execFileSync(process.execPath, [import.meta.filename, ...jcoVersions], { stdio: ['ignore', 'inherit', 'inherit'] });
}

async function make(jcoVersions: readonly string[]): Promise<void> {
  const { callsComponent, coreModule } = await import('../component.ts');
  mkdirSync(cache, { recursive: true });
  const component = await callsComponent();
  writeFileSync(preparedFile('calls.component.wasm'), component);
  writeFileSync(preparedFile('calls.core.wasm'), await coreModule());
  for (const version of jcoVersions) {
    const { transpile } = (await import(version === '1.10' ? 'jco-1.10' : '@bytecodealliance/jco')) as {
      transpile: Transpile;
    };
    const { files } = await transpile(component, { name: 'calls', instantiation: 'async', noTypescript: true });
    mkdirSync(jcoFolder(version), { recursive: true });
    for (const [file, content] of Array.isArray(files) ? files : Object.entries(files)) {
      writeFileSync(new URL(file.split('/').pop()!, jcoFolder(version)), content);
    }
    writeFileSync(new URL('package.json', jcoFolder(version)), '{"type":"module"}');
  }
}

if (import.meta.main) await make(process.argv.slice(2));
