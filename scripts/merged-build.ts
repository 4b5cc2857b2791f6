/**
 * A build whose shared code is in few files. In: options of esbuild, with splitting. Out: the same files, but for the shared
 * chunks: those that the same entries load from the start are one file.
 *
 * esbuild makes a chunk for every set of entries and parts loaded on demand that share something: two dozen, most of them
 * tiny, and a page or a process waits for each. They are merged by esbuild itself, in a second pass over what it has made.
 *
 * Rejected: parts that share nothing with the rest (they would have copies of classes), one file for all (a page would load
 * what it never runs).
 */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { parseSync } from 'oxc-parser';

/** A file of the first pass, by the name that it has in the output folder. */
interface Chunk {
  readonly text: string;
  readonly exports: readonly string[];
  /** What it loads with itself, and what it loads later: names of other files. */
  readonly imports: readonly string[];
  readonly later: readonly string[];
  /** By name of another file: what it takes of it, by the names that those have there. */
  readonly takes: ReadonlyMap<string, ReadonlySet<string>>;
  /** Null for one that is nobody's but to share. */
  readonly entry: 'named' | OnDemand | null;
  /** Paths. */
  readonly sources: readonly string[];
  /** Whether none of them has a statement: it does nothing by itself. */
  readonly isEmpty: boolean;
}

/** Something that is loaded on demand: see the options of the same names. */
type OnDemand = 'later' | 'together' | 'afterwards' | 'shared';

export interface MergedBuildOptions extends BuildOptions {
  readonly outdir: string;
  /**
   * Sources that are loaded on demand, but by nearly everyone: what they share is merged as if they were entries. Ends of
   * paths.
   */
  readonly asEntries?: readonly string[];
  /** Sources that are loaded on demand, but one hardly without another: they become one file. Ends of paths. */
  readonly together?: readonly string[];
  /** Sources that are loaded on demand, hardly ever before those of `together`: what they share with those is in that file. */
  readonly afterwards?: readonly string[];
  /** Sources that are loaded on demand, but by most: they are in the file of what parts share. */
  readonly shared?: readonly string[];
  /**
   * Whether what one entry alone loads from the start is put into it: one file less to wait for. Parts that share something with
   * it import that from the entry, which has more exports for it: for programs, whose exports nobody lists. One that can load
   * all of `together` has what is `shared` as well, and what those have in common with other parts. Default: no.
   */
  readonly intoEntries?: boolean;
  /**
   * Shared files by name, instead of those that entries decide: each has what these sources load with themselves and no earlier
   * one has, and the sources, but for entries. What is in none stays by itself. In the order in which they import each other.
   */
  readonly layers?: Readonly<Record<string, Layer>>;
}

/** Ends of paths. */
export interface Layer {
  readonly of: readonly string[];
  /** Entries that have no file of their own: this file exports what they do. Their names must differ. */
  readonly entries?: readonly string[];
}

/** Rejects with what esbuild says. Returns a metafile of what was written: sources, not the files of the first pass, are its inputs. */
export async function mergedBuild({
  asEntries = [],
  together = [],
  afterwards = [],
  shared = [],
  intoEntries = false,
  layers,
  ...options
}: MergedBuildOptions): Promise<Metafile> {
  const outdir = resolve(options.absWorkingDir ?? '.', options.outdir);
  const sourcemap = options.sourcemap === true;
  const first = await build({
    ...options,
    bundle: true,
    splitting: true,
    format: 'esm',
    metafile: true,
    write: false,
    ...(sourcemap ? { sourcemap: 'inline' } : {}),
  });
  const chunks = readChunks(first.metafile, new Map(first.outputFiles.map(({ path, text }) => [path, text])), outdir, {
    root: options.absWorkingDir ?? '.',
    // What is published under a name keeps it, also when something loads it on demand.
    published: Object.values(options.entryPoints ?? {}).map((entry) => (typeof entry === 'string' ? entry : entry.in)),
    asEntries,
    onDemand: { together, afterwards, shared },
  });
  const built = Object.values(first.metafile.outputs).map(({ entryPoint = '' }) => entryPoint);
  const takesAll = together.every((end) => built.some((entry) => entry.endsWith(end)));
  const groups = layers === undefined ? groupChunks(chunks, intoEntries, takesAll) : layered(chunks, layers);
  const second = await build({
    ...(options.minify === undefined ? {} : { minify: options.minify }),
    ...(options.minifyWhitespace === undefined ? {} : { minifyWhitespace: options.minifyWhitespace }),
    ...(options.minifySyntax === undefined ? {} : { minifySyntax: options.minifySyntax }),
    ...(options.platform === undefined ? {} : { platform: options.platform }),
    ...(options.target === undefined ? {} : { target: options.target }),
    ...(options.logLevel === undefined ? {} : { logLevel: options.logLevel }),
    sourcemap,
    bundle: true,
    format: 'esm',
    absWorkingDir: outdir,
    outdir,
    metafile: true,
    write: false,
    entryPoints: [
      ...[...chunks.keys()].filter((name) => !groups.has(name)),
      ...new Set([...groups.values()].map(({ name }) => name)),
    ].map((name) => ({ in: name, out: finalName(name, chunks, groups).replace(/\.js$/, '') })),
    plugins: [merging(chunks, groups, outdir)],
  });
  mkdirSync(outdir, { recursive: true });
  for (const { path, contents } of second.outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents);
  }
  return composed(first.metafile, second.metafile, (path) =>
    resolve(options.absWorkingDir ?? '.', path).slice(outdir.length + 1),
  );
}

