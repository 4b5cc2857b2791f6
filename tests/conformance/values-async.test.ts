import { testScripts } from './scripts.ts';

await testScripts('values', { only: /post-return|variants/, validateOnly: true });
