import { testScripts } from './scripts.ts';

// Decoding and validation are what these scripts are about; one of the components has every async built-in.
await testScripts('binary', { validateOnly: true });
