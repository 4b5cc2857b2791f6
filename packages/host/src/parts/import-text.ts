/** What `import()` loads; see forms/parts.ts. */
export { expectedText as part } from '../link/expected-text.ts';
export * as runtime from '../runtime.ts';
