/**
 * The ES modules that a compiled component is entered by. In: its name and the files of its core modules, in the order of
 * the manifest. Out: JavaScript, and declarations.
 *
 * Every file is named in a `new URL('…', import.meta.url)` or an `import` of its own: that is what bundlers look for.
 */
import type { ComponentPlan } from '@gangway/component/plan';
import { typescriptDeclarations } from '@gangway/component/reflect';
import { VERSION } from '@gangway/host/runtime';

const quote = (text: string): string => `'${text}'`;

const instantiate = `
/** An instance with these imports, in its own store unless it is given one. */
export async function instantiate(imports = {}, options = {}) {
  const engine = options.engine ?? options.store?.engine;
  const component = await (engine === undefined ? compileOnce() : compile({ engine }));
  return (await InstancePre.prepare(component, imports)).instantiate(options.store);
}

let compiled;

function compileOnce() {
  compiled ??= compile();
  // What could not be fetched now may be there the next time.
  compiled.catch(() => (compiled = undefined));
  return compiled;
}
`;

function header(name: string): string {
  return `/** The component ${quote(name)}, compiled by gangway ${VERSION}. */\n`;
}

/** Reads its files where it stands itself: by \`fetch\`, or from the file system. */
export function entry(name: string, files: readonly string[]): string {
  const url = (file: string): string => `new URL(${quote(`./${file}`)}, import.meta.url)`;
  return `${header(name)}import { InstancePre, loadComponentFiles } from '@gangway/host/runtime';

/** The component, for any number of instances. */
export function compile(options = {}) {
  return loadComponentFiles(
    {
      manifest: ${url(`${name}.plan.json`)},
      modules: [
${files.map((file) => `        ${url(file)},\n`).join('')}      ],
    },
    options,
  );
}
${instantiate}`;
}

/** Imports its files: what brings it into place has compiled them. */
export function workerdEntry(name: string, files: readonly string[]): string {
  const imports = files.map((file, i) => `import module${i} from ${quote(`./${file}`)};\n`).join('');
  return `${header(name)}import { InstancePre, loadComponent, parseManifest } from '@gangway/host/runtime';
import manifest from ${quote(`./${name}.plan.json`)};
${imports}
/** The component, for any number of instances. */
export async function compile(options = {}) {
  const modules = [${files.map((_, i) => `module${i}`).join(', ')}];
  return loadComponent({ manifest: parseManifest(manifest), modules }, options);
}
${instantiate}`;
}

const host = "import('@gangway/host/runtime')";

/** Types of the entries: those of the component, and of the two functions. */
export function declarations(plan: ComponentPlan, name: string): string {
  return `${typescriptDeclarations(plan, { name })}
/** The component, for any number of instances. */
export declare function compile(options?: {
  readonly engine?: ${host}.Engine;
}): Promise<${host}.Component>;

/** An instance with these imports, in its own store unless it is given one. */
export declare function instantiate(
  imports${plan.imports.some(({ type }) => type.kind !== 'type') ? '' : '?'}: Imports,
  options?: {
    readonly engine?: ${host}.Engine;
    readonly store?: ${host}.Store;
  },
): Promise<${host}.Instance<Exports>>;
`;
}

export function workerdDeclarations(name: string): string {
  return `export * from ${quote(`./${name}.js`)};\n`;
}