/** The second pass's files, with the sources of the first pass in them. `nameOf` is that of a file of the first pass. */
function composed(first: Metafile, second: Metafile, nameOf: (path: string) => string): Metafile {
  const sources = new Map(Object.entries(first.outputs).map(([path, { inputs }]) => [nameOf(path), inputs]));
  const outputs = Object.entries(second.outputs).map(([path, output]): [string, Metafile['outputs'][string]] => {
    const inputs = Object.assign({}, ...Object.keys(output.inputs).map((input) => sources.get(input) ?? {}));
    const imports = output.imports.map((one) => {
      const inner = one.path.startsWith('./') ? one.path.slice(2) : '';
      return inner in second.outputs ? { path: inner, kind: one.kind } : one;
    });
    return [path, { ...output, inputs, imports }];
  });
  return { inputs: first.inputs, outputs: Object.fromEntries(outputs) };
}

function readChunks(
  { outputs }: Metafile,
  texts: ReadonlyMap<string, string>,
  outdir: string,
  {
    root,
    published,
    asEntries,
    onDemand,
  }: { readonly root: string; readonly onDemand: Record<Exclude<OnDemand, 'later'>, readonly string[]> } & Record<
    'published' | 'asEntries',
    readonly string[]
  >,
): Map<string, Chunk> {
  const nameOf = (path: string): string => resolve(root, path).slice(outdir.length + 1);
  const listed = new Set(published.map((path) => resolve(root, path)));
  const later = new Set<string>();
  const ours = Object.entries(outputs).filter(([path]) => path.endsWith('.js'));
  for (const [, { imports }] of ours) {
    for (const { path, kind, external } of imports) if (kind === 'dynamic-import' && !external) later.add(nameOf(path));
  }
  return new Map(
    ours.map(([path, { imports, inputs, exports, entryPoint = '' }]) => {
      const name = nameOf(path);
      const inner = imports.filter(({ external }) => external !== true);
      const isOneOf = (ends: readonly string[]): boolean => ends.some((end) => entryPoint.endsWith(end));
      const isNamed = entryPoint !== '' && (listed.has(resolve(root, entryPoint)) || isOneOf(asEntries));
      const text = texts.get(resolve(root, path)) ?? '';
      const chunk: Chunk = {
        text,
        takes: takenBy(name, text),
        exports,
        isEmpty: Object.values(inputs).every(({ bytesInOutput }) => bytesInOutput === 0),
        sources: [entryPoint, ...Object.keys(inputs)].filter((path) => path !== ''),
        imports: inner.filter(({ kind }) => kind !== 'dynamic-import').map((one) => nameOf(one.path)),
        later: inner.filter(({ kind }) => kind === 'dynamic-import').map((one) => nameOf(one.path)),
        entry: isNamed
          ? 'named'
          : !later.has(name)
            ? null
            : ((['together', 'afterwards', 'shared'] as const).find((kind) => isOneOf(onDemand[kind])) ?? 'later'),
      };
      return [name, chunk];
    }),
  );
}

