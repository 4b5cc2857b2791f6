/**
 * Real browsers. In: which one. Out: it, started with an empty profile and without talking to anyone else, or an error that
 * says how to install it: a test of a browser that is not there fails, it is not skipped.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import puppeteer, { type Browser } from 'puppeteer-core';

export type BrowserName = 'chromium' | 'firefox';

const commands: Readonly<Record<BrowserName, readonly string[]>> = {
  chromium: ['chromium', 'chromium-browser', 'google-chrome'],
  firefox: ['firefox-esr', 'firefox'],
};
const packageOf: Readonly<Record<BrowserName, string>> = { chromium: 'chromium', firefox: 'firefox-esr' };

const chromiumFlags = [
  '--headless',
  // Tests run as root in containers, where Chromium's sandbox cannot be set up. They load pages of ours only.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--js-flags=--expose-gc',
];

const firefoxPreferences = {
  'app.update.enabled': false,
  'browser.safebrowsing.downloads.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
};

/** Where the browser is: named by GANGWAY_CHROMIUM or GANGWAY_FIREFOX, or on the path. Throws when it is nowhere. */
export function findBrowser(name: BrowserName): string {
  const variable = `GANGWAY_${name.toUpperCase()}`;
  const named = process.env[variable];
  if (named !== undefined && named !== '') {
    if (existsSync(named)) return named;
    throw new Error(`${variable} names ${named}, which is not there`);
  }
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    for (const command of commands[name]) {
      const path = join(folder, command);
      if (folder !== '' && existsSync(path)) return path;
    }
  }
  throw new Error(
    `${name} is not installed: on Debian and Ubuntu, \`apt-get install -y ${packageOf[name]}\`; ` +
      `elsewhere, let ${variable} name its executable`,
  );
}

/** Starts it; `flags` are more of Chromium's. `close` ends it and removes its profile. */
export async function startBrowser(
  name: BrowserName,
  flags: readonly string[] = [],
): Promise<{ readonly browser: Browser; close(): Promise<void> }> {
  const executablePath = findBrowser(name);
  const profile = mkdtempSync(join(tmpdir(), `gangway-${name}-`));
  const browser = await puppeteer.launch(
    name === 'chromium'
      ? { browser: 'chrome', executablePath, userDataDir: profile, args: [...chromiumFlags, ...flags] }
      : { browser: 'firefox', executablePath, headless: true, extraPrefsFirefox: firefoxPreferences },
  );
  return {
    browser,
    async close() {
      await browser.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
