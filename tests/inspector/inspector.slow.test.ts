/**
 * The inspector in real browsers, end to end: every pane of an example, calls and what they change, a trap, a WASI program,
 * the keyboard; and its looks, at two widths and in both colour schemes: nothing may overflow, no screenshot may be blank.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inflateSync } from 'node:zlib';
import type { Browser, ElementHandle, Page } from 'puppeteer-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Assembler } from '../../packages/cli/src/wast/assembler.ts';
import { buildInspector } from '../../packages/inspector/src/build.ts';
import { serveInspector } from '../../packages/inspector/src/serve.ts';
import { type BrowserName, startBrowser } from '../browser/support/browsers.ts';

const output = fileURLToPath(new URL('../../.cache/inspector', import.meta.url));
const shots = `${output}-screenshots`;
/** Milliseconds that one step may take. */
const LIMIT = 20_000;
const panes = ['structure', 'types', 'memory', 'code', 'run'] as const;

/** How many colours a PNG of 8 bits a channel has; only unfiltered bytes are looked at, so it is a lower bound. */
function variety(png: Uint8Array): number {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const pieces: Uint8Array[] = [];
  for (let at = 8; at < png.length; ) {
    const length = view.getUint32(at);
    if (String.fromCharCode(...png.subarray(at + 4, at + 8)) === 'IDAT')
      pieces.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  return new Set(inflateSync(Buffer.concat(pieces))).size;
}

class Inspector {
  readonly page: Page;
  readonly #name: string;
  readonly errors: string[] = [];
  constructor(page: Page, name: string, url: string) {
    this.page = page;
    this.#name = name;
    page.setDefaultTimeout(LIMIT);
    page.on('request', (request) => {
      if (!request.url().startsWith(url) && !request.url().startsWith('data:')) this.errors.push(request.url());
    });
    page.on('pageerror', (error) => this.errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
  }
  async open(url: string, example: string): Promise<void> {
    await this.page.goto(url);
    // The page begins with the first example; choosing it again would make the page anew under the test.
    await this.waitForText('#status', 'hello.wasm: ');
    if (example !== 'hello.wasm') await this.page.select('#example', example);
    await this.waitForText('#status', `${example}: `);
    assert.match(await this.text('#status'), /[\d,]+ bytes$/);
  }
  async upload(path: string): Promise<void> {
    const input = await this.page.waitForSelector('input[type=file]');
    await (input as ElementHandle<HTMLInputElement>).uploadFile(path);
  }
  async show(pane: string): Promise<void> {
    await this.page.click(`#tab-${pane}`);
    if (pane === 'code') await this.waitForText('.cm-content', '(func $');
  }
  text(selector: string): Promise<string> {
    return this.page.$eval(selector, (element) => element.textContent ?? '');
  }
  count(selector: string): Promise<number> {
    return this.page.$$eval(selector, (elements) => elements.length);
  }
  async waitForText(selector: string, text: string): Promise<void> {
    await this.page
      .waitForFunction(
        (where, what) => document.querySelector(where)?.textContent?.includes(what) ?? false,
        {},
        selector,
        text,
      )
      .catch(async (error: unknown) => {
        throw new Error(`"${text}" does not come; there is: ${await this.text(selector)}`, { cause: error });
      });
  }
  async shoot(name: string): Promise<void> {
    const path = `${shots}/${this.#name}-${name}.png` as const;
    await this.page.screenshot({ path });
    assert.ok(variety(readFileSync(path)) > 20, `${path} is blank`);
    const [scrolled, seen] = await this.page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return [scrollWidth, clientWidth];
    });
    assert.ok(scrolled! <= seen!, `${name} overflows: ${scrolled} > ${seen}`);
  }
  async chooseFunction(name: string): Promise<void> {
    const id = await this.page.$eval('form select', (element) => element.id);
    await this.page.select(`#${id}`, name);
  }
}

