/**
 * For esbuild: our sources, with the functions that run at a start in the form that engines compile while they parse. record.ts
 * says which they are, eager.ts how they are written.
 */
import { readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import { compiledAtOnce } from './eager.ts';
import { startFunctions } from './record.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

export const startFunctionsPlugin: Plugin = {
  name: 'start-functions',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
      const ran = (await startFunctions()).get(relative(root, path).replaceAll(sep, '/'));
      const changed = ran === undefined ? null : compiledAtOnce(path, readFileSync(path, 'utf8'), ran);
      if (changed === null) return undefined;
      return { contents: `${changed.text}\n//# sourceMappingURL=${changed.map.toUrl()}\n`, loader: 'ts' };
    });
  },
};
