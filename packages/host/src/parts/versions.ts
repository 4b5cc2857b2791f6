/** What `import()` loads; see forms/parts.ts. */
export { findCompatible as part } from '../link/semver.ts';
