/**
 * The inspector in a browser, for tests. In: a browser and an address. Out: a page with the few things that a user does,
 * and everything that went wrong in it: errors, requests to elsewhere, text that overflows, controls without names.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, ElementHandle, Page } from 'puppeteer-core';
import * as assert from 'uvu/assert';
import { layoutProblems } from './layout.ts';
import { decodePng, lookOf } from './png.ts';

export const outputFolder = fileURLToPath(new URL('../../../.cache/inspector', import.meta.url));
const shots = `${outputFolder}-screenshots`;
/** Milliseconds that one step may take. */
const LIMIT = 30_000;

export const paneNames = ['structure', 'types', 'memory', 'code', 'run'] as const;

export class InspectorPage {
  readonly page: Page;
  readonly url: string;
  readonly errors: string[] = [];
  readonly #name: string;

  constructor(page: Page, name: string, url: string) {
    this.page = page;
    this.url = url;
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

  /** Opens an example: `counter.wasm`, `counter.wasm#run`. */
  async open(example: string): Promise<void> {
    await this.page.goto(`${this.url}?example=${example}`);
    const [file = ''] = example.split('#');
    await this.waitForText('#status', `${file}: `);
    assert.match(await this.text('#status'), /[\d,]+ bytes$/);
  }
  async upload(path: string, selector = '#file'): Promise<void> {
    const input = await this.page.waitForSelector(selector);
    await (input as ElementHandle<HTMLInputElement>).uploadFile(path);
  }
  async show(pane: string): Promise<void> {
    await this.page.click(`#tab-${pane}`);
    if (pane === 'code') await this.waitForCode('(func $');
  }
  text(selector: string): Promise<string> {
    return this.page.$eval(selector, (element) => element.textContent ?? '');
  }
  texts(selector: string): Promise<string[]> {
    return this.page.$$eval(selector, (elements) => elements.map((element) => element.textContent ?? ''));
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
        throw new Error(`"${text}" does not come; there is: ${(await this.text(selector)).slice(0, 1000)}`, {
          cause: error,
        });
      });
  }
  /** The editor stands in a shadow root. */
  async waitForCode(text: string): Promise<void> {
    await this.page.waitForFunction(
      (what) => {
        const content = document.querySelector('.editor')?.shadowRoot?.querySelector('.cm-content');
        return content?.textContent?.includes(what) ?? false;
      },
      {},
      text,
    );
  }
  /** How many elements of the editor fit. */
  inEditor(selector: string): Promise<number> {
    return this.page.$eval('.editor', (host, inner) => host.shadowRoot?.querySelectorAll(inner).length ?? 0, selector);
  }
  async clickInEditor(selector: string): Promise<void> {
    await this.page.$eval(
      '.editor',
      (host, inner) => host.shadowRoot?.querySelector<HTMLElement>(inner)?.click(),
      selector,
    );
  }
  /** Follows the link of that text in a part of the page. */
  async follow(selector: string, label: string): Promise<void> {
    const found = await this.page.$$eval(
      `${selector} a`,
      (links, text) => {
        const link = links.find((one) => one.textContent === text);
        (link as HTMLElement | undefined)?.click();
        return link === undefined ? links.map((one) => one.textContent) : null;
      },
      label,
    );
    assert.is(found, null, `no link "${label}"; there are: ${found?.join(', ')}`);
  }
  async visible(pane: string): Promise<void> {
    await this.page.waitForSelector(`#pane-${pane}:not([hidden])`);
  }
  async chooseFunction(name: string): Promise<void> {
    const id = await this.page.$eval('form select', (element) => element.id);
    await this.page.select(`#${id}`, name);
  }
  async theme(theme: 'auto' | 'light' | 'dark'): Promise<void> {
    await this.page.select('#theme', theme);
  }

  /** A screenshot that is not blank, of the wanted brightness, of a page whose layout holds. */
  async shoot(name: string, theme: 'light' | 'dark' = 'light'): Promise<void> {
    const path = `${shots}/${this.#name}-${name}.png` as const;
    // What fades in is there at once.
    await this.page.evaluate(() => {
      for (const animation of document.getAnimations()) animation.finish();
    });
    await this.page.screenshot({ path });
    const { variety, content, brightness } = lookOf(decodePng(readFileSync(path)));
    assert.ok(variety > 50, `${path} has ${variety} colours`);
    assert.ok(content > 0.02, `${path} is empty but for ${(content * 100).toFixed(1)} %`);
    assert.ok(theme === 'dark' ? brightness < 0.35 : brightness > 0.7, `${path}: ${theme}, brightness ${brightness}`);
    const problems = await this.page.evaluate(layoutProblems);
    assert.equal(problems, [], path);
  }
}

/** Runs a test body in a page of its own. */
export async function inspect(
  browser: Browser,
  name: string,
  url: string,
  body: (inspector: InspectorPage) => Promise<void>,
): Promise<void> {
  mkdirSync(shots, { recursive: true });
  const page = await browser.newPage();
  try {
    const inspector = new InspectorPage(page, name, url);
    await page.setViewport({ width: 1280, height: 900 });
    await body(inspector);
    assert.equal(inspector.errors, []);
  } finally {
    await page.close();
  }
}
