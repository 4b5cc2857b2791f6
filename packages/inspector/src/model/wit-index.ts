/**
 * What stands where in the WIT text of a component. In: the text that `witText` writes. Out: its lines, with the import or
 * export that each declares.
 *
 * Rejected: a parser of WIT. The text has one shape, that of one printer.
 */

export interface WitLine {
  readonly text: string;
  /** `import a:b/c#get`, `export run`; null for a line that declares no function, resource or interface. */
  readonly key: string | null;
  /** Where the name stands in `text`; empty without a key. */
  readonly from: number;
  readonly to: number;
}

/** The key of a function or interface: names from the root down, as in a plan. */
export function witKey(direction: 'import' | 'export', path: readonly string[]): string {
  return `${direction} ${path.join('#')}`;
}

/** What stands in braces whose contents have keys: the world, an interface, a resource. */
interface Block {
  readonly direction: 'import' | 'export' | null;
  /** Names of the interfaces around. */
  readonly path: readonly string[];
  readonly resource: string | null;
}

interface Declaration {
  /** The name as it is written. */
  readonly shown: string;
  readonly key: string | null;
  readonly block: Block | null;
}

export function witLines(text: string): WitLine[] {
  const lines: WitLine[] = [];
  const blocks: (Block | null)[] = [];
  for (const line of text.replace(/\n$/, '').split('\n')) {
    const inside = blocks.at(-1) ?? null;
    let found: Declaration | null = null;
    if (line.trim() === '}') blocks.pop();
    else if (blocks.length === 0)
      found = { shown: '', key: null, block: { direction: null, path: [], resource: null } };
    else if (inside !== null) found = declaration(line.trim(), inside);
    const at = found === null ? 0 : line.indexOf(found.shown, nameStart(line));
    lines.push({ text: line, key: found?.key ?? null, from: at, to: at + (found?.shown.length ?? 0) });
    if (line.endsWith('{')) blocks.push(found?.block ?? null);
  }
  return lines;
}

/** Behind the indentation and the words before a name. */
function nameStart(line: string): number {
  return /^\s*(?:import |export )?(?:resource )?/.exec(line)![0].length;
}

function declaration(line: string, inside: Block): Declaration | null {
  const word = inside.direction === null ? (/^(import|export) /.exec(line)?.[1] ?? null) : inside.direction;
  if (word === null) return null;
  const direction = word as 'import' | 'export';
  const rest = inside.direction === null ? line.slice(direction.length + 1) : line;
  const { path, resource } = inside;
  const plain = (shown: string): string => shown.replace(/^%/, '');

  const [, face] = /^(\S+): interface \{/.exec(rest) ?? [];
  if (face !== undefined) {
    const inner = [...path, face];
    return { shown: face, key: witKey(direction, inner), block: { direction, path: inner, resource: null } };
  }
  const [, kind] = /^resource ([^\s;]+)/.exec(rest) ?? [];
  if (kind !== undefined) {
    const name = plain(kind);
    return { shown: kind, key: witKey(direction, [...path, name]), block: { direction, path, resource: name } };
  }
  if (resource !== null && rest.startsWith('constructor(')) {
    return { shown: 'constructor', key: witKey(direction, [...path, `[constructor]${resource}`]), block: null };
  }
  const [, shown, sort] = /^(\S+): (static )?(?:async )?func\(/.exec(rest) ?? [];
  if (shown === undefined) return null;
  const name = plain(shown);
  const member = `[${sort === undefined ? 'method' : 'static'}]${resource}.${name}`;
  return { shown, key: witKey(direction, [...path, resource === null ? name : member]), block: null };
}
