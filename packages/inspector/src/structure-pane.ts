/**
 * The structure of a component, drawn. In: its plan. Out: a tree of component instances as text, and the graph as an SVG
 * in columns. Nodes with code of ours are links to it, in the Tab order.
 */
import type { ComponentInstanceIndex, ComponentPlan } from '@gangway/component/plan';
import { html, shorten, svg } from './dom.ts';
import { count, type Graph, type GraphNode, graphOf, instanceTitle, moduleTitle } from './structure.ts';

const WIDTH = 210;
const HEIGHT = 46;
const COLUMN = 300;
const ROW = 62;
const MARGIN = 12;

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Columns by layer; within one, nodes stand near the middle of what they need. */
function placeNodes({ nodes, edges }: Graph): ReadonlyMap<string, Place> {
  const layers: GraphNode[][] = [];
  for (const node of nodes) (layers[node.layer] ??= []).push(node);
  const columns = layers.filter((layer) => layer !== undefined);
  const highest = Math.max(1, ...columns.map((column) => column.length));
  const places = new Map<string, Place>();
  columns.forEach((column, x) => {
    const middle = (node: GraphNode): number => {
      const ys = edges.flatMap((edge) => (edge.to === node.id ? [places.get(edge.from)?.y ?? 0] : []));
      return ys.length === 0 ? 0 : ys.reduce((a, b) => a + b, 0) / ys.length;
    };
    const sorted = column.map((node) => ({ node, at: middle(node) })).sort((a, b) => a.at - b.at);
    const top = ((highest - column.length) * ROW) / 2;
    sorted.forEach(({ node }, y) => {
      places.set(node.id, { x: MARGIN + x * COLUMN, y: MARGIN + top + y * ROW });
    });
  });
  return places;
}

function drawGraph(graph: Graph, openCode: (name: string) => void): SVGSVGElement {
  const places = placeNodes(graph);
  const right = Math.max(...[...places.values()].map(({ x }) => x), 0) + WIDTH + MARGIN;
  const bottom = Math.max(...[...places.values()].map(({ y }) => y), 0) + HEIGHT + MARGIN;
  const lines = graph.edges.map(({ from, to, names }) => {
    const [a, b] = [places.get(from)!, places.get(to)!];
    const [x1, y1, x2, y2] = [a.x + WIDTH, a.y + HEIGHT / 2, b.x, b.y + HEIGHT / 2];
    const bend = Math.max(30, (x2 - x1) / 2);
    const d = `M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}`;
    const width = Math.min(5, 1 + Math.log2(names.length));
    return svg('path', { class: 'edge', d, 'stroke-width': width }, svg('title', {}, names.join('\n')));
  });
  const boxes = graph.nodes.map((node) => {
    const { x, y } = places.get(node.id)!;
    const { code } = node;
    const open = (event: Event): void => {
      if (code === null) return;
      if (event instanceof KeyboardEvent && event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      openCode(code);
    };
    const link = code === null ? {} : { tabindex: 0, role: 'link', click: open, keydown: open };
    const text = `${node.title}, ${node.subtitle}`;
    return svg(
      'g',
      { class: `node ${node.kind}`, transform: `translate(${x},${y})`, 'aria-label': text, ...link },
      svg('title', {}, [node.title, node.subtitle, node.details].filter((line) => line !== '').join('\n')),
      svg('rect', { width: WIDTH, height: HEIGHT, rx: 6 }),
      svg('text', { x: 10, y: 19, class: 'title' }, shorten(node.title, 29)),
      svg('text', { x: 10, y: 36 }, shorten(node.subtitle, 34)),
    );
  });
  const attributes = { width: right, height: bottom, viewBox: `0 0 ${right} ${bottom}`, class: 'graph' };
  return svg('svg', { ...attributes, role: 'group', 'aria-label': 'What is wired to what' }, ...lines, ...boxes);
}

function tree(plan: ComponentPlan, index: ComponentInstanceIndex): HTMLLIElement {
  const cores = plan.initializers.flatMap((step) =>
    step.kind === 'instantiate-module' && step.componentInstance === index
      ? [html('li', {}, `core module ${moduleTitle(plan, step.module)}`)]
      : [],
  );
  const children = plan.componentInstances.flatMap(({ parent }, i) =>
    parent === index ? [tree(plan, i as ComponentInstanceIndex)] : [],
  );
  return html(
    'li',
    {},
    html('strong', {}, instanceTitle(plan, index)),
    html('small', {}, ` component instance ${index}`),
    html('ul', {}, ...cores, ...children),
  );
}

/** The colours, with what they mean. */
const legend: readonly (readonly [string, string])[] = [
  ['import', 'import: what the component asks its host for'],
  ['trampolines', 'trampoline: a small function that Gangway writes so that core code can call the host'],
  ['core', 'core instance: ordinary WebAssembly, with its own memory'],
  ['adapter', 'adapter: a function that Gangway writes to carry a call from one component to another'],
  ['export', 'export: what you can call'],
];

export function structurePane(plan: ComponentPlan, openCode: (name: string) => void): HTMLElement {
  const { componentInstances, modules, trampolines, adapters } = plan;
  const sums = [
    count(componentInstances.length, 'component instance'),
    count(modules.length, 'core module'),
    count(trampolines.length, 'trampoline'),
    count(adapters.length, 'adapter'),
  ];
  return html(
    'div',
    { class: 'structure' },
    html(
      'p',
      { class: 'hint' },
      'A component wraps core WebAssembly modules and says how they are connected. ',
      'Arrows go from what supplies something to what uses it; the thicker, the more. ',
      'Hover a box for all it stands for; choose a trampoline or an adapter to read its code.',
    ),
    html('p', {}, sums.join(', '), '.'),
    html('ul', { class: 'legend' }, ...legend.map(([kind, text]) => html('li', { class: `key ${kind}` }, text))),
    html(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Diagram' },
      drawGraph(graphOf(plan), openCode),
    ),
    html('h2', {}, 'What is inside what'),
    html('ul', { class: 'tree' }, tree(plan, 0 as ComponentInstanceIndex)),
  );
}
