/** The project itself, as an embedder uses it. `evaluate: 'never'` is the form for pages with a strict CSP. */
import { compile, Engine, instantiate } from '@gangway/host';
import { type Calls, Counter, type Driver, host } from '../api.ts';

function driver(name: string, evaluate: 'auto' | 'never'): Driver {
  return {
    name,
    async start(bytes) {
      const engine = new Engine({ evaluate });
      const component = await compile(bytes, { engine });
      const instance = await instantiate(component, { ...host, 'example:bench/host': { Counter } });
      const exports = instance.exports as unknown as Calls & { 'example:bench/things': Calls['things'] };
      return { ...exports, things: exports['example:bench/things'] };
    },
  };
}

export const gangway = driver('gangway', 'auto');
export const gangwayClosures = driver('gangway, strict CSP', 'never');
