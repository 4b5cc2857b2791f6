/**
 * The tests of one browser. In: which one. Out: a uvu test for each thing that its pages report. A page that does not
 * report in time fails, and so does one where the policy or the console has something to say.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { EngineOptions } from '@gangway/host';
import type { Browser } from 'puppeteer-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Assembler } from '../../packages/cli/src/wast/assembler.ts';
import type { PageReport } from './pages/report.ts';
import { type BrowserName, startBrowser } from './support/browsers.ts';
import { buildPages, outputOf, unitFiles, unitUrl } from './support/build.ts';
import { makeComponents } from './support/components.ts';
import { convertScripts } from './support/convert-scripts.ts';
import { coreModules } from './support/core-modules.ts';
import { type Answer, type Request, STRICT_CSP, serve } from './support/server.ts';
import { toWire } from './support/wire.ts';

/** Milliseconds that one page may take. */
const LIMIT = 60_000;
/** Tests that need the garbage collector, which Firefox does not hand out. */
const needsCollector = [
  'host/resources: handles that nobody holds are dropped by the finalizer, but not during a call',
  'host/resources: a finalizer drops what was not dropped, once, in whatever order others were',
];

const quoted = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

function page({ query }: Request): Answer {
  const module = query.get('module') ?? '';
  const policy = query.get('meta');
  const meta = policy === null ? '' : `<meta http-equiv="Content-Security-Policy" content="${quoted(policy)}">`;
  // An engine without stack switching is one with it that has lost it.
  const lost = query.has('nojspi')
    ? '<script>delete WebAssembly.Suspending; delete WebAssembly.promising;</script>'
    : '';
  const body = `<!doctype html><meta charset="utf-8">${meta}${lost}<title>${quoted(module)}</title>
<script type="module" src="${quoted(module)}"></script>`;
  return { type: 'text/html; charset=utf-8', body };
}

export async function testBrowser(name: BrowserName): Promise<void> {
  const tests = suite(name);
  const output = outputOf(name);
  const assembler = await Assembler.load();
  const [, components, scripts] = await Promise.all([
    buildPages(output),
    makeComponents(),
    convertScripts(['values', 'resources', 'linking']),
  ]);
  const server = await serve({
    folders: {
      '/gangway/': `${output}/gangway`,
      '/pages/': `${output}/pages`,
      // Where examples find the browser builds in a repository that was built.
      '/packages/host/dist/browser/': `${output}/gangway`,
      '/examples/': fileURLToPath(exampleFolder),
    },
    routes: {
      '/page.html': page,
      '/scripts.json': () => ({ type: 'application/json', body: toWire(scripts) }),
      '/modules.json': () => ({ type: 'application/json', body: toWire(coreModules(scripts)) }),
      '/exceptions.json': () => ({ type: 'application/json', body: readFileSync(exceptionList) }),
      '/assemble': async ({ body }) => {
        const made = await assembler.assemble(body);
        return made.kind === 'bytes' ? { body: made.bytes } : { status: 400, type: 'text/plain', body: made.message };
      },
      ...Object.fromEntries(
        [...components].map(([key, body]) => [
          `/components/${key}.wasm`,
          ({ query }: Request): Answer => ({
            type: query.get('type') ?? 'application/wasm',
            body,
            ...(query.has('pieces') ? { pieces: 20 } : {}),
          }),
        ]),
      ),
    },
  });
  const { browser, close } = await startBrowser(name);
  try {
    console.log(await browser.version());
    const open: Open = async (module, query = {}) => {
      const started = performance.now();
      const found = await reportOf(browser, server.url, module, query);
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.log(`${module.split('/').at(-1)} ${JSON.stringify({ ...query, file: undefined })}: ${seconds} s`);
      return found;
    };
    const excused = new Set(name === 'firefox' ? needsCollector : []);
    const seen = new Set<string>();
    /** Makes the page's results tests, under `title`. */
    const add = (title: string, found: PageReport, violations: readonly string[] = []): void => {
      for (const { name: one, error, skipped } of found.results) {
        if (skipped !== undefined) {
          const known = skipped.startsWith('known exception') || excused.has(one);
          if (known) tests.skip(`${title}: ${one}`, () => undefined);
          else tests(`${title}: ${one}`, () => assert.unreachable(`skipped: ${skipped}`));
        } else
          tests(`${title}: ${one}`, () => {
            if (error !== null) assert.unreachable(error);
            assert.not.ok(excused.has(one), 'it runs: take it off the list');
          });
        seen.add(one);
      }
      tests(`${title}: the page reports, and its policy is kept`, () => {
        assert.ok(found.results.length > 0);
        assert.equal(found.violations, violations);
      });
    };
    await run(open, add);
    if (wanted('unit'))
      tests('what is excused is there', () =>
        assert.equal(
          [...excused].filter((one) => !seen.has(one)),
          [],
        ),
      );
    for (const example of examples('/index.html').filter(wanted))
      await testExample(browser, server.url, example, tests);
    for (const text of examples('.wat').filter(wanted)) await testAssembled(assembler, text, tests);
  } finally {
    await close();
    await server.close();
  }
  tests.run();
}

