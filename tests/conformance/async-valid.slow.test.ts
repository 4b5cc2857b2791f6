import { testScripts } from './scripts.ts';

await testScripts('async', { validateOnly: true });
