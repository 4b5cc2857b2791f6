/** Pages with components in their bundles, in real browsers, under a strict Content-Security-Policy. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gangway } from '@gangway/esbuild-plugin';
import { gangway as vitePlugin } from '@gangway/esbuild-plugin/rollup';
import { build } from 'esbuild';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { build as viteBuild } from 'vite';
import { type BrowserName, startBrowser } from '../browser/support/browsers.ts';
import { serve } from '../browser/support/server.ts';

const example = fileURLToPath(new URL('../../examples/esbuild-bundle', import.meta.url));
const site = mkdtempSync(join(tmpdir(), 'gangway-pages-'));
test.after(() => rmSync(site, { recursive: true, force: true }));

const page = (script: string): string =>
  `<!doctype html><title>page</title><script type="module" src="${script}"></script>`;

test('esbuild and Vite build the example for pages', async () => {
  for (const modules of ['file', 'inline'] as const) {
    await build({
      absWorkingDir: example,
      entryPoints: ['main.ts'],
      outdir: join(site, modules),
      bundle: true,
      minify: true,
      format: 'esm',
      plugins: [gangway({ imports: { log: './log.ts' }, modules })],
    });
    writeFileSync(join(site, modules, 'index.html'), page('./main.js'));
  }
  const root = mkdtempSync(join(site, 'vite-source-'));
  writeFileSync(join(root, 'index.html'), page(join(example, 'main.ts')));
  await viteBuild({
    root,
    base: './',
    configFile: false,
    logLevel: 'silent',
    build: { outDir: join(site, 'vite'), assetsInlineLimit: 0 },
    plugins: [vitePlugin({ root: example, imports: { log: './log.ts' } })],
  });
});

for (const name of ['chromium', 'firefox'] as const satisfies readonly BrowserName[]) {
  test(`they run in ${name}`, async () => {
    const server = await serve({ folders: { '/site/': site }, routes: {} });
    const { browser, close } = await startBrowser(name);
    try {
      for (const folder of ['file', 'inline', 'vite']) {
        const tab = await browser.newPage();
        const said: string[] = [];
        const done = new Promise<void>((resolve) => {
          tab.on('console', (message) => {
            said.push(message.text());
            if (message.text() === 'Hello, Ada') resolve();
          });
        });
        await tab.goto(`${server.url}/site/${folder}/index.html?csp`);
        await Promise.race([done, new Promise((resolve) => setTimeout(resolve, 10_000))]);
        assert.equal(said, ['log: Hello, Ada', 'Hello, Ada'], folder);
        await tab.close();
      }
    } finally {
      await close();
      await server.close();
    }
  });
}

test.run();
