/** What `import()` loads; see forms/parts.ts. */
export { spilledForm } from '../call/spilled-form.ts';