function testIn(name: BrowserName, browser: Browser, url: string): void {
  const test = suite(name);
  const inspect = async (body: (inspector: Inspector) => Promise<void>): Promise<void> => {
    const page = await browser.newPage();
    try {
      const inspector = new Inspector(page, name, url);
      await page.setViewport({ width: 1280, height: 900 });
      await body(inspector);
      assert.equal(inspector.errors, []);
    } finally {
      await page.close();
    }
  };

  test('every pane of a component has its content', () =>
    inspect(async (inspector) => {
      await inspector.open(url, 'two-components.wasm');
      assert.is(await inspector.count('.graph .node.adapter'), 1);
      assert.is(await inspector.count('.graph .node.core'), 3);
      assert.is(await inspector.count('.graph .edge'), 5);
      assert.match(await inspector.text('.tree'), /letters.*shouter/s);
      await inspector.show('types');
      assert.match(await inspector.text('.wit'), /export measure: func\(text: string\) -> u32;/);
      await inspector.show('memory');
      assert.match(await inspector.text('.memory .hint'), /\d+ bytes here/);
      assert.match(await inspector.text('.details'), /magic.*four bytes/s);
      await inspector.show('code');
      assert.match(await inspector.text('.code select'), /trampoline\[0\] log.*adapter\[0\] twice-the-length/s);
      assert.match(await inspector.text('.code .chips'), /flags\[2\]\.bits \(read\).*lowerings\[0\]\.callee/s);
    }));

  test('a call shows its result, and what it changed in the vmctx', () =>
    inspect(async (inspector) => {
      const { page } = inspector;
      await inspector.open(url, 'two-components.wasm');
      await inspector.show('run');
      const input = await page.waitForSelector('form input');
      await input!.evaluate((element) => {
        element.value = '"seventeen letters"';
      });
      await page.click('#call');
      await inspector.waitForText('.results', '→ 34');
      assert.match(await inspector.text('.console'), /log\("seventeen letters"\)/);
      await page.click('.results button.link');
      assert.ok((await inspector.count('.map .changed-during')) > 0, 'the entered bit is seen during the call');
      assert.is(await inspector.text('.slot[data-offset="0"]'), '636f6d70', 'live bytes: "comp"');
      await inspector.shoot('memory-after-call');
    }));

  test('text that is no value of the type is refused in place', () =>
    inspect(async (inspector) => {
      const { page } = inspector;
      await inspector.open(url, 'two-components.wasm');
      await inspector.show('run');
      await page.$eval('form input', (element) => {
        element.value = '12';
      });
      await page.click('#call');
      await inspector.waitForText('form .error', 'expected');
      assert.is(await page.$eval('form input', (element) => element.getAttribute('aria-invalid')), 'true');
      assert.is(await inspector.count('.results li'), 0);
    }));

  test('a resource is kept and passed on; a trap shows its component stack', () =>
    inspect(async (inspector) => {
      const { page } = inspector;
      await inspector.open(url, 'counter.wasm');
      await inspector.show('run');
      await inspector.chooseFunction('[constructor]counter');
      await page.click('#call');
      await inspector.waitForText('.results', 'counter #1');
      assert.match(await inspector.text('.results'), /[1-9]\d* bytes? of the vmctx changed/);
      await inspector.show('memory');
      assert.ok((await inspector.count('.map .changed-after')) > 0, 'the handle table has grown');
      await inspector.show('run');
      await inspector.chooseFunction('[method]counter.increment');
      await page.click('#call');
      await inspector.waitForText('.results', '→ 2');
      await inspector.chooseFunction('fail');
      await page.click('#call');
      await inspector.waitForText('.results .trap', 'unreachable');
      assert.match(await inspector.text('.results .trap .stack'), /fail/);
      await inspector.shoot('trap');
      await inspector.chooseFunction('dropped');
      await page.click('#call');
      await inspector.waitForText('.results', '→ 0');
    }));

  test('code leads to the vmctx, and the vmctx to code', () =>
    inspect(async (inspector) => {
      const { page } = inspector;
      await inspector.open(url, 'two-components.wasm');
      await page.click('.graph .node.adapter');
      await inspector.waitForText('.cm-content', 'adapter<0>');
      assert.ok((await inspector.count('.cm-content .touches')) > 0);
      assert.ok((await inspector.count('.cm-content span[class*="ͼ"]')) > 10, 'the text is coloured');
      await inspector.shoot('code-adapter');
      await page.click('.code .chips button');
      assert.ok((await inspector.count('.slot.touched')) > 0);
      await page.hover('.slot.touched');
      await inspector.waitForText('.details .chips', 'adapter[0]');
      await page.click('.details .chips button');
      await page.waitForSelector('#pane-code:not([hidden])');
    }));

  test('a C program runs on WASI: arguments, environment, files, output, exit code', () =>
    inspect(async (inspector) => {
      const { page } = inspector;
      await inspector.open(url, 'hello.wasm');
      await inspector.show('run');
      await page.click('#run-program');
      await inspector.waitForText('.console', 'numbered 2 lines of /poem.txt into /poem.txt.out');
      assert.match(await inspector.text('.console'), /Ahoy, Ada!/);
      await inspector.waitForText('.files', '/poem.txt.out');
      assert.match(await inspector.text('.files'), / {2}2 {2}violets are blue\./);
      await inspector.shoot('hello');
      await page.$eval('.run textarea', (element) => {
        element.value = 'hello\n--trap';
      });
      await page.click('#run-program');
      await inspector.waitForText('.results .trap', 'divide by zero');
      assert.match(await inspector.text('.console'), /about to divide by zero/);
      await page.$eval('.run textarea', (element) => {
        element.value = 'hello\n/nowhere.txt';
      });
      await page.click('#run-program');
      await inspector.waitForText('.console', 'cannot open /nowhere.txt');
      await inspector.waitForText('.results', 'exit code 1');
    }));

  test('a program that sleeps goes on when its time has passed', () =>
    inspect(async (inspector) => {
      await inspector.open(url, 'counter.wasm');
      await inspector.upload(sleeper);
      await inspector.waitForText('#status', 'sleep.wasm: ');
      await inspector.show('run');
      await inspector.page.click('#run-program');
      await inspector.waitForText('.results', '→ ok');
    }));

  test('a file that is no component is refused with the reason', () =>
    inspect(async (inspector) => {
      await inspector.open(url, 'counter.wasm');
      await inspector.upload(fileURLToPath(import.meta.url));
      await inspector.waitForText('#status', 'DecodeError');
    }));

  test('the keyboard is enough', () =>
    inspect(async (inspector) => {
      const { page } = inspector;
      await inspector.open(url, 'two-components.wasm');
      await page.focus('#tab-structure');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      assert.is(await page.evaluate(() => document.activeElement?.id), 'tab-memory');
      assert.is(await page.$eval('#pane-memory', (element) => element.hasAttribute('hidden')), false);
      await page.focus('.slot');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowDown');
      assert.match(await inspector.text('.details h3'), /flags\[0\]/);
      await page.focus('#tab-memory');
      await page.keyboard.press('End');
      assert.is(await page.evaluate(() => document.activeElement?.id), 'tab-run');
      const unlabelled = await page.$$eval('input, select, textarea', (elements) =>
        elements
          .filter((element) => element.labels?.length === 0 && element.getAttribute('aria-label') === null)
          .map((e) => e.outerHTML),
      );
      assert.equal(unlabelled, []);
    }));

  test('it looks right at 1280 and 400 pixels, light and dark', () =>
    inspect(async (inspector) => {
      const { page } = inspector;
      for (const [width, scheme] of [
        [1280, 'light'],
        [400, 'dark'],
      ] as const) {
        await page.setViewport({ width, height: 900 });
        // WebDriver BiDi has no such command yet: Firefox stays in its own scheme.
        if (name === 'chromium') await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
        for (const example of ['hello.wasm', 'two-components.wasm']) {
          await inspector.open(url, example);
          for (const pane of panes) {
            await inspector.show(pane);
            await inspector.shoot(`${example.replace('.wasm', '')}-${pane}-${width}`);
          }
        }
      }
    }));

  test.run();
}

mkdirSync(shots, { recursive: true });
await buildInspector(output);
const sleeper = `${output}/sleep.wasm`;
const assembled = await (await Assembler.load()).assemble(readFileSync(new URL('sleep.wat', import.meta.url), 'utf8'));
if (assembled.kind === 'refused') throw new Error(assembled.message);
writeFileSync(sleeper, assembled.bytes);
const server = await serveInspector(output);
const names = ['chromium', 'firefox'] as const;
// Suites that are there at the same time run one after the other.
const started = await Promise.all(names.map((name) => startBrowser(name)));
names.forEach((name, i) => {
  testIn(name, started[i]!.browser, server.url);
});
const finish = suite('ends');
finish('everything is closed', async () => {
  for (const { close } of started) await close();
  await server.close();
  for (const { browser } of started) assert.is(browser.connected, false);
});
finish.run();
