/** Prints a benchmark's table, and puts it into the README when asked to; a `timing` with the machine that it ran on. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fillBlocks } from '../scripts/generated-block.ts';

export function report(block: string, table: readonly string[], write: boolean, timing = true): void {
  const machine = `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${process.platform} ${process.arch}`;
  const where = timing ? ['', `Node ${process.version}, V8 ${process.versions.v8}, ${machine}.`] : [];
  const text = [...table, ...where].join('\n');
  console.log(text);
  if (!write) return;
  const readme = new URL('../README.md', import.meta.url);
  writeFileSync(
    readme,
    fillBlocks(readFileSync(readme, 'utf8'), (name) => (name === block ? text : null)),
  );
}
