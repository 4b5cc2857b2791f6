/** What `import()` loads; see forms/parts.ts. */
export { Reflection } from '../reflect/reflection.ts';
