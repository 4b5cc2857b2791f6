/** What `import()` loads; see forms/parts.ts. */
export { resolveComponents as part } from '../link/components.ts';
