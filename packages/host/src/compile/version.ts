/** The version of gangway: part of the key of everything that is stored. The same as in package.json. */
export const VERSION = '0.1.0';
