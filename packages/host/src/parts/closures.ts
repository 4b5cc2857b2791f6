/** What `import()` loads; see forms/parts.ts. */
export { closures as part } from '../forms/closures.ts';
