/**
 * The structure of a component, drawn. In: its graph and what belongs together. Out: the graph as an SVG in columns, a tree
 * of component instances, and beside them what the chosen node is. One node is in the Tab order; arrow keys move to the
 * nearest in their direction.
 */
import type { ComponentInstanceIndex } from '@gangway/component/plan';
import { type Description, instanceNode, type Links } from '../model/links.ts';
import { count, type Graph, type GraphNode, instanceTitle, moduleTitle } from '../model/structure.ts';
import { describe, type Go, placeLink } from './details.ts';
import { html, shorten, svg } from './dom.ts';

const WIDTH = 186;
const HEIGHT = 46;
const COLUMN = 236;
const ROW = 64;
const MARGIN = 14;
/** How far below the top a short column begins, at most. */
const HIGHEST_GAP = 2.5 * ROW;
/** How far an arc of options hangs below its nodes. */
const SAG = 34;

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Columns by layer; within one, nodes stand near the middle of what they need. */
function placeNodes({ nodes, edges }: Graph): ReadonlyMap<string, Point> {
  const layers: GraphNode[][] = [];
  for (const node of nodes) (layers[node.layer] ??= []).push(node);
  const columns = layers.filter((layer) => layer !== undefined);
  const highest = Math.max(1, ...columns.map((column) => column.length));
  const places = new Map<string, Point>();
  columns.forEach((column, x) => {
    const middle = (node: GraphNode): number => {
      const ys = edges.flatMap((edge) => (edge.to === node.id ? (places.get(edge.from)?.y ?? []) : []));
      return ys.length === 0 ? 0 : ys.reduce((a, b) => a + b, 0) / ys.length;
    };
    const sorted = column.map((node) => ({ node, at: middle(node) })).sort((a, b) => a.at - b.at);
    // In a tall diagram the short columns stay where one looks first.
    const top = Math.min(((highest - column.length) * ROW) / 2, HIGHEST_GAP);
    sorted.forEach(({ node }, y) => {
      places.set(node.id, { x: MARGIN + x * COLUMN, y: MARGIN + top + y * ROW });
    });
  });
  return places;
}

/** A version would take the room that the name needs; it stands in the line below. */
const versions = /@\d[^\s]*$/;
const unversioned = (title: string): string => title.replace(versions, '');
const cut = (text: string, length: number): string => (text.length <= length ? text : `${text.slice(0, length - 1)}…`);

function subtitleOf({ title, subtitle }: GraphNode): string {
  const [version] = versions.exec(title) ?? [];
  return version === undefined ? subtitle : `${version.slice(1)}, ${subtitle}`;
}

/** What is supplied goes from side to side; what options name, in an arc below. */
function edgePath(a: Point, b: Point, kind: 'supplies' | 'options'): string {
  if (kind === 'supplies') {
    const [x1, y1, x2, y2] = [a.x + WIDTH, a.y + HEIGHT / 2, b.x, b.y + HEIGHT / 2];
    const bend = Math.max(30, (x2 - x1) / 2);
    return `M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2 - 3},${y2}`;
  }
  const offset = b.x < a.x ? -WIDTH / 4 : WIDTH / 4;
  const [x1, y1, x2, y2] = [a.x + WIDTH / 2 + offset, a.y + HEIGHT, b.x + WIDTH / 2 - offset, b.y + HEIGHT];
  return `M${x1},${y1} C${x1 + offset},${y1 + SAG} ${x2 - offset},${y2 + SAG} ${x2},${y2 + 3}`;
}

/** The colours, with what they mean. */
const legend: readonly (readonly [string, string])[] = [
  ['import', 'import: what the component asks its host for'],
  ['trampolines', 'trampolines: small functions that Gangway writes so that core code can call the host'],
  ['core', 'core instance: ordinary WebAssembly, with its own memory'],
  ['adapter', 'adapter: a function that Gangway writes to carry a call from one component to another'],
  ['export', 'export: what you can call'],
];

export interface StructurePane {
  readonly element: HTMLElement;
  /** A node of the graph, or of the tree; null: none. */
  select(id: string | null): void;
}

