/** What `import()` loads; see forms/parts.ts. */
export { closures } from '../forms/closures.ts';
