/**
 * The pages that `bench/browser.ts` times: each makes an instance of the component of `bench/components/calls.wat`, calls `add`,
 * and says how long that took. Their scripts are inline: a page's own files are its own affair.
 */
import { Counter, host } from '../api.ts';

export interface Page {
  readonly name: string;
  readonly html: string;
}

interface Parts {
  /** Specifiers that the page maps. */
  readonly map?: Readonly<Record<string, string>>;
  /** Modules and other files that the page asks for at once. */
  readonly modules?: readonly string[];
  readonly files?: readonly string[];
  /** Body of a module; `imports` is there. It defines `add`. */
  readonly script: string;
}

function page(name: string, { map, modules = [], files = [], script }: Parts): Page {
  const head = [
    '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">',
    map && `<script type="importmap">${JSON.stringify({ imports: map })}</script>`,
    ...modules.map((url) => `<link rel="modulepreload" href="${url}">`),
    ...files.map((url) => `<link rel="preload" as="fetch" crossorigin href="${url}">`),
  ];
  return {
    name,
    html: `${head.filter(Boolean).join('\n')}
<script type="module">
${script}
const result = add(40, 2);
const now = performance.now();
if (result !== 42) throw new Error(\`add(40, 2) is \${result}\`);
const { responseEnd } = performance.getEntriesByType('navigation')[0];
const files = performance.getEntriesByType('resource').map(({ name, encodedBodySize, startTime, responseEnd: end }) => ({
  name: new URL(name).pathname,
  bytes: encodedBodySize,
  from: startTime - responseEnd,
  to: end - responseEnd,
}));
globalThis.load = { ms: now - responseEnd, files };
</script>`,
  };
}

/** The host's side, as text. */
const imports = `
${Counter.toString()}
const imports = { scalar: ${host.scalar.toString()}, log: ${host.log.toString()}, 'example:bench/host': { Counter }, 'example:bench/types': {} };
`;

const component = "'/wasm/calls.component.wasm'";
const direct = (from: string): string => `
import { instantiateStreaming } from '${from}';
${imports}
const { instance } = await instantiateStreaming(fetch(${component}), imports);
const { add } = instance.exports;`;
const ahead = (from: string): string => `
import { instantiate } from '${from}';
${imports}
const { exports: { add } } = await instantiate(imports);`;

/** `preload.json` of the browser builds: by entry, what it loads with itself. */
export type Preload = Readonly<Record<string, readonly string[]>>;

/** Entries of the browser builds, with all that they load. */
function withAll(preload: Preload, entries: readonly string[]): string[] {
  return [...new Set(entries.flatMap((entry) => [entry, ...(preload[entry] ?? [])]))].map((file) => `/gangway/${file}`);
}

/** The page's map of what compiled components import. */
const hostMap = {
  '@gangway/host/runtime': '/gangway/runtime.js',
  '@gangway/host/helpers': '/gangway/helpers.js',
  '@gangway/host/parts/resources': '/gangway/parts/resources.js',
};

/** `preload`: the browser builds' own list; `compiled`: files of the compiled component. */
export const pages = (preload: Preload, compiled: readonly string[]): readonly Page[] => [
  page('raw', {
    script: `
const nothing = () => {};
const { instance } = await WebAssembly.instantiateStreaming(fetch('/wasm/calls.core.wasm'), {
  $root: { scalar: (x) => x, log: nothing },
  'example:bench/host': { '[method]counter.bump': nothing, '[resource-drop]counter': nothing },
  '[export]example:bench/things': { '[resource-new]thing': nothing },
});
const { add } = instance.exports;`,
  }),
  page('gangway direct', { script: direct('/gangway/index.js') }),
  page('gangway direct, preloaded', {
    modules: withAll(preload, ['index.js']),
    files: ['/wasm/calls.component.wasm'],
    script: direct('/gangway/index.js'),
  }),
  page('gangway direct, bundled', { script: direct('/bundled/direct/direct.js') }),
  page('gangway, Cache Storage', {
    script: `
import { Engine, instantiateStreaming, storageCache } from '/gangway/compile.js';
${imports}
const engine = new Engine({ cache: storageCache() });
const { instance } = await instantiateStreaming(fetch(${component}), imports, { engine });
const { add } = instance.exports;`,
  }),
  page('gangway ahead of time', {
    map: hostMap,
    script: ahead('/compiled/calls.js'),
  }),
  page('gangway ahead of time, preloaded', {
    map: hostMap,
    modules: [
      '/compiled/calls.js',
      '/compiled/calls.forms.js',
      ...withAll(preload, ['runtime.js', 'helpers.js', 'parts/resources.js']),
    ],
    files: compiled.filter((file) => /\.(wasm|plan\.json)$/.test(file)).map((file) => `/compiled/${file}`),
    script: ahead('/compiled/calls.js'),
  }),
  page('gangway ahead of time, bundled', { script: ahead('/bundled/ahead/ahead.js') }),
  page('jco ahead of time', {
    script: `
import { instantiate } from '/jco/calls.js';
${imports}
const jcoImports = { ...imports, scalar: { default: imports.scalar }, log: { default: imports.log } };
const load = (path) => WebAssembly.compileStreaming(fetch('/jco/' + path));
const { add } = await instantiate(load, jcoImports);`,
  }),
];
