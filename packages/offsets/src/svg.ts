/**
 * A layout as a memory map. In: a `Layout`. Out: one SVG document as a string.
 *
 * The map is a grid of rows; a row is as many bytes as it takes to stay within 40 rows, so a block of 60 bytes and one
 * of 2 GB both fit on a page. Every rectangle is to scale: `width` × `rows` is proportional to bytes, never rounded up.
 * What gets too narrow to see at that scale is in the legend with its offset and size, and its element is drawn there
 * at a scale of its own.
 *
 * Rejected: one long bar (the vmctx of an ordinary component has 20 bytes of head and kilobytes of func refs).
 */
import type { FieldLayout, Layout } from './layout.ts';
import { meaningOf } from './meanings.ts';
import { hex } from './print.ts';

const MAP_WIDTH = 768;
const LEFT = 150;
const MAX_ROWS = 40;
const ROW_HEIGHT = 22;
const LEGEND_ROW = 46;
/** Pixels a byte in the legend's drawing of one element: 32 bytes fit beside the text. */
const ELEMENT_SCALE = 5;

const colours = [
  '#f4a261',
  '#e9c46a',
  '#f6bd60',
  '#8ecae6',
  '#bde0fe',
  '#a3b18a',
  '#b7e4c7',
  '#cdb4db',
  '#ffafcc',
  '#ffc8dd',
  '#90dbf4',
  '#98f5e1',
  '#b9fbc0',
  '#d4a373',
];

const colour = (index: number): string => colours[index % colours.length] ?? '#cccccc';

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** Enough digits to stay to scale, few enough to read. */
function px(n: number): string {
  return String(Number(n.toPrecision(12)));
}

/** A run of bytes inside one row or over whole rows. Rows and bytes, not pixels. */
interface Run {
  readonly row: number;
  readonly rows: number;
  readonly start: number;
  readonly bytes: number;
}

/** Splits a byte range into at most three runs: the rest of its first row, whole rows, the start of its last row. */
function runs(offset: number, bytes: number, rowBytes: number): Run[] {
  const out: Run[] = [];
  let at = offset;
  let left = bytes;
  while (left > 0) {
    const row = Math.floor(at / rowBytes);
    const start = at % rowBytes;
    if (start === 0 && left >= rowBytes) {
      const rows = Math.floor(left / rowBytes);
      out.push({ row, rows, start, bytes: rowBytes });
      at += rows * rowBytes;
      left -= rows * rowBytes;
    } else {
      const here = Math.min(left, rowBytes - start);
      out.push({ row, rows: 1, start, bytes: here });
      at += here;
      left -= here;
    }
  }
  return out;
}

/** Cuts a label to what fits into `width` pixels of 11-pixel monospace; empty when nothing sensible does. */
function fit(label: string, width: number): string {
  const room = Math.floor((width - 6) / 6.7);
  if (room >= label.length) return label;
  return room >= 4 ? `${label.slice(0, room - 1)}…` : '';
}

/** The longest of `field[i].part`, `[i].part`, `.part` that fits. */
function partLabel(field: FieldLayout, i: number, part: string, width: number): string {
  const own = part === field.name || field.parts.length === 1 ? '' : `.${part}`;
  const index = field.spec.count === 1 ? '' : `[${i}]`;
  const labels = [`${field.name}${index}${own}`, `${index}${own}`, own === '' ? index : own];
  return labels.find((label) => label !== '' && fit(label, width) === label) ?? fit(labels[0] ?? '', width);
}

/** Bytes in a row: a power of two, at least 16. */
function bytesPerRow(size: number): number {
  let bytes = 16;
  while (Math.ceil(size / bytes) > MAX_ROWS) bytes *= 2;
  return bytes;
}

