/** What `import()` loads; see forms/parts.ts. */
export { listComponent as part } from '../compile/list-component.ts';
