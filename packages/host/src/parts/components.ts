/** What `import()` loads; see forms/parts.ts. */
export { resolveComponents } from '../link/components.ts';
