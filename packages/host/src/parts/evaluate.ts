/** What `import()` loads; see forms/parts.ts. */
export { evaluateForm as part } from '../forms/evaluate-form.ts';