/** What the text of a file imports: see {@link Chunk}. esbuild shares by names only, and exports again what it has imported. */
function takenBy(name: string, text: string): ReadonlyMap<string, ReadonlySet<string>> {
  const taken = new Map<string, Set<string>>();
  for (const { moduleRequest, entries } of parseSync(name, text).module.staticImports) {
    const other = join(dirname(name), moduleRequest.value);
    const names = taken.get(other) ?? new Set();
    taken.set(other, names);
    for (const { importName } of entries) if (importName.name !== null) names.add(importName.name);
  }
  return taken;
}

/** The files that a file loads with itself; with `later`, also those that it can ask for, without what is an entry itself. */
function closure(
  chunks: ReadonlyMap<string, Chunk>,
  name: string,
  follow: readonly ('imports' | 'later')[],
): Set<string> {
  const found = new Set<string>();
  const visit = (one: string): void => {
    if (found.has(one)) return;
    found.add(one);
    const isOther = one !== name && chunks.get(one)?.entry === 'named';
    for (const kind of isOther ? [] : follow) for (const next of chunks.get(one)?.[kind] ?? []) visit(next);
  };
  visit(name);
  return found;
}

/** Chunks that become one file, and the names that their exports get in it. */
interface Group {
  readonly name: string;
  readonly members: readonly string[];
  /** By chunk and its own name of the export. */
  readonly exportName: (chunk: string, name: string) => string;
}

/**
 * By chunk. Chunks become one when the same entries load them from the start, and the same others can ask for a part that
 * needs them: what such a part brings with it is little.
 */
function groupChunks(
  chunks: ReadonlyMap<string, Chunk>,
  intoEntries: boolean,
  takesAll: boolean,
): ReadonlyMap<string, Group> {
  const entries = [...chunks].filter(([, { entry }]) => entry === 'named').map(([name]) => name);
  const parts = [...chunks].filter(([, { entry }]) => entry !== 'named' && entry !== null).map(([name]) => name);
  const loadedBy = (roots: readonly string[], follow: readonly ('imports' | 'later')[]) =>
    new Map(roots.map((root) => [root, closure(chunks, root, follow)]));
  const fromStart = loadedBy(entries, ['imports']);
  const everything = loadedBy(entries, ['imports', 'later']);
  const ofParts = loadedBy(parts, ['imports']);
  const byEntries = new Map<string, string[]>();
  for (const [name, { entry }] of chunks) {
    if (entry === 'named' || entry === 'later' || entry === 'afterwards') continue;
    const users = entries.filter((root) => fromStart.get(root)?.has(name));
    const partsOf = parts.filter((part) => ofParts.get(part)?.has(name));
    const askers = partsOf.flatMap((part) => entries.filter((root) => everything.get(root)?.has(part)));
    const kinds = new Set(partsOf.map((part) => chunks.get(part)?.entry));
    const isTogether = users.length === 0 && kinds.has('together') && !kinds.has('later') && !kinds.has('shared');
    const others = new Set(askers.filter((root) => !users.includes(root)));
    const [only, ...more] = new Set([...users, ...others]);
    const isOnesOwn =
      intoEntries &&
      more.length === 0 &&
      (others.size === 0 || (takesAll && (kinds.has('shared') || kinds.has('together'))));
    const isAfterwards = users.length === 0 && [...kinds].join() === 'afterwards';
    const key = isTogether
      ? 'together'
      : isAfterwards
        ? 'afterwards'
        : isOnesOwn
          ? (only as string)
          : [...users, '|', ...entries.filter((root) => others.has(root))].join(' ');
    byEntries.set(key, [...(byEntries.get(key) ?? []), name]);
  }
  const groups = new Map<string, Group>();
  let count = 0;
  for (const [key, others] of byEntries) {
    const entry = entries.includes(key) ? key : null;
    const members = entry === null ? others : [entry, ...others];
    if (members.length < 2) continue;
    const group = groupOf(chunks, entry ?? `shared-${++count}.js`, members);
    for (const member of members) groups.set(member, group);
  }
  return groups;
}

