/**
 * Which functions run when a process starts with a component. In: the sources, three sample components. Out: for each source file
 * those that run, as offsets.
 *
 * Builds record it themselves, so that nobody keeps a list: the samples start in every way, and V8 counts. Takes some seconds, once for
 * each state of the sources. Rejected: a list in the repository (stale after every change), a profile by samples of the
 * stack (it misses what runs once).
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Ran, type RanFunctions, type Start, samples } from './sample.ts';

/** By path in the repository. */
export type StartFunctions = ReadonlyMap<string, readonly Ran[]>;

const root = new URL('../../', import.meta.url);

let recorded: Promise<StartFunctions> | undefined;

/** Rejects when a sample does not start. */
export function startFunctions(): Promise<StartFunctions> {
  recorded ??= record();
  return recorded;
}

async function record(): Promise<StartFunctions> {
  // In the repository: what the compiler writes imports the packages.
  const folder = new URL('.cache/start-functions/', root);
  const kept = new URL(`${digest()}.json`, folder);
  if (!existsSync(kept)) {
    const work = new URL(`${process.pid}/`, folder);
    mkdirSync(work, { recursive: true });
    try {
      const names = Object.keys(samples);
      await run('prepare', work, names);
      const ahead = await Promise.all(names.map((name) => run('ahead', work, [name])));
      const others = await Promise.all([run('jit', work, names), run('cached', work, names)]);
      const written = new URL('chosen.json', work);
      writeFileSync(written, JSON.stringify(chosen(ahead.map(parsed), others.map(parsed))));
      // Another build may be at the same.
      renameSync(written, kept);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }
  return new Map(Object.entries(JSON.parse(readFileSync(kept, 'utf8')) as RanFunctions));
}

/** The last line that it prints. */
async function run(what: 'prepare' | Start, folder: URL, names: readonly string[]): Promise<string> {
  const script = fileURLToPath(new URL('sample.ts', import.meta.url));
  const args = ['--no-warnings', script, what, folder.href, ...names];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 26 });
  return stdout.trim().split('\n').at(-1)!;
}

const parsed = (line: string): RanFunctions => JSON.parse(line) as RanFunctions;

/**
 * `ahead`: what each sample runs when it was compiled ahead of time. In the files that such starts load those functions are chosen that
 * most of them run: others, those of compiling above all, would cost more than they save. In the other files whatever ran is:
 * translation has a function for each kind of type.
 */
export function chosen(ahead: readonly RanFunctions[], others: readonly RanFunctions[]): RanFunctions {
  const loadedAhead = new Set(ahead.flatMap((one) => Object.keys(one)));
  const found = new Map<string, Map<string, Ran & { times: number }>>();
  for (const one of [...ahead, ...others]) {
    for (const [path, list] of Object.entries(one)) {
      if (loadedAhead.has(path) && !ahead.includes(one)) continue;
      const inFile = found.get(path) ?? new Map<string, Ran & { times: number }>();
      found.set(path, inFile);
      for (const { start, end } of list) {
        const key = `${start} ${end}`;
        inFile.set(key, { start, end, times: (inFile.get(key)?.times ?? 0) + 1 });
      }
    }
  }
  const entries = [...found].map(([path, inFile]): [string, Ran[]] => {
    const wanted = [...inFile.values()].filter(({ times }) => !loadedAhead.has(path) || times * 2 > ahead.length);
    return [path, wanted.map(({ start, end }) => ({ start, end }))];
  });
  return Object.fromEntries(entries);
}

/** Of all that decides what runs. */
function digest(): string {
  const hash = createHash('sha256').update(process.version);
  const paths = ['packages', 'scripts/start-functions'].flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, root), { recursive: true, encoding: 'utf8' })
      .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
      .filter((path) => /^(packages\/[^/]+\/src|scripts)\/.*\.ts$/.test(path)),
  );
  for (const path of [...paths.sort(), ...Object.values(samples)]) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(new URL(path, root)))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}
