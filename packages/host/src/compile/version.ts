/** The version of gangway: part of the key of everything that is stored. The same as in package.json. */
export const VERSION = '0.1.0';

/** Put there by builds: scripts/source-digest.ts. */
declare const GANGWAY_BUILD: string | undefined;

/** Which build of it: a digest of its sources. Where those run as they are, who changes them clears caches. */
export const BUILD = typeof GANGWAY_BUILD === 'string' ? GANGWAY_BUILD : 'source';
