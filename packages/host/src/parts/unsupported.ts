/** What `import()` loads; see forms/parts.ts. */
export { unsupportedText as part } from '@gangway/component/unsupported';