/** By chunk: see the option. Imports of what is loaded from the start lead to the same layer or an earlier one. */
function layered(
  chunks: ReadonlyMap<string, Chunk>,
  layers: Readonly<Record<string, Layer>>,
): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  const fileOf = (end: string): string => {
    // The first source is the one that a file is made for.
    const having = [...chunks].filter(([, { sources }]) => sources.some((source) => source.endsWith(end)));
    const found = having.find(([, { sources }]) => sources[0]?.endsWith(end)) ?? having[0];
    if (found === undefined) throw new Error(`no source ends with ${end}`);
    return found[0];
  };
  for (const [layer, { of, entries = [] }] of Object.entries(layers)) {
    const inside = entries.map(fileOf);
    const reached = new Set([...inside, ...of.map(fileOf)].flatMap((root) => [...reachedFrom(chunks, root)]));
    const own = new Set<string>();
    const members = [...reached].filter((name) => {
      const { entry, exports } = chunks.get(name)!;
      if (groups.has(name) || (entry === 'named' && !inside.includes(name))) return false;
      // Whoever asks for it asks for its own names: a second one with such a name is a file of its own.
      if (entry !== null && exports.some((one) => own.has(one))) return false;
      if (entry !== null) for (const one of exports) own.add(one);
      return true;
    });
    const group = groupOf(chunks, `${layer}.js`, members);
    for (const member of members) groups.set(member, group);
  }
  return groups;
}

/** What a file loads with itself. */
function reachedFrom(chunks: ReadonlyMap<string, Chunk>, root: string): ReadonlySet<string> {
  const found = new Set([root]);
  for (const name of found) for (const next of chunks.get(name)?.imports ?? []) found.add(next);
  return found;
}

function groupOf(chunks: ReadonlyMap<string, Chunk>, group: string, members: readonly string[]): Group {
  const names = new Map<string, string>();
  return {
    name: group,
    members,
    exportName: (chunk, name) => {
      // Whoever loads a part on demand asks for its own names.
      if (chunk === group || chunks.get(chunk)?.entry !== null) return name;
      const key = `${chunk} ${name}`;
      if (!names.has(key)) names.set(key, `e${names.size.toString(36)}`);
      return names.get(key) as string;
    },
  };
}

/**
 * Files that are asked for by a name that embedders write keep it; the others have a hash of the whole build in theirs, since
 * they fit together only as they are.
 */
function finalName(name: string, chunks: ReadonlyMap<string, Chunk>, groups: ReadonlyMap<string, Group>): string {
  if (chunks.get(name)?.entry === 'named') return name;
  const hash = createHash('sha256');
  for (const [other, { text }] of chunks) hash.update(`${other}\n${text}`);
  for (const { members } of groups.values()) hash.update(members.join());
  const plainName = (one: string): string => one.replace(/(-[A-Z0-9]{8})?\.js$/, '');
  const plain = plainName(name);
  const isOnly = [...chunks.keys()].every((other) => other === name || plainName(other) !== plain);
  const own = isOnly ? plain : name.replace(/\.js$/, '').toLowerCase();
  return `${own}-${hash.digest('hex').slice(0, 8)}.js`;
}

/** In front of the name of a chunk, in the import of a function that returns a promise of what it exports. */
const HERE = 'here:';

/**
 * The text of a chunk that asks for nothing on demand that is in its own file: that would make Node wait, and esbuild, when
 * it bundles such a file, does not expect it. `isHere`: whether another chunk is in the same file.
 */
function withoutWaiting(name: string, text: string, isHere: (other: string) => boolean): string {
  let changed = text;
  const imports: string[] = [];
  for (const { start, end, moduleRequest } of parseSync(name, text).module.dynamicImports) {
    const specifier = /^"(\..*)"$/.exec(text.slice(moduleRequest.start, moduleRequest.end))?.[1];
    const other = specifier === undefined ? name : join(dirname(name), specifier);
    if (other === name || !isHere(other)) continue;
    const later = `later${imports.length}_`;
    // As long as what was there, and what is new behind everything else: for the source map.
    changed = changed.slice(0, start) + `${later}(`.padEnd(end - start - 1) + changed.slice(end - 1);
    imports.push(`import { later as ${later} } from ${JSON.stringify(HERE + other)};`);
  }
  return imports.length === 0 ? text : `${changed}\n${imports.join('\n')}`;
}

