/**
 * A worker that answers with a component: `/Ada` → "Hello, Ada". Workers may not compile at run time, so the build has
 * compiled the component, and its core modules are imported.
 */
/// <reference types="@gangway/esbuild-plugin/client" />
import { instantiate } from './greet.component.wasm?component';

interface Greeter {
  greet(name: string): string;
}

// biome-ignore lint/style/noDefaultExport: that is where workers are looked for
export default {
  async fetch(request: Request): Promise<Response> {
    const said: string[] = [];
    // An instance a request: it takes well under a millisecond, and requests share nothing.
    const { exports } = await instantiate<Greeter>({ log: (message: string) => said.push(message) });
    const name = decodeURIComponent(new URL(request.url).pathname.slice(1));
    return new Response(exports.greet(name), { headers: { 'x-logged': String(said.length) } });
  },
};
