/** What the scalars component imports, as `@gangway/host` and jco take it. */
import { Counter, host as functions } from '../api.ts';

export const host = { ...functions, 'example:bench/host': { Counter }, 'example:bench/types': {} };
export type Host = typeof host;
