/** What `import()` loads; see forms/parts.ts. */
export { fallbackFor as part } from '../fallback/index.ts';
