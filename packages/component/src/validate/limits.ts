/** Limits: those of the specification, and those of this implementation that keep validation linear. */

/** CanonicalABI.md#element-size: `elem_size(t, 'i64')` is less than this. Bytes. */
export const MAX_TYPE_BYTES = 2 ** 28;
/** Binary.md: labels of a flags type. */
export const MAX_FLAGS = 32;
/** CanonicalABI.md#canon-contextget: slots of thread-local storage. */
export const CONTEXT_SLOTS = 2;

// NON-SPEC: the specification leaves implementation limits open; these bound recursion and work.

/** Type constructors inside each other. */
export const MAX_TYPE_DEPTH = 100;
/** Components, component types and instance types inside each other. */
export const MAX_SCOPE_DEPTH = 100;
/** Imports and exports of a type, those of nested types included, each as often as it occurs. */
export const MAX_TYPE_WEIGHT = 100_000;
/**
 * Work that one validation may spend on comparing and copying types, in nodes compared; each definition adds
 * {@link STEPS_PER_DEFINITION}. A component with 500 imports and 500 exports takes 10,000.
 */
export const MAX_STEPS = 3_000_000;
export const STEPS_PER_DEFINITION = 32;
/** What copying an import or export costs. */
export const COPY_STEPS = 4;

/** Pages of 64 KiB. */
export const MAX_MEMORY32_PAGES = 1n << 16n;
export const MAX_MEMORY64_PAGES = 1n << 48n;
/** Elements. */
export const MAX_TABLE32 = (1n << 32n) - 1n;
export const MAX_TABLE64 = (1n << 64n) - 1n;
