/**
 * What `pnpm start` does: runs the C example as a component, then shows what happened on the way. In: nothing. Out: text;
 * exit code 0 when the example did what it should.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toWat } from '@gangway/adapter-codegen';
import { type Component, compile, type ExternInfo } from '@gangway/host';
import { layoutText, vmctxLayout } from '@gangway/offsets';
import { runCommand } from '@gangway/wasi';

const file = 'examples/hello-c/hello.wasm';

const write = (text: string): void => void process.stdout.write(text);
const heading = (text: string): void => write(`\n── ${text} ${'─'.repeat(Math.max(0, 96 - text.length))}\n\n`);

/** Says what is being done, then how long it took. */
async function step<T>(text: string, body: () => Promise<T>): Promise<T> {
  write(`${text} … `);
  const start = performance.now();
  const result = await body();
  write(`${Math.round(performance.now() - start)} ms\n`);
  return result;
}

/** Runs the example in a directory of its own, and prints what it prints. Returns what it wrote into the file that it made. */
async function runExample(component: Component): Promise<{ exitCode: number; written: string }> {
  const pieces: Uint8Array[] = [];
  const directory = await mkdtemp(join(tmpdir(), 'gangway-start-'));
  try {
    await writeFile(join(directory, 'poem.txt'), 'so much depends\nupon\na red wheel\nbarrow\n');
    const { exitCode } = await runCommand(component, {
      args: ['hello', '/data/poem.txt', 'Ada', 'Grace'],
      env: { GREETING: 'Ahoy' },
      preopens: [{ host: directory, guest: '/data' }],
      stdout: (bytes) => pieces.push(bytes),
      stderr: (bytes) => pieces.push(bytes),
    });
    write(indent(Buffer.concat(pieces).toString()));
    return { exitCode, written: await readFile(join(directory, 'poem.txt.out'), 'utf8') };
  } finally {
    await rm(directory, { recursive: true });
  }
}

const indent = (text: string): string => text.replace(/^(?=.)/gm, '  ');

/** One line an import or export: its name, and how many functions it has. */
function summary(items: readonly ExternInfo[]): string {
  const lines = items.map((item) => {
    if (item.kind !== 'instance') return `  ${item.name}  (${item.kind})`;
    const functions = item.exports.filter(({ kind }) => kind === 'func').length;
    return `  ${item.name.padEnd(44)} ${functions} function${functions === 1 ? '' : 's'}`.trimEnd();
  });
  return `${lines.join('\n')}\n`;
}

/** The text of the function that a module exports under `name`, out of the module's text. */
function functionText(wat: string, name: string): string {
  const exported = wat.indexOf(`(export "${name}" (func `);
  const id = /\(func (\S+?)\)/.exec(wat.slice(exported))?.[1];
  const start = wat.indexOf(`(func ${id} `);
  if (exported < 0 || start < 0) throw new Error(`no function is exported as ${name}`);
  let depth = 0;
  let end = start;
  do {
    if (wat[end] === '(') depth += 1;
    if (wat[end] === ')') depth -= 1;
    end += 1;
  } while (depth > 0);
  return `  ${wat.slice(start, end)}\n`;
}

/** The trampoline through which the guest asks for its arguments. */
async function trampolineText(component: Component): Promise<string> {
  const { plan } = component;
  const index = plan.trampolines.findIndex(
    (one) => one.kind === 'lower-import' && plan.runtimeImports[one.import]?.path.at(-1) === 'get-arguments',
  );
  const { trampolines } = await component.prepare();
  if (index < 0 || trampolines?.bytes === undefined) throw new Error('the example imports no get-arguments');
  return functionText(await toWat(trampolines.bytes), `trampoline[${index}]`);
}

write('Gangway: a WebAssembly component host in pure TypeScript\n\n');
const bytes = new Uint8Array(await readFile(file));
const component = await step(`compiling ${file} (${bytes.length} bytes: decode, translate, emit trampolines)`, () =>
  compile(bytes),
);

heading('running it: hello /data/poem.txt Ada Grace, with one directory opened as /data');
const { exitCode, written } = await runExample(component);
write(`\n  exit code ${exitCode}; /data/poem.txt.out now holds\n\n${indent(written)}`);

heading('what it imports');
write(summary(component.imports));
heading('what it exports');
write(summary(component.exports));

heading('where everything lies in its VMComponentContext');
write(layoutText(vmctxLayout(component.offsets)));

heading('one of its trampolines: wasi:cli/environment get-arguments');
write(await step('writing the emitted module as text', () => trampolineText(component)));

write(`
Next:
  npx -y pnpm@12 gangway --help
  npx -y pnpm@12 gangway run ${file} --clock
  npx -y pnpm@12 gangway inspect --phase trampolines ${file}
`);
process.exitCode = exitCode === 0 && written.startsWith('  1  so much depends\n') ? 0 : 1;
