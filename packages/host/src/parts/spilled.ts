/** What `import()` loads; see forms/parts.ts. */
export { spilledForm as part } from '../call/spilled-form.ts';
