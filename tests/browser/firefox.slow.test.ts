/** Everything that is tested in a real Firefox. */
import { testBrowser } from './browser-tests.ts';

await testBrowser('firefox');
