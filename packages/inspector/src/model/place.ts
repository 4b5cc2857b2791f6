/**
 * Where something is shown: a pane and what in it. In: a place or the fragment of an address. Out: the other one, so that
 * links can be followed back and a place can be kept as an address.
 */

/** Bytes of the vmctx. */
export interface Range {
  readonly offset: number;
  readonly size: number;
}

export type Place =
  /** A node of the diagram; null: none. */
  | { readonly pane: 'structure'; readonly node: string | null }
  /** A line of the types, by its key. */
  | { readonly pane: 'types'; readonly key: string | null }
  /** Bytes of the vmctx, outlined. */
  | { readonly pane: 'memory'; readonly ranges: readonly Range[] }
  /** An emitted function; lines that touch `ranges` are marked. */
  | { readonly pane: 'code'; readonly item: string | null; readonly ranges: readonly Range[] }
  /** The form of an exported function: names from the root down, joined by `#`. */
  | { readonly pane: 'run'; readonly func: string | null };

export type PaneName = Place['pane'];

export const paneNames: readonly PaneName[] = ['structure', 'types', 'memory', 'code', 'run'];

/** A pane as a whole. */
export function paneOf(pane: PaneName): Place {
  switch (pane) {
    case 'structure':
      return { pane, node: null };
    case 'types':
      return { pane, key: null };
    case 'memory':
      return { pane, ranges: [] };
    case 'code':
      return { pane, item: null, ranges: [] };
    case 'run':
      return { pane, func: null };
    default:
      return pane satisfies never;
  }
}

const rangesText = (ranges: readonly Range[]): string =>
  ranges.map(({ offset, size }) => `${offset}+${size}`).join(',');

function rangesOf(text: string): Range[] {
  return [...text.matchAll(/(\d+)\+(\d+)/g)].map(([, offset, size]) => ({
    offset: Number(offset),
    size: Number(size),
  }));
}

/** `#code/adapter%5B0%5D/20+4` */
export function placeFragment(place: Place): string {
  const parts = ((): readonly (string | null)[] => {
    switch (place.pane) {
      case 'structure':
        return [place.node];
      case 'types':
        return [place.key];
      case 'memory':
        return [rangesText(place.ranges)];
      case 'code':
        return [place.item, rangesText(place.ranges)];
      case 'run':
        return [place.func];
      default:
        return place satisfies never;
    }
  })();
  const written = parts.map((part) => encodeURIComponent(part ?? ''));
  while (written.at(-1) === '') written.pop();
  return `#${[place.pane, ...written].join('/')}`;
}

/** Null for what is no place. */
export function placeOfFragment(fragment: string): Place | null {
  const [name = '', first = '', second = ''] = fragment.replace(/^#/, '').split('/');
  const pane = paneNames.find((one) => one === name);
  if (pane === undefined) return null;
  let [a, b]: [string | null, string] = [null, ''];
  try {
    a = first === '' ? null : decodeURIComponent(first);
    b = decodeURIComponent(second);
  } catch {
    return paneOf(pane);
  }
  switch (pane) {
    case 'structure':
      return { pane, node: a };
    case 'types':
      return { pane, key: a };
    case 'memory':
      return { pane, ranges: rangesOf(a ?? '') };
    case 'code':
      return { pane, item: a, ranges: rangesOf(b) };
    case 'run':
      return { pane, func: a };
    default:
      return pane satisfies never;
  }
}
