/**
 * `@gangway/host/parts`: importing it loads every part of the host that is otherwise loaded on demand, for programs that
 * instantiate without waiting (`instantiateSync`) what they did not compile or prepare themselves.
 */
import { registerAllParts } from './register-parts.ts';

registerAllParts();
