import { testScripts } from './scripts.ts';

await testScripts('validation');
