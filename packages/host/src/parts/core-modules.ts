/** What `import()` loads; see forms/parts.ts. */
export { moduleProblem as part } from '../link/core-module-types.ts';
