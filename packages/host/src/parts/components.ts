/** What `import()` loads; see forms/parts.ts. */
export { linkFrom } from '../link/components.ts';
