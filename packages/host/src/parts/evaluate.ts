/** What `import()` loads; see forms/parts.ts. */
export { evaluateForm } from '../forms/evaluate-form.ts';
