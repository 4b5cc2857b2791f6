/**
 * `pnpm bench:browser`: what a page waits for, from its HTML to the first call returned, in Chromium. In: `--rounds N`, `--delay MS`,
 * `--only REGEX`, `--json`, `--files` (what each page loads, and when). Out: a markdown table (or JSON). Takes Chromium and `openssl`.
 *
 * - first load: nothing is in the browser's cache, and answers come at once;
 * - delayed: the same when each answer comes `--delay` milliseconds (default 50) after its request;
 * - in a row: of the requests then, how many waited for each other. A file that names another, which names the next, makes one
 *   more each: over a network they are more than all that a page computes;
 * - again: the third load, when the browser's cache has the files, and the code that it has compiled of them.
 *
 * Not in the README's figures: they are of one browser on one machine, and a page's own scripts are beside them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startBrowser } from '../tests/browser/support/browsers.ts';
import { type Page, type Preload, pages as pagesOf } from './browser/pages.ts';
import { serve } from './browser/server.ts';
import { makeSite, sitePath } from './browser/site.ts';
import { jcoFolder, prepare, preparedFile } from './drivers/prepare.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    delay: { type: 'string', default: '50' },
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
    files: { type: 'boolean', default: false },
  },
});
const ROUNDS = Number(options.rounds);
const DELAY = Number(options.delay);
/** Milliseconds that a page may take. */
const LIMIT = 30_000;

/** What a page says of itself. */
interface Load {
  /** Milliseconds from the last byte of the HTML to the first call returned. */
  readonly ms: number;
  /** What was loaded by then, without the HTML. Bytes are compressed; times are milliseconds as above. */
  readonly files: readonly {
    readonly name: string;
    readonly bytes: number;
    readonly from: number;
    readonly to: number;
  }[];
}

prepare(['1.35']);
makeSite();
const preload = JSON.parse(readFileSync(sitePath('gangway/preload.json'), 'utf8')) as Preload;
const pages = pagesOf(preload, readdirSync(sitePath('compiled')));
const server = await serve({
  folders: {
    '/gangway/': sitePath('gangway'),
    '/compiled/': sitePath('compiled'),
    '/bundled/': sitePath('bundled'),
    '/jco/': fileURLToPath(jcoFolder('1.35')),
    '/wasm/': fileURLToPath(new URL('.', preparedFile('calls.core.wasm'))),
  },
  pages: Object.fromEntries(pages.map(({ html }, i) => [`/${i}.html`, html])),
});
const { browser, close } = await startBrowser('chromium', [server.trust]);

/** Loads the page that many times; what it says the last time. */
async function load(path: string, { times = 1, delay = 0 } = {}): Promise<Load> {
  const tab = await browser.newPage();
  try {
    const client = await tab.createCDPSession();
    await client.send('Network.clearBrowserCache');
    await client.send('Storage.clearDataForOrigin', { origin: server.url, storageTypes: 'all' });
    const problems: string[] = [];
    tab.on('pageerror', (error) => problems.push(String(error)));
    let last: Load | undefined;
    for (let time = 0; time < times; time++) {
      server.delay = delay;
      await tab.goto(`${server.url}${path}`);
      const handle = await tab
        .waitForFunction(() => (globalThis as { load?: Load }).load, { timeout: LIMIT, polling: 50 })
        .catch((error: unknown) => {
          throw new Error([`${path}: ${String(error)}`, ...problems].join('\n'));
        });
      last = (await handle.jsonValue()) as Load;
    }
    return last as Load;
  } finally {
    await tab.close();
  }
}

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!;
const wanted = pages
  .map((page, i) => ({ page, path: `/${i}.html` }))
  .filter(({ page }) => new RegExp(options.only).test(page.name));

/** The length of the longest chain of files of which each was asked for when the one before was there. */
function inARow(files: Load['files']): number {
  const lengths: number[] = [];
  const sorted = [...files].sort((a, b) => a.from - b.from);
  sorted.forEach(({ from }, i) => {
    const before = sorted.slice(0, i).map(({ to }, k) => (to <= from ? lengths[k]! : 0));
    lengths.push(Math.max(0, ...before) + 1);
  });
  return Math.max(0, ...lengths);
}

interface Figure {
  readonly name: string;
  readonly first: number;
  readonly delayed: number;
  /** Requests of which each came after the answer to the one before. */
  readonly inARow: number;
  readonly again: number;
  readonly requests: number;
  /** Compressed. */
  readonly bytes: number;
}

async function measure(): Promise<Figure[]> {
  const loads = new Map<Page, Record<'first' | 'delayed' | 'again', Load[]>>();
  for (const { page } of wanted) loads.set(page, { first: [], delayed: [], again: [] });
  for (let round = 0; round < ROUNDS; round++) {
    const order = wanted.map((one) => [Math.random(), one] as const).sort(([a], [b]) => a - b);
    for (const [, { page, path }] of order) {
      const found = loads.get(page)!;
      found.first.push(await load(path));
      found.delayed.push(await load(path, { delay: DELAY }));
      found.again.push(await load(path, { times: 3 }));
    }
  }
  return wanted.map(({ page }) => {
    const { first, delayed, again } = loads.get(page)!;
    const [one, other, third] = [first, delayed, again].map((all) => median(all.map(({ ms }) => ms))) as [
      number,
      number,
      number,
    ];
    const { files } = first[0]!;
    if (options.files) {
      console.error(page.name);
      for (const { name, bytes, from, to } of delayed[0]!.files) {
        console.error(
          `  ${from.toFixed(0).padStart(4)}–${to.toFixed(0).padEnd(4)} ${String(bytes).padStart(6)} ${name}`,
        );
      }
    }
    return {
      name: page.name,
      first: one,
      delayed: other,
      inARow: median(delayed.map(({ files }) => inARow(files))),
      again: third,
      requests: files.length,
      bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  });
}

try {
  const version = await browser.version();
  const figures = await measure();
  if (options.json) console.log(JSON.stringify({ browser: version, figures }));
  else {
    console.log('| a page | requests | KB, compressed | in a row | first load, ms | delayed, ms | again, ms |');
    console.log('|---|--:|--:|--:|--:|--:|--:|');
    for (const { name, first, delayed, inARow, again, requests, bytes } of figures) {
      const cells = [inARow, first.toFixed(0), delayed.toFixed(0), again.toFixed(0)];
      console.log(`| ${name} | ${requests} | ${(bytes / 1000).toFixed(1)} | ${cells.join(' | ')} |`);
    }
    console.log(`\n${version}; medians of ${ROUNDS} loads; answers delayed by ${DELAY} ms.`);
  }
} finally {
  await close();
  await server.close();
}
