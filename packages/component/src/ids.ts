/** Branded indices: an index into one space cannot be taken for one into another. */

declare const kind: unique symbol;

/** An index into the index space `K`. It is a plain integer at run time. */
export type Id<K extends string> = number & { readonly [kind]: K };
