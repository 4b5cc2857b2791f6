/** What `import()` loads; see forms/parts.ts. */
export { generator as part } from '../forms/generator.ts';
