/** What `import()` loads; see forms/parts.ts. */
export { listComponent } from '../compile/list-component.ts';