/** Writes the map. The rectangles carry `data-field`, `data-offset` and `data-bytes`; the scale is on the root. */
export function layoutSvg(layout: Layout): string {
  const rowBytes = bytesPerRow(layout.size);
  const scale = MAP_WIDTH / rowBytes;
  const mapRows = Math.max(1, Math.ceil(layout.size / rowBytes));
  const top = 76;
  const mapHeight = mapRows * ROW_HEIGHT;
  const legendTop = top + mapHeight + 48;
  const width = LEFT + MAP_WIDTH + 30;
  const height = legendTop + layout.fields.length * LEGEND_ROW + 24;
  const out: string[] = [];
  const text = (x: number, y: number, kind: string, body: string): void => {
    out.push(`<text x="${px(x)}" y="${px(y)}" class="${kind}">${escapeXml(body)}</text>`);
  };
  const box = (x: number, y: number, w: number, h: number, attributes: string): void => {
    out.push(`<rect x="${px(x)}" y="${px(y)}" width="${px(w)}" height="${px(h)}" ${attributes}/>`);
  };

  out.push(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" data-row-bytes="${rowBytes}" data-pixels-per-byte="${px(scale)}" data-row-height="${ROW_HEIGHT}">`,
    `<title>${escapeXml(layout.name)}, ${layout.size} bytes</title>`,
    '<style>text{font:12px ui-monospace,Menlo,Consolas,monospace;fill:#222}.title{font-size:18px;font-weight:600}.small{font-size:11px;fill:#555}.cell{font-size:11px}.right{font-size:11px;fill:#555;text-anchor:end}.map{stroke:#444;stroke-width:.6}.part{fill:none;stroke:#444;stroke-width:.35}</style>',
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
  );
  text(
    16,
    30,
    'title',
    `${layout.name}: ${layout.size} bytes (${hex(layout.size)}), pointer size ${layout.pointerSize}`,
  );
  text(16, 52, 'small', `one row = ${rowBytes} bytes (${hex(rowBytes)}); widths are to scale; white = padding`);

  // The block's own extent, so that padding shows as white and the last row ends where the block does.
  for (const run of runs(0, layout.size, rowBytes)) {
    box(
      LEFT + run.start * scale,
      top + run.row * ROW_HEIGHT,
      run.bytes * scale,
      run.rows * ROW_HEIGHT,
      'fill="#fff" class="map" data-extent="block"',
    );
  }
  for (let row = 0; row < mapRows; row += 1) {
    const offset = row * rowBytes;
    text(LEFT - 8, top + row * ROW_HEIGHT + 15, 'right', `${offset} ${hex(offset)}`);
  }
  layout.fields.forEach((field, index) => {
    drawField(field, index, rowBytes, scale, top, box, text);
  });

  text(16, legendTop - 16, 'cell', 'fields, in order of their offset (drawn beside each: one element and its parts)');
  layout.fields.forEach((field, index) => {
    const y = legendTop + index * LEGEND_ROW;
    const bytes = field.count * field.stride;
    const drawn = bytes * scale;
    box(16, y, 14, 14, `fill="${colour(index)}" class="map" data-legend="${escapeXml(field.name)}"`);
    const hidden = field.count > 0 && drawn < 1 ? ' · too narrow to see above' : '';
    const where = field.count === 0 ? 'none' : `${field.offset} (${hex(field.offset)}) … ${field.offset + bytes}`;
    text(
      38,
      y + 11,
      'cell',
      `${field.name}: ${where}, ${field.count} × ${field.stride} = ${bytes} bytes, align ${field.align}`,
    );
    text(
      38,
      y + 27,
      'small',
      fit(`${meaningOf(layout, field).text}${hidden}`, LEFT + MAP_WIDTH - 38 - 32 * ELEMENT_SCALE),
    );
    const right = LEFT + MAP_WIDTH - 32 * ELEMENT_SCALE;
    for (const part of field.parts) {
      const fill = part.kind === 'spare' ? '#eee' : colour(index);
      const label = `${field.name}.${part.name}: ${part.size} bytes at +${part.offset}`;
      out.push(
        `<rect x="${px(right + part.offset * ELEMENT_SCALE)}" y="${y - 2}" width="${px(part.size * ELEMENT_SCALE)}" height="16" fill="${fill}" class="map" data-part="${escapeXml(part.name)}"><title>${escapeXml(label)}</title></rect>`,
      );
    }
  });
  out.push('</svg>');
  return `${out.join('\n')}\n`;
}

type Box = (x: number, y: number, w: number, h: number, attributes: string) => void;
type Text = (x: number, y: number, kind: string, body: string) => void;

function drawField(
  field: FieldLayout,
  index: number,
  rowBytes: number,
  scale: number,
  top: number,
  box: Box,
  text: Text,
): void {
  const pieces = runs(field.offset, field.count * field.stride, rowBytes);
  for (const run of pieces) {
    const attributes = `fill="${colour(index)}" class="map" data-field="${escapeXml(field.name)}" data-offset="${run.row * rowBytes + run.start}" data-bytes="${run.rows * run.bytes}"`;
    box(LEFT + run.start * scale, top + run.row * ROW_HEIGHT, run.bytes * scale, run.rows * ROW_HEIGHT, attributes);
  }
  // Parts where they are wide enough to read; otherwise the field's name, once, in its widest piece.
  if (4 * scale >= 28) {
    for (let i = 0; i < field.count; i += 1) {
      for (const part of field.parts) {
        for (const run of runs(field.offset + i * field.stride + part.offset, part.size, rowBytes)) {
          const x = LEFT + run.start * scale;
          const y = top + run.row * ROW_HEIGHT;
          box(x, y, run.bytes * scale, ROW_HEIGHT, `class="part" data-element="${i}"`);
          const label = part.kind === 'spare' ? '' : partLabel(field, i, part.name, run.bytes * scale);
          if (label !== '') text(x + 3, y + 15, 'cell', label);
        }
      }
    }
    return;
  }
  const widest = pieces.toSorted((a, b) => b.bytes * b.rows - a.bytes * a.rows)[0];
  if (!widest) return;
  const label = fit(field.name, widest.bytes * scale);
  if (label !== '') {
    text(LEFT + widest.start * scale + 3, top + (widest.row + (widest.rows - 1) / 2) * ROW_HEIGHT + 15, 'cell', label);
  }
}
