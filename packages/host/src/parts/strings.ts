/** What `import()` loads; see forms/parts.ts. */
export { stringAccess } from '../abi/string-access.ts';
