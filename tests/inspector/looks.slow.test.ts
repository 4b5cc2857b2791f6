/**
 * How the inspector looks, and whether it can be used without a mouse and without eyes, in real browsers. Every pane at four
 * widths, light and dark: nothing may be wider than the window, overlap, be cut off or hard to read, and no screenshot may be
 * empty. By keyboard alone: from the address to a result and through the links. Every control has a name.
 */
import type { Browser } from 'puppeteer-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { serveInspector } from '../../packages/inspector/src/serve.ts';
import { type BrowserName, startBrowser } from '../browser/support/browsers.ts';
import { type InspectorPage, inspect, paneNames } from './support/inspector-page.ts';
import { built } from './support/start.ts';

/** Where text stands depends on the width only, and whether it can be read on the theme only. */
const looks = [
  [360, 'dark'],
  [768, 'light'],
  [1280, 'light'],
  [1280, 'dark'],
  [1920, 'light'],
] as const;
const output = await built('looks');

/** What has the focus: how one would name it, and whether one sees that it has. */
interface Focused {
  readonly id: string;
  readonly text: string;
  readonly seen: boolean;
}

function focused({ page }: InspectorPage): Promise<Focused> {
  return page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    if (element === null || element === document.body) return { id: 'body', text: '', seen: false };
    const outlined = (one: Element | null): boolean => {
      if (one === null) return false;
      const { outlineStyle, outlineWidth } = getComputedStyle(one);
      return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1;
    };
    const rect = element.querySelector(':scope > rect');
    const boxed = rect !== null && Number.parseFloat(getComputedStyle(rect).strokeWidth) >= 3;
    return {
      id: element.id || (element.getAttribute('class') ?? element.tagName),
      text: element.getAttribute('aria-label') ?? element.textContent ?? '',
      seen: boxed || outlined(element) || outlined(element.closest('.cm-editor')),
    };
  });
}

/** Presses Tab until what is wanted has the focus. Everything on the way must be seen to have it. */
async function tabTo(inspector: InspectorPage, id: string, limit = 40): Promise<void> {
  const way: string[] = [];
  for (let i = 0; i < limit; i++) {
    await inspector.page.keyboard.press('Tab');
    const found = await focused(inspector);
    assert.ok(found.seen || found.id === 'body', `the focus on ${found.id} “${found.text.slice(0, 40)}” is not seen`);
    if (found.id === id) return;
    way.push(found.id);
  }
  assert.unreachable(`${id} is not reached: ${way.join(', ')}`);
}

