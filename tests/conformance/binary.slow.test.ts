import { testScripts } from './scripts.ts';

await testScripts('binary');
