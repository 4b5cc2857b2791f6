/** Limits of what lies in the context memory. */

/** Highest index of a handle table (definitions.py `Table.MAX_LENGTH`). */
export const MAX_HANDLES = 2 ** 28 - 1;
