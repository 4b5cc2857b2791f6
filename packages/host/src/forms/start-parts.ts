/**
 * The parts of the host that a start takes whose components come from a cache: with `@gangway/host/compile` they are there from the
 * start. `import()` of a file that has been loaded already still takes Node a millisecond or two.
 */
import { throughCache } from '../compile/cached.ts';
import { keepThroughCache } from '../compile/compile.ts';
import { part as resources } from '../parts/resources.ts';
import { evaluateForm } from './evaluate-form.ts';
import { registerParts } from './parts.ts';

keepThroughCache(throughCache);
registerParts({ evaluate: evaluateForm, resources });
