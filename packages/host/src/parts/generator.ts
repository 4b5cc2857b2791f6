/** What `import()` loads; see forms/parts.ts. */
export { generator } from '../forms/generator.ts';