function merging(chunks: ReadonlyMap<string, Chunk>, groups: ReadonlyMap<string, Group>, outdir: string): Plugin {
  const byName = new Map([...groups.values()].map((group) => [group.name, group]));
  const nameOf = (path: string): string => path.slice(outdir.length + 1);
  /** How a file in the folder `from` of the output imports another. */
  const specifier = (from: string, name: string): string => {
    const path = relative(from, finalName(name, chunks, groups));
    return path.startsWith('.') ? path : `./${path}`;
  };
  /** A line that exports `list`, or nothing but does what `from` does. */
  const exportLine = (list: readonly string[], from: string): string =>
    list.length === 0
      ? `import ${JSON.stringify(from)};`
      : `export { ${list.join(', ')} } from ${JSON.stringify(from)};`;
  /** What a chunk exports that files of other groups take. Whoever asks for it by its name, or on demand, takes everything. */
  const takenOutside = (group: Group, name: string): readonly string[] => {
    const { exports, entry } = chunks.get(name)!;
    if (entry !== null) return exports;
    const others = [...chunks].filter(([other]) => groups.get(other) !== group).map(([, { takes }]) => takes.get(name));
    return exports.filter((own) => others.some((taken) => taken?.has(own)));
  };
  const isTogether = (one: string, other: string): boolean =>
    groups.get(other) !== undefined && groups.get(one) === groups.get(other);
  /** Whether `taker` needs the import of `name`: for what it takes, or for what the file does by itself, once a file. */
  const mustBeLoaded = (name: string, taker: string): boolean => {
    const takes = chunks.get(taker)?.takes ?? new Map<string, ReadonlySet<string>>();
    if ((takes.get(name)?.size ?? 0) > 0) return true;
    const fileOf = (other: string): Group | string => groups.get(other) ?? other;
    const others = [...takes].filter(([other]) => fileOf(other) === fileOf(name) && !chunks.get(other)?.isEmpty);
    return (others.find(([, names]) => names.size > 0) ?? others[0])?.[0] === name;
  };
  return {
    name: 'merging',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /.*/ }, ({ path, importer, kind, namespace }) => {
        if (kind === 'entry-point') {
          // esbuild writes it as a relative path when an earlier build has left such a file.
          const entry = path.replace(/^\.\//, '');
          return byName.has(entry) ? { path: entry, namespace: 'group' } : { path: join(outdir, entry) };
        }
        if (namespace === 'group' || namespace === 'here') return { path: join(outdir, path) };
        if (path.startsWith(HERE)) return { path: path.slice(HERE.length), namespace: 'here' };
        const own = nameOf(importer);
        const name = path.startsWith('.') ? nameOf(resolve(dirname(importer), path)) : '';
        if (namespace === 'via' || !chunks.has(name)) return { path, external: true };
        if (kind === 'import-statement' && !mustBeLoaded(name, own)) return { path, namespace: 'nothing' };
        const group = groups.get(name);
        const from = groups.get(own);
        const folder = dirname(from?.name ?? own);
        if (kind === 'dynamic-import' || group === undefined) {
          return { path: specifier(folder, group?.name ?? name), external: true };
        }
        return from === group ? { path: join(outdir, name) } : { path: `${folder}|${name}|${own}`, namespace: 'via' };
      });
      onLoad({ filter: /.*/, namespace: 'group' }, ({ path }) => {
        const group = byName.get(path)!;
        const contents = group.members.map((name) =>
          exportLine(
            takenOutside(group, name).map((own) => `${own} as ${group.exportName(name, own)}`),
            name,
          ),
        );
        return { contents: contents.join('\n'), loader: 'js' };
      });
      onLoad({ filter: /.*/, namespace: 'nothing' }, () => ({ contents: '' }));
      onLoad({ filter: /.*/, namespace: 'here' }, ({ path }) => {
        const contents = `import * as here from ${JSON.stringify(path)}; export const later = () => Promise.resolve(here);`;
        return { contents, loader: 'js', resolveDir: outdir };
      });
      // What stands for a chunk outside its group, to one that takes something of it: esbuild keeps names that nobody uses.
      onLoad({ filter: /.*/, namespace: 'via' }, ({ path }) => {
        const [folder, name, taker] = path.split('|') as [string, string, string];
        const group = groups.get(name)!;
        const taken = [...(chunks.get(taker)?.takes.get(name) ?? [])];
        const list = taken.map((own) => `${group.exportName(name, own)} as ${own}`);
        return { contents: exportLine(list, specifier(folder, group.name)), loader: 'js' };
      });
      onLoad({ filter: /\.js$/, namespace: 'file' }, ({ path }) => {
        const chunk = chunks.get(nameOf(path));
        if (chunk === undefined) return undefined;
        const contents = withoutWaiting(nameOf(path), chunk.text, (other) => isTogether(nameOf(path), other));
        return { contents, loader: 'js', resolveDir: dirname(path) };
      });
    },
  };
}
