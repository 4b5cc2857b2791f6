/** What `import()` loads; see forms/parts.ts. */
export * as links from '../link/links.ts';
