/** The printed layouts: they say what the layout says, and the map is to scale. */
import {
  callFrameTable,
  handleSlotTable,
  type Layout,
  type LayoutTable,
  layoutJson,
  layoutSvg,
  layoutText,
  meaningOf,
  spilledValueTable,
  storeContextLayout,
  storeContextTable,
  tableMarkdown,
  type VmctxCounts,
  vmctxLayout,
  vmctxTable,
} from '@gangway/offsets';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const counts: VmctxCounts = {
  componentInstances: 2,
  trampolines: 5,
  intrinsics: 0,
  lowerings: 4,
  memories: 1,
  tables: 1,
  reallocs: 2,
  callbacks: 0,
  postReturns: 3,
  resources: 1,
};
const tiny = {
  ...counts,
  componentInstances: 1,
  trampolines: 0,
  lowerings: 0,
  memories: 0,
  tables: 0,
  reallocs: 0,
  postReturns: 0,
  resources: 0,
};

const layouts: [string, Layout][] = [
  ['tiny', vmctxLayout({ pointerSize: 4, counts: tiny })],
  ['ordinary', vmctxLayout({ pointerSize: 4, counts })],
  ['wide pointers', vmctxLayout({ pointerSize: 8, counts })],
  ['thousands', vmctxLayout({ pointerSize: 8, counts: { ...counts, trampolines: 3000, postReturns: 5000 } })],
  ['gigabytes', vmctxLayout({ pointerSize: 8, counts: { ...counts, trampolines: 5e7, postReturns: 1e8 } })],
  ['store context', storeContextLayout(8)],
];