export function structurePane(links: Links, go: Go): StructurePane {
  const { graph } = links;
  const { plan } = links.component;
  const places = placeNodes(graph);
  const choose = (id: string): void => go({ pane: 'structure', node: id });

  // --- the diagram -----------------------------------------------------------------------------------------------------

  const right = Math.max(...[...places.values()].map(({ x }) => x), 0) + WIDTH + MARGIN;
  const bottom = Math.max(...[...places.values()].map(({ y }) => y), 0) + HEIGHT + SAG;
  const edges = graph.edges.map((edge) => {
    const d = edgePath(places.get(edge.from)!, places.get(edge.to)!, edge.kind);
    const width = edge.kind === 'options' ? 1.5 : Math.min(5, 1.5 + Math.log2(edge.names.length));
    const path = svg(
      'path',
      { class: `edge ${edge.kind}`, d, 'stroke-width': width, 'marker-end': 'url(#arrow)' },
      svg('title', {}, edge.names.join('\n')),
    );
    return { edge, path };
  });
  const boxes = graph.nodes.map((node, i) => {
    const { x, y } = places.get(node.id)!;
    const box = svg(
      'g',
      {
        class: `node ${node.kind}`,
        transform: `translate(${x},${y})`,
        role: 'button',
        tabindex: i === 0 ? 0 : -1,
        'aria-pressed': 'false',
        'aria-label': `${node.kind === 'trampolines' ? 'trampolines' : node.kind} ${node.title}, ${node.subtitle}`,
        'data-node': node.id,
        click: () => choose(node.id),
        keydown: (event) => {
          const { key } = event as KeyboardEvent;
          if (key !== 'Enter' && key !== ' ') return;
          event.preventDefault();
          choose(node.id);
        },
        focus: () => {
          for (const other of boxes) other.box.setAttribute('tabindex', other.node === node ? '0' : '-1');
        },
      },
      svg('title', {}, [node.title, node.subtitle, node.details].filter((line) => line !== '').join('\n')),
      svg('rect', { width: WIDTH, height: HEIGHT, rx: 6 }),
      svg('text', { x: 10, y: 19, class: 'title' }, shorten(unversioned(node.title), 23)),
      svg('text', { x: 10, y: 36 }, cut(subtitleOf(node), 30)),
    );
    return { node, box };
  });

  function move(event: Event): void {
    const { key } = event as KeyboardEvent;
    const directions: Readonly<Record<string, Point>> = {
      ArrowRight: { x: 1, y: 0 },
      ArrowLeft: { x: -1, y: 0 },
      ArrowDown: { x: 0, y: 1 },
      ArrowUp: { x: 0, y: -1 },
    };
    const current = boxes.find(({ box }) => box === document.activeElement);
    const direction = Object.hasOwn(directions, key) ? directions[key] : undefined;
    if (current === undefined || direction === undefined) return;
    event.preventDefault();
    const from = places.get(current.node.id)!;
    const near = boxes
      .map(({ node, box }) => {
        const { x, y } = places.get(node.id)!;
        const [along, across] =
          direction.x !== 0
            ? [(x - from.x) * direction.x, Math.abs(y - from.y)]
            : [(y - from.y) * direction.y, Math.abs(x - from.x)];
        return { box, along, distance: along + 3 * across };
      })
      .filter(({ along }) => along > 0)
      .sort((a, b) => a.distance - b.distance)[0];
    near?.box.focus();
  }

  const arrow = svg(
    'marker',
    {
      id: 'arrow',
      viewBox: '0 0 8 8',
      refX: 7,
      refY: 4,
      markerWidth: 9,
      markerHeight: 9,
      orient: 'auto',
      markerUnits: 'userSpaceOnUse',
    },
    svg('path', { d: 'M0,0 L8,4 L0,8 z' }),
  );
  const drawing = svg(
    'svg',
    {
      width: right,
      height: bottom,
      viewBox: `0 0 ${right} ${bottom}`,
      class: 'graph',
      role: 'group',
      'aria-label': 'What is wired to what; arrow keys move from box to box',
      keydown: move,
    },
    svg('defs', {}, arrow),
    ...edges.map(({ path }) => path),
    ...boxes.map(({ box }) => box),
  );

  // --- the tree --------------------------------------------------------------------------------------------------------

  const branches = new Map<string, HTMLElement>();
  function tree(index: ComponentInstanceIndex): HTMLLIElement {
    const cores = plan.initializers.flatMap((step) => {
      if (step.kind !== 'instantiate-module' || step.componentInstance !== index) return [];
      const place = { pane: 'structure', node: `core ${step.instance}` } as const;
      return [html('li', {}, 'core module ', placeLink({ label: moduleTitle(plan, step.module), place }, go))];
    });
    const children = plan.componentInstances.flatMap(({ parent }, i) =>
      parent === index ? [tree(i as ComponentInstanceIndex)] : [],
    );
    const place = { pane: 'structure', node: instanceNode(index) } as const;
    const name = html(
      'span',
      { class: 'branch' },
      html('strong', {}, placeLink({ label: instanceTitle(plan, index), place }, go)),
      html('small', {}, ` component instance ${index}`),
    );
    branches.set(instanceNode(index), name);
    return html('li', {}, name, html('ul', {}, ...cores, ...children));
  }

  function describeInstance(index: ComponentInstanceIndex): Description {
    const { layout } = links;
    const flags = layout.fields.find((field) => field.name === 'flags')!;
    const range = { offset: flags.offset + index * flags.stride, size: flags.stride };
    const cores = graph.nodes.filter((node) =>
      plan.initializers.some(
        (step) =>
          step.kind === 'instantiate-module' && step.componentInstance === index && node.id === `core ${step.instance}`,
      ),
    );
    return {
      text: 'A component instance: core instances that share one handle table and one set of flags. Nothing but calls with component values crosses its border.',
      links: [
        { label: `flags[${index}]`, place: { pane: 'memory', ranges: [range] } },
        ...cores.map((node) => ({ label: node.title, place: { pane: 'structure', node: node.id } as const })),
      ],
    };
  }

  // --- what is chosen --------------------------------------------------------------------------------------------------

  const details = html('div', {
    class: 'details',
    role: 'region',
    'aria-label': 'About the chosen box',
    'aria-live': 'polite',
  });
  function select(id: string | null): void {
    const node = graph.nodes.find((one) => one.id === id);
    const near = new Set<string>();
    for (const { edge, path } of edges) {
      const on = node !== undefined && (edge.from === node.id || edge.to === node.id);
      if (on) near.add(edge.from).add(edge.to);
      path.classList.toggle('on', on);
    }
    drawing.classList.toggle('chosen', node !== undefined);
    for (const { node: one, box } of boxes) {
      box.classList.toggle('near', near.has(one.id));
      box.classList.toggle('chosen', one === node);
      box.setAttribute('aria-pressed', String(one === node));
      if (one === node) {
        box.scrollIntoView({ block: 'nearest', inline: 'nearest' });
        for (const other of boxes) other.box.setAttribute('tabindex', other.box === box ? '0' : '-1');
      }
    }
    for (const [key, branch] of branches) branch.classList.toggle('chosen', key === id);
    if (node !== undefined) {
      details.replaceChildren(
        html('h3', {}, node.title),
        html('p', { class: 'hint' }, node.subtitle),
        ...describe(elsewhere(links.describeNode(node), node), go).filter((one) => one !== null),
        wiring(node),
      );
      return;
    }
    const branch = id === null ? undefined : branches.get(id);
    if (branch !== undefined) {
      const index = Number(id!.replace('instance ', '')) as ComponentInstanceIndex;
      branch.scrollIntoView({ block: 'nearest' });
      details.replaceChildren(
        html('h3', {}, instanceTitle(plan, index)),
        ...describe(describeInstance(index), go).filter((one) => one !== null),
      );
      return;
    }
    details.replaceChildren(
      html(
        'p',
        { class: 'hint' },
        'Choose a box to see what it is, what it is connected to, and where else it is shown.',
      ),
    );
  }

  /** The edges of a node, in words. */
  function wiring(node: GraphNode): HTMLElement {
    const items = edges.flatMap(({ edge: { from, to, kind, names } }) => {
      if (from !== node.id && to !== node.id) return [];
      const inward = to === node.id;
      const other = graph.nodes.find((one) => one.id === (inward ? from : to));
      if (other === undefined) return [];
      const what = names.length > 3 ? count(names.length, 'thing') : names.join(', ');
      const words = {
        supplies: inward ? ['gets ', ' from '] : ['gives ', ' to '],
        options: inward ? ['uses ', ' of '] : ['its ', ' serves '],
      }[kind];
      const place = { pane: 'structure', node: other.id } as const;
      return [
        html('li', {}, words[0]!, html('code', {}, what), words[1]!, placeLink({ label: other.title, place }, go)),
      ];
    });
    return html('ul', { class: 'wiring' }, ...items);
  }

  /** A description does not lead to where one is. */
  function elsewhere(description: Description, node: GraphNode): Description {
    const away = ({ place }: Description['links'][number]): boolean =>
      place.pane !== 'structure' || place.node !== node.id;
    return { ...description, links: description.links.filter(away) };
  }

  const { componentInstances, modules, trampolines, adapters } = plan;
  const sums = [
    count(componentInstances.length, 'component instance'),
    count(modules.length, 'core module'),
    count(trampolines.length, 'trampoline'),
    count(adapters.length, 'adapter'),
  ];
  const roots = html('ul', { class: 'tree' }, componentInstances.length > 0 ? tree(0 as ComponentInstanceIndex) : null);
  const element = html(
    'div',
    { class: 'structure' },
    html(
      'p',
      { class: 'hint' },
      'A component wraps core WebAssembly modules and says how they are connected. ',
      'Solid arrows go from what supplies something to what uses it; the thicker, the more. ',
      'Dashed arrows go from a memory, or a function that makes room in it, to what reads and writes there.',
    ),
    html('p', {}, sums.join(', '), '.'),
    html('ul', { class: 'legend' }, ...legend.map(([kind, text]) => html('li', { class: `key ${kind}` }, text))),
    html(
      'div',
      { class: 'beside' },
      html('div', { class: 'scroll', role: 'region', 'aria-label': 'Diagram', tabindex: 0 }, drawing),
      details,
    ),
    html('h2', {}, 'What is inside what'),
    roots,
  );
  select(null);
  return { element, select };
}
