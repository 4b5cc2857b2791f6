/** What `import()` loads; see forms/parts.ts. */
export * as part from '../resources/index.ts';
