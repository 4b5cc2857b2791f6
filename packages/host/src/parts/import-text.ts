/** What `import()` loads; see forms/parts.ts. */
export { expectedText } from '../link/expected-text.ts';
