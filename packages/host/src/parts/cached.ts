/** What `import()` loads; see compile/compile.ts. */
export { throughCache } from '../compile/cached.ts';
