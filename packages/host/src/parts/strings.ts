/** What `import()` loads; see forms/parts.ts. */
export { stringAccess as part } from '../abi/string-access.ts';
