/** What `import()` loads; see forms/parts.ts. */
export { resolveComponents as part } from '../link/components.ts';
export * as runtime from '../runtime.ts';
