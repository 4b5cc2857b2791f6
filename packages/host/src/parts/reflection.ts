/** What `import()` loads; see forms/parts.ts. */
export { Reflection as part } from '../reflect/reflection.ts';