function testIn(name: BrowserName, browser: Browser, url: string): void {
  const test = suite(name);
  const inside = (body: (inspector: InspectorPage) => Promise<void>): Promise<void> =>
    inspect(browser, name, url, body);

  for (const [example, start] of [
    ['hello.wasm', '#run-program'],
    ['two-components.wasm', '#call'],
  ] as const) {
    test(`${example}: every pane looks right: ${looks.map(([width, theme]) => `${width} ${theme}`).join(', ')}`, () =>
      inside(async (inspector) => {
        const { page } = inspector;
        await inspector.open(`${example}#run`);
        await page.click(start);
        await inspector.waitForText('.results', '→');
        await inspector.show('structure');
        await page.click('.graph .node.trampolines');
        await inspector.show('types');
        await page.click('.wit .name');
        const problems: string[] = [];
        for (const [width, theme] of looks) {
          await page.setViewport({ width, height: 900 });
          await inspector.theme(theme);
          for (const pane of paneNames) {
            await inspector.show(pane);
            const shot = `${example.replace('.wasm', '')}-${pane}-${width}-${theme}`;
            await inspector.shoot(shot, theme).catch((error: Error & { details?: string }) => {
              problems.push(`${shot}: ${error.details ?? error.message}`);
            });
          }
        }
        assert.is(problems.join('\n'), '');
      }));
  }

  test('a trap, a handle table and a component without imports look right, too', () =>
    inside(async (inspector) => {
      const { page } = inspector;
      await page.setViewport({ width: 360, height: 900 });
      await inspector.open('overdrawn.wasm#run');
      await inspector.theme('light');
      await page.click('#call');
      await inspector.waitForText('.results', 'unreachable');
      await inspector.shoot('overdrawn-360');
      await inspector.open('counter.wasm#run');
      await page.click('#call');
      await inspector.waitForText('.results', '→');
      await inspector.show('memory');
      await page.select('.memory .field select', 'handle table of the component');
      await inspector.shoot('handles-360');
      await inspector.open('scalars.wasm#code');
      await inspector.waitForText('.code', 'Nothing was written');
      await inspector.shoot('scalars-360');
      await inspector.open('calculator.wasm');
      await inspector.shoot('calculator-360');
    }));

  test('the colours follow the system, or the switch, which is kept', () =>
    inside(async (inspector) => {
      const { page } = inspector;
      const background = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      await inspector.open('counter.wasm');
      await inspector.theme('dark');
      const dark = await background();
      await inspector.theme('light');
      const light = await background();
      assert.is.not(dark, light);
      await inspector.theme('dark');
      await inspector.open('scalars.wasm');
      assert.is(await background(), dark);
      assert.is(await page.$eval('#theme', (element) => (element as HTMLSelectElement).value), 'dark');
      await inspector.theme('auto');
      // WebDriver BiDi cannot say what the system's scheme is; there, the page may have either.
      if (name === 'chromium') {
        for (const [value, wanted] of [
          ['dark', dark],
          ['light', light],
        ] as const) {
          await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
          assert.is(await background(), wanted);
        }
      } else assert.ok([dark, light].includes(await background()));
    }));

  test('the keyboard is enough: from the address to a result, and along the links', () =>
    inside(async (inspector) => {
      const { page } = inspector;
      await inspector.open('two-components.wasm');
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      // The skip link comes first, and leads to the component.
      await tabTo(inspector, 'skip');
      await page.keyboard.press('Enter');
      assert.is((await focused(inspector)).id, 'panes');
      await tabTo(inspector, 'tab-structure', 1);
      // Tabs by arrow keys.
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      assert.is((await focused(inspector)).id, 'tab-memory');
      await inspector.visible('memory');
      await page.keyboard.press('End');
      assert.is((await focused(inspector)).id, 'tab-run');
      await tabTo(inspector, 'call');
      await page.keyboard.press('Enter');
      await inspector.waitForText('.results', '→ 34');
      await tabTo(inspector, 'changes-link');
      await page.keyboard.press('Enter');
      await inspector.visible('memory');
      // The map: one stop, arrow keys inside.
      assert.match((await focused(inspector)).text, /^magic, offset 0/);
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowDown');
      assert.match((await focused(inspector)).text, /^flags\[0\]\.handles/);
      await page.keyboard.press('Home');
      await page.keyboard.press('ArrowDown');
      assert.match((await focused(inspector)).text, /^flags\[0\]\.bits, .*, changed during the last call$/);
      // The diagram: one stop, arrow keys to what is near.
      await page.focus('#tab-memory');
      await page.keyboard.press('Home');
      await tabTo(inspector, 'node import', 3);
      await page.keyboard.press('ArrowRight');
      assert.match((await focused(inspector)).text, /^trampolines log/);
      await page.keyboard.press('Enter');
      await inspector.waitForText('.structure .details', 'Trampolines: small functions');
      await page.keyboard.press('ArrowDown');
      assert.match((await focused(inspector)).text, /^adapter twice-the-length/);
      await page.keyboard.press(' ');
      await inspector.waitForText('.structure .details', 'Called by core code in shouter');
      const before = await page.evaluate(() => location.hash);
      await page.evaluate(() => document.querySelector<HTMLElement>('.structure .details a')?.focus());
      await page.keyboard.press('Enter');
      await page.waitForFunction((hash) => location.hash !== hash, {}, before);
      assert.ok((await focused(inspector)).seen, 'what a link leads to has the focus');
    }));

  test('every control has a name, every reference its target, and what changes is announced', () =>
    inside(async (inspector) => {
      const { page } = inspector;
      await inspector.open('hello.wasm#run');
      await page.click('#run-program');
      await inspector.waitForText('.results', '→');
      for (const pane of paneNames) await inspector.show(pane);
      const problems = await page.evaluate(() => {
        const found: string[] = [];
        const all = document.querySelectorAll('input, select, textarea, button, a, [role], [tabindex]');
        for (const element of all) {
          const role = element.getAttribute('role');
          const labels = (element as HTMLInputElement).labels?.length ?? 0;
          const text = element.matches('input, select, textarea') ? '' : (element.textContent ?? '').trim();
          const labelled = element.getAttribute('aria-label') ?? element.getAttribute('aria-labelledby') ?? '';
          const free = role === 'status' || role === 'alert' || element.id === 'panes';
          if (labels === 0 && text === '' && labelled === '' && !free)
            found.push(`no name: ${element.outerHTML.slice(0, 120)}`);
          for (const attribute of ['aria-controls', 'aria-labelledby', 'aria-describedby']) {
            const id = element.getAttribute(attribute);
            if (id !== null && document.getElementById(id) === null) found.push(`${attribute}: ${id} is not there`);
          }
        }
        const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
        for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) found.push(`twice: ${id}`);
        for (const live of ['#status', '.console', '.results', '.control .state', '.memory .details']) {
          const element = document.querySelector(live);
          const announced = element?.matches('[aria-live], [role=status], [role=log]') ?? false;
          if (!announced) found.push(`not announced: ${live}`);
        }
        if (document.querySelectorAll('h1').length !== 1 || document.documentElement.lang === '')
          found.push('heading or language');
        return found;
      });
      assert.equal(problems, []);
      // Chromium says what it tells a screen reader; Firefox has no such command.
      if (name !== 'chromium') return;
      const tree = await page.accessibility.snapshot();
      const unnamed: string[] = [];
      const walk = (node: NonNullable<typeof tree>): void => {
        const interactive = ['button', 'link', 'textbox', 'combobox', 'checkbox', 'tab', 'tabpanel', 'region', 'log'];
        if (interactive.includes(node.role) && (node.name ?? '') === '')
          unnamed.push(`${node.role} ${node.value ?? ''}`);
        node.children?.forEach(walk);
      };
      assert.ok(tree !== null);
      walk(tree);
      assert.equal(unnamed, []);
    }));

  test('nothing moves where no motion is wanted', () =>
    inside(async (inspector) => {
      const { page } = inspector;
      await inspector.open('counter.wasm#run');
      await page.click('#call');
      await inspector.waitForText('.results', '→');
      const animated = (): Promise<number> =>
        page.$$eval(
          '.changed-after',
          (elements) => elements.filter((one) => getComputedStyle(one).animationName !== 'none').length,
        );
      await inspector.show('memory');
      assert.ok((await animated()) > 0);
      // Of WebDriver BiDi, Firefox has no such command: what is checked there is that the rule is one of that media query.
      const guarded = await page.evaluate(() =>
        [...document.styleSheets]
          .flatMap((sheet) => [...sheet.cssRules])
          .filter((rule) => rule.cssText.includes('animation:'))
          .every(
            (rule) =>
              rule instanceof CSSMediaRule && rule.conditionText.includes('prefers-reduced-motion: no-preference'),
          ),
      );
      assert.ok(guarded);
      if (name !== 'chromium') return;
      await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]);
      assert.is(await animated(), 0);
    }));

  test.run();
}

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
