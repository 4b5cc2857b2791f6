/** What `import()` loads; see forms/parts.ts. */
export { ContextSlots as part } from '../call/context-slots.ts';
