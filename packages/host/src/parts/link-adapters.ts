/** What `import()` loads; see link/emit-link.ts. */
export { directModule, loadMakeModule, withLegacyExceptions } from '@gangway/adapter-codegen/emit';
export { emitLinkAdapter } from '@gangway/adapter-codegen/rare';
