/**
 * All of {@link file://./helpers.ts} as one object, for generated text: `import * as helpers` of this file. Asked of that file itself,
 * bundlers would make the object, with a getter for each name, where the helpers are, and so for programs that evaluate nothing.
 */
export * from './helpers.ts';