type Query = Readonly<Record<string, string | readonly string[]>>;
type Open = (module: string, query?: Query) => Promise<PageReport>;
type Add = (title: string, found: PageReport, violations?: readonly string[]) => void;

/** Of the pages only those whose title contains the first argument of the command line, if there is one. */
const wanted = (title: string): boolean => title.includes(process.argv[2] ?? '');

async function run(open: Open, add: Add): Promise<void> {
  const page = async (title: string, name: string, query: Query = {}, violations: readonly string[] = []) => {
    if (wanted(title)) add(title, await open(`/pages/browser/pages/${name}.js`, query), violations);
  };
  /** Asking whether code may be evaluated is what such a policy reports; an engine that is told does not ask. */
  const asked = ['script-src eval'];
  await page('values', 'values');
  await page('values, strict policy', 'values', { csp: '' }, asked);
  await page('streaming', 'streaming');
  await page('worker', 'worker');
  await page('worker, strict policy', 'worker', { csp: '' }, asked);
  await page('strict policy, told', 'policy', { csp: '', evaluate: 'never' });
  await page('strict policy, detected', 'policy', { csp: '', evaluate: 'auto' }, asked);
  await page('strict policy, ahead of time', 'ahead', { csp: '' });
  // A page can read what its own head says.
  for (const meta of [
    STRICT_CSP,
    "default-src 'self' 'wasm-unsafe-eval'",
    "script-src 'self' 'unsafe-eval'; script-src 'self'",
  ]) {
    const free = meta.includes("'unsafe-eval'") ? 'auto' : 'never';
    await page(`policy in the page: ${meta}`, 'policy', { meta, evaluate: 'auto', detected: free });
  }
  await page('polyfill', 'polyfill');
  await page('draft', 'draft');
  await page('cache, first load', 'cache', { step: 'first' });
  await page('cache, second load', 'cache', { step: 'second' });
  await Promise.all(['one', 'two'].map((tab) => page(`cache, tab ${tab}`, 'cache', { step: 'together' })));
  await page('unit', 'unit', { file: unitFiles.map(unitUrl) });
  for (const engine of scriptEngines) {
    const options = JSON.stringify(engine);
    await page(`scripts ${options}`, 'scripts', { scripts: '/scripts.json', engine: options });
  }
  await page('scripts, no JSPI', 'scripts', { scripts: '/scripts.json', nojspi: '' });
  await page('values, no JSPI', 'values', { nojspi: '' });
  await page('scripts, strict policy', 'scripts', { scripts: '/scripts.json', csp: '' }, asked);
}

