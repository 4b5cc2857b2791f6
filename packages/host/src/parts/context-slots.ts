/** What `import()` loads; see forms/parts.ts. */
export { ContextSlots as part } from '../call/context-slots.ts';
export * as runtime from '../runtime.ts';
