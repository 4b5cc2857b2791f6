import { testScripts } from './scripts.ts';

// The components of these two scripts use async built-ins: `values-async.test.ts` has them.
await testScripts('values', { except: /post-return|variants/ });