interface Element {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A strict little XML reader: one root, tags that match, quoted attributes, no stray markup. Returns all elements. */
function parseXml(xml: string): Element[] {
  const open: string[] = [];
  const elements: Element[] = [];
  const token = /<(\/?)([a-z]+)((?: [a-zA-Z-]+="[^"<>]*")*)(\/?)>|([^<]+)/gy;
  let end = 0;
  let roots = 0;
  for (let m = token.exec(xml); m; m = token.exec(xml)) {
    end = token.lastIndex;
    const [, close, tag = '', list = '', selfClosing, text] = m;
    if (text !== undefined) {
      assert.not(/[>]|&(?!(amp|lt|gt|quot);)/.test(text), `stray markup in text: ${text}`);
      if (open.length === 0) assert.is(text.trim(), '');
    } else if (close === '/') {
      assert.is(open.pop(), tag);
    } else {
      if (open.length === 0) roots += 1;
      const attributes: Record<string, string> = {};
      for (const [, key = '', value = ''] of list.matchAll(/ ([a-zA-Z-]+)="([^"]*)"/g)) {
        assert.not(Object.hasOwn(attributes, key), `${key} twice`);
        attributes[key] = value;
      }
      elements.push({ tag, attributes });
      if (selfClosing !== '/') open.push(tag);
    }
  }
  assert.is(end, xml.length, 'the document ends in the middle of something');
  assert.equal(open, []);
  assert.is(roots, 1);
  return elements;
}

test('the XML reader of this test refuses what is not well-formed', () => {
  for (const bad of [
    '<a><b></a></b>',
    '<a>',
    '<a b=c/>',
    '<a/><b/>',
    '<a>&nbsp;</a>',
    '<a b="1" b="2"/>',
    '<a>x > y</a>',
  ]) {
    // Not assert.throws: that lets uvu's own assertion errors pass.
    let refused = false;
    try {
      parseXml(bad);
    } catch {
      refused = true;
    }
    assert.ok(refused, bad);
  }
});

for (const [name, layout] of layouts) {
  test(`svg of ${name}: well-formed, and every field is drawn to scale where it lies`, () => {
    const elements = parseXml(layoutSvg(layout));
    const root = elements[0]?.attributes ?? {};
    const scale = Number(root['data-pixels-per-byte']);
    const rowBytes = Number(root['data-row-bytes']);
    const rowHeight = Number(root['data-row-height']);
    assert.ok(scale > 0 && rowBytes >= 16);
    const close = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-6 + Math.abs(b) * 1e-9;
    const drawn = new Map<string, number>();
    const rects = elements.filter((e) => e.attributes['data-field'] !== undefined);
    const origin = elements.find((e) => e.attributes['data-extent'] === 'block')?.attributes ?? {};
    for (const { attributes: a } of rects) {
      const field = a['data-field'] as string;
      const bytes = Number(a['data-bytes']);
      const offset = Number(a['data-offset']);
      const width = Number(a['width']);
      const height = Number(a['height']);
      // Area is proportional to bytes; position says the offset.
      assert.ok(close(width * height, bytes * scale * rowHeight), `${field}: area of ${bytes} bytes`);
      assert.ok(close(Number(a['x']), Number(origin['x']) + (offset % rowBytes) * scale), `${field}: x of ${offset}`);
      assert.ok(close(Number(a['y']), Number(origin['y']) + Math.floor(offset / rowBytes) * rowHeight), `${field}: y`);
      assert.is(offset, (layout.fields.find((f) => f.name === field)?.offset ?? Number.NaN) + (drawn.get(field) ?? 0));
      drawn.set(field, (drawn.get(field) ?? 0) + bytes);
    }
    for (const f of layout.fields) assert.is(drawn.get(f.name) ?? 0, f.count * f.stride, f.name);
    // Everything is inside the picture, and the picture stays a page.
    const width = Number(root['width']);
    const height = Number(root['height']);
    for (const { tag, attributes: a } of elements) {
      if (tag !== 'rect') continue;
      assert.ok(
        Number(a['x'] ?? 0) + Number(a['width']) <= width && Number(a['y'] ?? 0) + Number(a['height']) <= height,
      );
    }
    assert.ok(height < 1800, `${height} pixels high`);
    assert.ok(layoutSvg(layout).length < 400_000);
    const legend = elements
      .filter((e) => e.attributes['data-legend'] !== undefined)
      .map((e) => e.attributes['data-legend']);
    assert.equal(
      legend,
      layout.fields.map((f) => f.name),
    );
  });

  test(`text and JSON of ${name} say what the layout says`, () => {
    const text = layoutText(layout);
    const lines = text.split('\n');
    for (const line of lines) assert.ok(line.length <= 150, line);
    assert.is(lines[0], `${layout.name}: ${layout.size} bytes, pointer size ${layout.pointerSize}`);
    for (const f of layout.fields) {
      const line = lines.find((l) => l.includes(` ${f.name} `)) ?? '';
      const words = line.trim().split(/\s+/);
      assert.equal(
        words.slice(0, 3),
        [String(f.offset), `0x${f.offset.toString(16)}`, String(f.count * f.stride)],
        f.name,
      );
      assert.ok(line.includes(`${f.count} × ${f.stride}`), f.name);
      for (const word of meaningOf(layout, f).text.split(' ')) assert.ok(text.includes(word), word);
    }
    const json = JSON.parse(JSON.stringify(layoutJson(layout))) as {
      size: number;
      fields: { name: string; offset: number }[];
    };
    assert.is(json.size, layout.size);
    assert.equal(
      json.fields.map((f) => [f.name, f.offset]),
      layout.fields.map((f) => [f.name, f.offset]),
    );
  });
}

test('markdown: a row a field, with both pointer sizes, writer and reader', () => {
  for (const table of [vmctxTable, storeContextTable, callFrameTable, spilledValueTable, handleSlotTable]) {
    const [head, rule, ...rows] = tableMarkdown(table as LayoutTable)
      .trimEnd()
      .split('\n');
    assert.is(head?.split('|').length, rule?.split('|').length);
    assert.is(rows.length, table.fields.length);
    for (const [i, row] of rows.entries()) {
      const cells = row.split(' | ');
      assert.is(cells.length, 7, row);
      assert.is(cells[0], `| \`${table.fields[i]?.name}\``);
      // Every slot has someone who writes it and someone who reads it.
      for (const cell of cells) assert.ok(cell.trim() !== '', row);
    }
  }
  const text = tableMarkdown(vmctxTable);
  assert.match(text, /\| `trampoline_func_refs` \| 16 \/ 32 \| trampolines \| 4 \/ 8 \|/);
  assert.match(text, /\| `flags` \| 16 \| componentInstances \| 16 \|/);
  assert.match(text, /\| `tables` \| 12 \/ 24 \|/);
});

test.run();
