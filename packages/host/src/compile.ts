/**
 * `@gangway/host/compile`: what `@gangway/host` exports, but for `validate`, which answers at once and so needs decoder and
 * validator from the start. Here they are loaded, with the code generator, when something is compiled that no cache has; what
 * runs a component that a cache has is here from the start.
 */

import './forms/start-parts.ts';

export * from './api.ts';
