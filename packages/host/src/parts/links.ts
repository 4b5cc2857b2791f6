/** What `import()` loads; see forms/parts.ts. */
export * as part from '../link/links.ts';
