/** What `import()` loads; see forms/parts.ts. */
export { expectedText as part } from '../link/expected-text.ts';
