/** `node build.ts`: writes dist/worker.js and, beside it, the core modules that it imports. */
import { gangway } from '@gangway/esbuild-plugin';
import { build } from 'esbuild';

await build({
  absWorkingDir: import.meta.dirname,
  entryPoints: ['worker.ts'],
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  plugins: [gangway({ modules: 'import' })],
});
