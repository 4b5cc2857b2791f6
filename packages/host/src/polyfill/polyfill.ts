/** `@gangway/host/polyfill`: importing it lets the functions of `WebAssembly` take components. */
import { installPolyfill } from './install-polyfill.ts';

export { installPolyfill, type PolyfillOptions } from './install-polyfill.ts';

installPolyfill();
