/** `node build.ts`: bundles main.ts, for pages and for Node alike. `node build.ts --watch`: again whenever a file changes. */
import { gangway } from '@gangway/esbuild-plugin';
import { type BuildOptions, build, context } from 'esbuild';

const options: BuildOptions = {
  absWorkingDir: import.meta.dirname,
  entryPoints: ['main.ts'],
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  // `types` writes greet.component.d.wasm.ts beside the component.
  plugins: [gangway({ imports: { log: './log.ts' }, types: true })],
};

if (process.argv.includes('--watch')) await (await context(options)).watch();
else await build(options);
