/**
 * The inspector in real browsers, end to end, under a strict policy: every pane of an example, links between them, calls
 * and what they change, traps, WASI programs in the worker, components for imports, the keyboard. A violation of the
 * policy, an error in the console or a request to elsewhere fails the test.
 */
import { fileURLToPath } from 'node:url';
import type { Browser } from 'puppeteer-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type BrowserName, startBrowser } from '../browser/support/browsers.ts';
import { type InspectorPage, inspect } from './support/inspector-page.ts';
import { assembled, built, guest } from './support/start.ts';
import { type StrictServer, serveStrictly } from './support/strict-server.ts';

const output = await built('use');
const [sleeper, spinner, wanting, seven] = await Promise.all(
  ['sleep', 'spin', 'wants-component', 'seven'].map((name) => guest(output, name)),
);

/** Imports of which each has a trampoline: 24 bytes of the vmctx. */
const MANY = 120;
const many = await assembled(
  output,
  'many',
  `(component
    ${Array.from({ length: MANY }, (_, i) => `(import "f${i}" (func $f${i})) (core func $c${i} (canon lower (func $f${i})))`).join('\n')}
    (core module $m
      ${Array.from({ length: MANY }, (_, i) => `(import "" "${i}" (func $${i}))`).join('\n')}
      (func (export "last") (call $${MANY - 1})))
    (core instance $i (instantiate $m (with "" (instance
      ${Array.from({ length: MANY }, (_, i) => `(export "${i}" (func $c${i}))`).join('\n')}))))
    (func (export "last") (canon lift (core func $i "last"))))`,
);

const fragment = ({ page }: InspectorPage): Promise<string> => page.evaluate(() => decodeURIComponent(location.hash));