/** Options of the engines that the reference tests are run with. */
const scriptEngines: readonly EngineOptions[] = [
  {},
  { multiMemory: 'never' },
  { multiMemory: 'never', evaluate: 'never' },
  { lowering: 'spilled', pointerSize: 8, debug: true },
];

/** Opens a page that loads `module`, and waits for its report. */
async function reportOf(
  browser: Browser,
  url: string,
  module: string,
  query: Readonly<Record<string, string | readonly string[]>>,
): Promise<PageReport> {
  const search = new URLSearchParams([['module', module]]);
  for (const [key, value] of Object.entries(query)) {
    for (const one of typeof value === 'string' ? [value] : value) search.append(key, one);
  }
  const tab = await browser.newPage();
  const problems: string[] = [];
  tab.on('pageerror', (error) => {
    // Firefox reports as an error what the page reports as a violation.
    if (!String(error).includes('Content-Security-Policy:')) problems.push(String(error));
  });
  tab.on('response', (response) => {
    if (response.status() === 404 && response.url().endsWith('.js')) {
      problems.push(`${response.url()} is not there`);
      void tab.close();
    }
  });
  tab.on('requestfailed', (request) => {
    // Bodies that nobody reads to the end, and pages that are closed, abort their requests.
    const text = request.failure()?.errorText ?? '';
    if (!text.includes('ERR_ABORTED')) problems.push(`${request.url()}: ${text}`);
  });
  try {
    await tab.goto(`${url}/page.html?${search}`);
    const handle = await tab.waitForFunction(() => (globalThis as { report?: PageReport }).report, { timeout: LIMIT });
    const found = (await handle.jsonValue()) as PageReport;
    const hasJspi = await tab.evaluate(() => 'Suspending' in WebAssembly || 'promising' in WebAssembly);
    if ('nojspi' in query && hasJspi) problems.push('the engine has JSPI all the same');
    return problems.length === 0
      ? found
      : { ...found, results: [...found.results, { name: 'the page', error: problems.join('\n') }] };
  } catch (error) {
    return { results: [{ name: module, error: [String(error), ...problems].join('\n') }], violations: [] };
  } finally {
    if (!tab.isClosed()) await tab.close();
  }
}

const exceptionList = new URL('../conformance/exceptions.json', import.meta.url);
const exampleFolder = new URL('../../examples/', import.meta.url);

/** Files of the examples. */
function examples(end: string): string[] {
  return readdirSync(exampleFolder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith(end) && !path.includes('node_modules'))
    .sort();
}

/** An example has run when its page's title says so; what it prints into `output` is compared. */
async function testExample(
  browser: Browser,
  url: string,
  example: string,
  tests: ReturnType<typeof suite>,
): Promise<void> {
  const tab = await browser.newPage();
  let output: string;
  try {
    await tab.goto(`${url}/examples/${example}`);
    await tab.waitForFunction(() => document.querySelector('output[data-done]') !== null, { timeout: LIMIT });
    output = await tab.evaluate(() => document.querySelector('output')?.textContent ?? '');
  } catch (error) {
    output = String(error);
  } finally {
    await tab.close();
  }
  tests(`examples/${example}`, () => assert.is(output.trim(), expectedOutput[example]));
}

/** The component beside a text is what the text says. */
async function testAssembled(assembler: Assembler, text: string, tests: ReturnType<typeof suite>): Promise<void> {
  const made = await assembler.assemble(readFileSync(new URL(text, exampleFolder), 'utf8'));
  const committed = readFileSync(new URL(text.replace(/\.wat$/, '.wasm'), exampleFolder));
  tests(`examples/${text}`, () => {
    assert.equal(made, { kind: 'bytes', bytes: new Uint8Array(committed) });
  });
}

/** What the examples print. */
const expectedOutput: Readonly<Record<string, string>> = {
  'browser/index.html': '(log) greeting world\n1. Hello, world',
  'web-worker/index.html': 'worker 1: 9592\nworker 2: 8392\nworker 3: 8013\nworker 4: 7863\nprimes below 400000: 33860',
};
