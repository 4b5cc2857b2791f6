/** Everything that is tested in a real Chromium. */
import { testBrowser } from './browser-tests.ts';

await testBrowser('chromium');