function testIn(name: BrowserName, browser: Browser, server: StrictServer, plain: StrictServer): void {
  const test = suite(name);
  const inside = (body: (inspector: InspectorPage) => Promise<void>, at = server): Promise<void> =>
    inspect(browser, name, at.url, body);

  test('the policy is in force in pages and workers, and violations are reported', async () => {
    const page = await browser.newPage();
    try {
      await page.goto(`${server.url}probe.html`);
      await page.waitForFunction(() => document.title === 'page true, worker true');
      // Firefox does not always report what a worker's policy refuses; it fails there all the same.
      const wanted = name === 'firefox' ? ['probe.html'] : ['probe-worker.js', 'probe.html'];
      const documents = (): Set<string> =>
        new Set(server.violations.map((text) => (text.split(' ')[1] ?? '').replace(server.url, '')));
      for (let i = 0; i < 200 && !wanted.every((one) => documents().has(one)); i++) {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      for (const one of wanted) assert.ok(documents().has(one), `${one}: ${server.violations.join(', ')}`);
      // One that comes late must not count as a violation of the inspector's.
      await new Promise((resolve) => setTimeout(resolve, 500));
    } finally {
      await page.close();
      server.violations.length = 0;
    }
  });

  test('every pane of a component has its content', () =>
    inside(async (inspector) => {
      await inspector.open('two-components.wasm');
      assert.is(await inspector.count('.graph .node.adapter'), 1);
      assert.is(await inspector.count('.graph .node.core'), 3);
      assert.is(await inspector.count('.graph .edge.supplies'), 5);
      assert.is(await inspector.count('.graph .edge.options'), 4);
      assert.match(await inspector.text('.tree'), /letters.*shouter/s);
      await inspector.show('types');
      assert.match(await inspector.text('.wit'), /export measure: func\(text: string\) -> u32;/);
      await inspector.show('memory');
      assert.match(await inspector.text('.memory .hint'), /It has \d+ bytes/);
      assert.match(await inspector.text('.memory .details'), /magic.*four bytes/s);
      await inspector.show('code');
      assert.match(await inspector.text('.code select'), /trampoline\[0\] log.*adapter\[0\] twice-the-length/s);
      await inspector.waitForText('.touched-fields', 'flags[2].bits (read)');
    }));

  test('a call shows its result, and what it changed in the context memory', () =>
    inside(async (inspector) => {
      const { page } = inspector;
      await inspector.open('two-components.wasm#run');
      await page.click('#call');
      await inspector.waitForText('.results', '→ 34');
      assert.match(await inspector.text('.console'), /log\("seventeen letters"\)/);
      await page.click('.results .changes-link');
      assert.ok((await inspector.count('.map .changed-during')) > 0, 'the entered bit is seen during the call');
      assert.is(await inspector.text('.slot[data-offset="0"]'), '636f6d70', 'live bytes: "comp"');
      assert.match(await inspector.text('.changes'), /flags\[0\]\.bits 1 → 3 → 1 \(during the call: .*entered: yes\)/);
      await inspector.shoot('memory-after-call');
    }));

  test('text that is no value of the type is refused in place', () =>
    inside(async (inspector) => {
      const { page } = inspector;
      await inspector.open('two-components.wasm#run');
      await page.$eval('form input', (element) => {
        element.value = '12';
      });
      await page.click('#call');
      await inspector.waitForText('form .error', 'expected');
      assert.is(await page.$eval('form input', (element) => element.getAttribute('aria-invalid')), 'true');
      assert.is(await inspector.count('.results li'), 0);
    }));

  test('a resource is kept and passed on; its handle table can be looked at', () =>
    inside(async (inspector) => {
      const { page } = inspector;
      await inspector.open('counter.wasm#run');
      await inspector.chooseFunction('[constructor]counter');
      await page.click('#call');
      await inspector.waitForText('.results', 'counter #1');
      assert.match(await inspector.text('.results'), /[1-9]\d* bytes? of the context memory changed/);
      await inspector.show('memory');
      assert.ok((await inspector.count('.map .changed-after')) > 0, 'the handle table has grown');
      const blocks = await inspector.texts('.memory .field select:first-of-type option');
      assert.ok(blocks.includes('handle table of the component') && blocks.includes('store context'), blocks.join());
      await page.select('.memory .field select', 'handle table of the component');
      assert.match(await inspector.text('.memory .hint'), /core code knows a resource by a small number/);
      assert.is(await inspector.count('.slot[data-offset="16"]'), 1);
      await inspector.show('run');
      await inspector.chooseFunction('[method]counter.increment');
      await page.click('#call');
      await inspector.waitForText('.results', '→ 2');
    }));

  test('a vmctx of several pages can be looked through', () =>
    inside(async (inspector) => {
      const { page } = inspector;
      await inspector.open('scalars.wasm#run');
      await inspector.upload(many);
      await inspector.waitForText('#status', 'many.wasm: ');
      await page.click('#call');
      await inspector.waitForText('.console', `f${MANY - 1}()`);
      await inspector.show('memory');
      assert.is(await inspector.text('.page'), 'page 1 of 3');
      assert.ok((await inspector.count('.map .row')) <= 64);
      await page.evaluate(() => {
        [...document.querySelectorAll('button')].find((one) => one.textContent === 'later →')?.click();
      });
      assert.is(await inspector.text('.page'), 'page 2 of 3');
      assert.is(await inspector.count('.slot[data-offset="1024"]'), 1);
      // By keyboard, over the edge of a page and to the end.
      await page.focus('.slot[data-offset="1024"]');
      await page.keyboard.press('ArrowLeft');
      assert.is(await inspector.text('.page'), 'page 1 of 3');
      await page.keyboard.press('End');
      assert.is(await inspector.text('.page'), 'page 3 of 3');
      await inspector.waitForText('.memory .details', `lowerings[${MANY - 1}].data`);
      const select = '.memory .field select:last-of-type';
      const field = await page.$$eval(
        `${select} option`,
        (all) => all.find((one) => one.textContent === 'flags')?.value,
      );
      await page.select(select, field ?? '');
      assert.is(await inspector.text('.page'), 'page 1 of 3');
      await inspector.waitForText('.memory .details', 'flags[0].bits');
    }));

  test('a trap shows its component stack, whose names lead to the structure', () =>
    inside(async (inspector) => {
      const { page } = inspector;
      await inspector.open('overdrawn.wasm#run');
      await page.click('#call');
      await inspector.waitForText('.results .trap', 'unreachable');
      assert.equal(await inspector.texts('.results .stack li'), ['bank', 'shop, withdraw']);
      assert.match(await inspector.text('.results .trap details'), /bank\S* at byte 0x/);
      await inspector.shoot('trap');
      await inspector.follow('.results .stack', 'bank');
      await inspector.visible('structure');
      assert.is(await inspector.text('.branch.chosen strong'), 'bank');
      await inspector.show('run');
      await inspector.follow('.results .stack', 'withdraw');
      assert.match(await inspector.text('.line.chosen'), /export withdraw: func/);
      await inspector.show('run');
      await page.$eval('form input', (element) => {
        element.value = '70';
      });
      await page.click('#call');
      await inspector.waitForText('.results', '→ 30');
    }));

  test('code leads to the vmctx, the type and the structure, and the vmctx to code', () =>
    inside(async (inspector) => {
      const { page } = inspector;
      await inspector.open('two-components.wasm');
      await page.click('[data-node="adapter 0"]');
      assert.is(await fragment(inspector), '#structure/adapter 0');
      assert.ok((await inspector.count('.edge.on')) >= 4);
      await inspector.show('code');
      await page.select('.code select', 'adapter[0]');
      await inspector.waitForCode('adapter<0>');
      assert.ok((await inspector.inEditor('.touches')) > 0);
      assert.ok((await inspector.inEditor('span[class*="ͼ"]')) > 10, 'the text is coloured');
      await inspector.shoot('code-adapter');
      // From a line of the text to the bytes, and back to the lines that touch them.
      await inspector.clickInEditor('.to-field');
      await inspector.visible('memory');
      assert.match(await inspector.text('.marked'), /Outlined: flags\[\d\]\.bits/);
      assert.is(await inspector.count('.slot.touched'), 1);
      await inspector.waitForText('.memory .details', 'Emitted code that touches it:');
      await inspector.follow('.memory .details', 'adapter[0]');
      await inspector.waitForCode('adapter<0>');
      assert.ok((await inspector.inEditor('.touches.chosen')) > 0, 'the lines are marked');
      // To both components, and to the core function.
      await inspector.follow('.code .about', 'callee: letters');
      assert.is(await inspector.text('.branch.chosen strong'), 'letters');
      await inspector.follow('.structure .details', 'flags[1]');
      assert.is(await fragment(inspector), '#memory/32+16');
      await page.select('.code select', 'trampoline[0]');
      await inspector.show('code');
      await inspector.waitForText('.about', 'calls the imported function “log”');
      await inspector.follow('.code .about', 'type of the imported function');
      assert.match(await inspector.text('.line.chosen'), /import log: func/);
      await inspector.follow('.types .details', 'in the diagram');
      assert.is(await page.$eval('.node.chosen', (element) => element.getAttribute('data-node')), 'import log');
      // The browser's own way back.
      await page.goBack();
      await inspector.visible('types');
      assert.match(await inspector.text('.line.chosen'), /import log: func/);
    }));

  test('a place has an address that opens it', () =>
    inside(async (inspector) => {
      await inspector.open('two-components.wasm#code/adapter%5B0%5D/48+4');
      await inspector.waitForCode('adapter<0>');
      assert.ok((await inspector.inEditor('.touches.chosen')) > 0);
    }));

  test('a C program runs on WASI: arguments, environment, files, output, exit code', () =>
    inside(async (inspector) => {
      const { page } = inspector;
      await inspector.open('hello.wasm#run');
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

  test('while a program runs slowly, its bytes are seen, and it can be stopped', () =>
    inside(async (inspector) => {
      const { page } = inspector;
      await inspector.open('hello.wasm#run');
      await page.select('.control select', '1000');
      await page.click('#run-program');
      await inspector.waitForText('.control .state', 'calls out, the last: wasi:');
      await inspector.show('memory');
      await inspector.waitForText('.summary', 'The running call has');
      assert.is(await inspector.text('.slot[data-offset="0"]'), '636f6d70');
      assert.match(await inspector.text('.changes'), /flags\[0\]\.bits 1 → 3/);
      await inspector.show('run');
      assert.is(await page.$eval('#run-program', (element) => element.hasAttribute('disabled')), true);
      await page.click('#stop');
      await inspector.waitForText('.results .stopped', 'stopped');
      await page.select('.control select', '0');
      await page.click('#run-program');
      await inspector.waitForText('.console', 'numbered 2 lines');
    }));

  test('a function that never ends leaves the page alone, and is stopped', () =>
    inside(async (inspector) => {
      const { page } = inspector;
      await inspector.open('counter.wasm#run');
      await inspector.upload(spinner!);
      await inspector.waitForText('#status', 'spin.wasm: ');
      await inspector.chooseFunction('spin');
      await page.click('#call');
      await inspector.waitForText('.control .state', 'running for ');
      const before = await inspector.text('.control .state');
      await page.waitForFunction((text) => document.querySelector('.control .state')?.textContent !== text, {}, before);
      assert.match(await inspector.text('.control .state'), /^running for \d+\.\d s/);
      await inspector.show('types');
      assert.match(await inspector.text('.wit'), /export spin: func\(\);/);
      await inspector.show('run');
      await page.click('#stop');
      await inspector.waitForText('.results', 'stopped');
      // One that calls out for ever streams its output.
      await inspector.chooseFunction('chat');
      await page.click('#call');
      await inspector.waitForText('.console', 'characters left out]');
      await inspector.waitForText('.control .state', 'the last: tick');
      await page.click('#stop');
      await inspector.chooseFunction('answer');
      await page.click('#call');
      await inspector.waitForText('.results', '→ 42');
    }));

  for (const [how, at, quiet] of [
    ['cross-origin isolated', server, true],
    ['not isolated', plain, false],
  ] as const) {
    test(`a program that sleeps goes on when its time has passed: ${how}`, () =>
      inside(async (inspector) => {
        await inspector.open('counter.wasm#run');
        assert.is(await inspector.page.evaluate(() => crossOriginIsolated), quiet);
        await inspector.upload(sleeper!);
        await inspector.waitForText('#status', 'sleep.wasm: ');
        await inspector.page.click('#run-program');
        await inspector.waitForText('.results', '→ ok');
      }, at));
  }

  test('a component is linked with another when it starts; without it, the page answers', () =>
    inside(async (inspector) => {
      const { page } = inspector;
      await inspector.open('calculator.wasm#code');
      assert.match(await inspector.text('.parts'), /adder\.wasm gives docs:adder\/add@0\.1\.0/);
      await inspector.waitForText('.code .hint + .field + .hint', 'The adapters for that are written then');
      await inspector.show('run');
      await page.click('#call');
      await inspector.waitForText('.results', '→ 10');
      assert.is(await inspector.text('.console'), '');
      // The adapter that was written for it, in place of the trampoline.
      await inspector.show('code');
      assert.match(await inspector.text('.code select'), /trampoline\[0\] .*link\[0\] .*add/s);
      await inspector.waitForText(
        '.code .about',
        'In this instance link[0] is called instead: it is linked with adder.wasm',
      );
      await inspector.follow('.code .about', 'link[0]');
      await inspector.waitForCode('callee_vmctx');
      await inspector.waitForText('.code .about', 'Calls “add” of adder.wasm, in place of trampoline[0].');
      await inspector.waitForText('.touched-fields', 'flags[0].bits (read)');
      await inspector.shoot('code-link');
      await inspector.show('memory');
      const blocks = await inspector.texts('.memory .field:first-child select:first-of-type option');
      for (const one of ['vmctx of adder.wasm', 'spill stack', 'call frame: the component → adder.wasm']) {
        assert.ok(blocks.includes(one), `${one}: ${blocks.join(', ')}`);
      }
      await page.select('.memory .field select', 'call frame: the component → adder.wasm');
      await inspector.waitForText('.memory .hint', 'A call frame: says who calls whom');
      await page.select('.memory .field select:last-of-type', '2');
      await inspector.waitForText('.memory .details', 'vmctx of the callee');
      await inspector.shoot('memory-call-frame');
      await page.select('.memory .field select', 'spill stack');
      await inspector.waitForText('.page', 'page 1 of 4');
      await page.click('.parts button');
      await inspector.waitForText('.parts summary', 'answered by this page');
      await inspector.show('run');
      await page.click('#call');
      await inspector.waitForText('.console', 'docs:adder/add@0.1.0#add(');
      await inspector.upload(`${output}/examples/adder.wasm`, '.parts input');
      await inspector.waitForText('.parts summary', 'given by other components');
    }));

  test('a component that imports a component says so, and runs when it is given one', () =>
    inside(async (inspector) => {
      const { page } = inspector;
      await inspector.open('counter.wasm#run');
      await inspector.upload(wanting!);
      await inspector.waitForText('#status', 'it imports components, and cannot run yet');
      assert.match(await inspector.text('.run .error'), /It cannot run yet: it imports components \(part\)/);
      await inspector.upload(seven!, '.parts input');
      await inspector.waitForText('.parts', 'seven.wasm gives part');
      await page.click('#call');
      await inspector.waitForText('.results', '→ 42');
      await inspector.show('structure');
      assert.is(await inspector.count('.graph .node.adapter'), 1);
    }));

  test('a component is dropped into the page', () =>
    inside(async (inspector) => {
      const { page } = inspector;
      await inspector.open('scalars.wasm#types');
      await page.evaluate(async () => {
        const bytes = await (await fetch('examples/counter.wasm')).arrayBuffer();
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([bytes], 'dropped.wasm'));
        document.body.dispatchEvent(new DragEvent('dragover', { dataTransfer, bubbles: true, cancelable: true }));
        if (!document.body.classList.contains('dropping')) throw new Error('the page does not show where to drop');
        document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
      });
      await inspector.waitForText('#status', 'dropped.wasm: 740 bytes');
      assert.match(await inspector.text('.wit'), /resource counter/);
      assert.is(await page.$eval('#example', (element) => (element as HTMLSelectElement).selectedIndex), -1);
      assert.is(await fragment(inspector), '#types', 'the pane stays');
    }));

  test('a file that is no component is refused with the reason', () =>
    inside(async (inspector) => {
      await inspector.open('counter.wasm');
      await inspector.upload(fileURLToPath(import.meta.url));
      await inspector.waitForText('#status', 'DecodeError');
    }));

  test('nothing has violated the policy', () => {
    assert.equal(
      server.violations.filter((text) => !text.includes('/probe')),
      [],
    );
    assert.equal(plain.violations, []);
  });

  test.run();
}

const server = await serveStrictly(output, true);
const plain = await serveStrictly(output, false);
const names = ['chromium', 'firefox'] as const;
// Suites that are there at the same time run one after the other.
const started = await Promise.all(names.map((name) => startBrowser(name)));
names.forEach((name, i) => {
  testIn(name, started[i]!.browser, server, plain);
});
const finish = suite('ends');
finish('everything is closed', async () => {
  for (const { close } of started) await close();
  await server.close();
  await plain.close();
  for (const { browser } of started) assert.is(browser.connected, false);
});
finish.run();
