/**
 * `pnpm test:engines [--write] [NAME …]`: the smoke suite on every engine of engines.json, which are installed on first use, and
 * in the browsers of this machine.
 * Prints a table, and with `--write` puts it into the README. Exit code 1 when a check fails.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from 'puppeteer-core';
import { fillBlocks } from '../../scripts/generated-block.ts';
import { type BrowserName, startBrowser } from '../browser/support/browsers.ts';
import { serve } from '../browser/support/server.ts';
import { bundleSmoke, type SmokeReport } from './bundles.ts';
import { type EngineInfo, engineNames, installEngine } from './install.ts';
import type { Check } from './smoke.ts';
import { serveWorker } from './workerd.ts';

const exec = promisify(execFile);
const write = process.argv.includes('--write');
const filters = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const home = mkdtempSync(join(tmpdir(), 'gangway-engines-'));

async function runProgram({ name, program }: EngineInfo, folder: string): Promise<SmokeReport> {
  const script = join(folder, 'main.js');
  const deno = ['run', '--no-config', '--no-lock', '--node-modules-dir=manual', `--allow-read=${folder}`, script];
  const args = name === 'deno' ? deno : [script];
  const { stdout } = await exec(program, args, { cwd: folder, maxBuffer: 2 ** 26 });
  return JSON.parse(stdout) as SmokeReport;
}

async function runWorker({ program }: EngineInfo, folder: string): Promise<SmokeReport> {
  const worker = await serveWorker(program, folder, 'main.js');
  try {
    const response = await fetch(worker.url);
    const body = await response.text();
    if (!response.ok) throw new Error(`HTTP status ${response.status}: ${body}`);
    return JSON.parse(body) as SmokeReport;
  } finally {
    worker.stop();
  }
}

async function run(engine: EngineInfo): Promise<SmokeReport> {
  const kind = engine.name === 'workerd' ? 'worker' : 'program';
  const folder = join(home, engine.name);
  await bundleSmoke(folder, kind);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  return kind === 'worker' ? runWorker(engine, folder) : runProgram(engine, folder);
}

/** The same where the host was installed and not bundled: what went wrong. Workers are bundled always. */
async function runInstalled(engine: EngineInfo): Promise<readonly Check[]> {
  if (engine.name === 'workerd') return [];
  const folder = join(home, `${engine.name}-installed`);
  await bundleSmoke(folder, 'installed');
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const { compiled, stored, written } = await runProgram(engine, folder);
  return [...(compiled ?? []), ...stored, ...written]
    .filter(({ error }) => error !== null)
    .map(({ name, error }) => ({ name: `${name}, installed`, error }));
}

/** A page that runs the script; Chromium's and Firefox's own version, and what the script says. */
async function runPage(name: BrowserName): Promise<{ readonly version: string; readonly report: SmokeReport }> {
  const folder = join(home, name);
  await bundleSmoke(folder, 'program');
  const { browser, close } = await startBrowser(name);
  const server = await serve({
    folders: { '/': folder },
    routes: {
      '/page.html': () => ({ type: 'text/html', body: '<script type="module" src="/main.js"></script>' }),
    },
  });
  try {
    const version = (await browser.version()).replace(/^.*\//, '');
    return { version, report: await reportOf(browser, `${server.url}/page.html`) };
  } finally {
    await server.close();
    await close();
  }
}

async function reportOf(browser: Browser, url: string): Promise<SmokeReport> {
  const tab = await browser.newPage();
  const said = new Promise<SmokeReport>((resolve, reject) => {
    tab.on('console', (message) => {
      if (message.type() === 'log') resolve(JSON.parse(message.text()) as SmokeReport);
    });
    tab.on('pageerror', reject);
    setTimeout(() => reject(new Error('the page says nothing')), 60_000).unref();
  });
  await tab.goto(url);
  return said;
}

const titles: Readonly<Record<string, string>> = { deno: 'Deno', bun: 'Bun', workerd: 'workerd' };
const title = ({ name, version }: EngineInfo): string => `${titles[name] ?? 'Node'} ${version}`;

function verdict(checks: readonly Check[] | null): string {
  if (checks === null) return 'not allowed there';
  const failed = checks.filter(({ error }) => error !== null).map(({ name }) => name);
  return failed.length === 0 ? 'yes' : `all but ${failed.join(', ')}`;
}

const browsers: readonly BrowserName[] = ['chromium', 'firefox'];
const rows: string[][] = [];

/** The row of an engine; `work` says what it is called and what its script says. */
async function row(name: string, work: () => Promise<readonly [title: string, report: SmokeReport]>): Promise<void> {
  if (filters.length > 0 && !filters.some((filter) => name.includes(filter))) return;
  try {
    const [called, { compiled, stored, written, features }] = await work();
    for (const { name: check, error } of [...(compiled ?? []), ...stored, ...written]) {
      if (error === null) continue;
      console.error(`${called}: ${check}: ${error}`);
      process.exitCode = 1;
    }
    const has = Object.values(features).map((feature) => (feature ? 'yes' : 'no'));
    rows.push([called, verdict(compiled), verdict(written), verdict(stored), ...has]);
  } catch (error) {
    console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
    rows.push([name, 'no', 'no', 'no', '?', '?', '?']);
  }
}

for (const name of engineNames) {
  await row(name, async () => {
    const engine = await installEngine(name);
    const report = await run(engine);
    return [title(engine), { ...report, written: [...report.written, ...(await runInstalled(engine))] }];
  });
}
for (const name of browsers) {
  await row(name, async () => {
    const { version, report } = await runPage(name);
    return [`${name === 'chromium' ? 'Chromium' : 'Firefox'} ${version}`, report];
  });
}
rmSync(home, { recursive: true, force: true });

const head = [
  'engine',
  'compiled there',
  '`gangway compile`',
  'esbuild plugin',
  'several memories',
  'memory64',
  'JSPI',
];
const table = [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
console.log(table);
if (write) {
  const readme = new URL('../../README.md', import.meta.url);
  const text = readFileSync(readme, 'utf8');
  writeFileSync(
    readme,
    fillBlocks(text, (block) => (block === 'engines' ? table : null)),
  );
}
