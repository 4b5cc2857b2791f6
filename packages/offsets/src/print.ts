/** Layouts as text and JSON, tables as Markdown. In: a `Layout` or a table. Out: text that depends on nothing else. */
import { type FieldLayout, type Layout, type LayoutTable, layOut } from './layout.ts';
import { meaningOf } from './meanings.ts';

export function hex(n: number): string {
  return `0x${n.toString(16)}`;
}

/** What one element looks like: `{callee, data}`; empty for a field of one part that has the field's own name. */
function shape(field: FieldLayout): string {
  const parts = field.parts.filter((part) => part.kind !== 'spare');
  return parts.length > 1 ? `{${parts.map((part) => `${part.name}: ${part.size}`).join(', ')}}` : '';
}

/** Columns that the meaning may take; longer texts go on below. */
const MEANING_WIDTH = 64;

function wrap(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > MEANING_WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** A table of aligned columns: offset, bytes, count × element, alignment, field, meaning. Ends with a newline. */
export function layoutText(layout: Layout): string {
  const rows: string[][] = [['offset', '', 'bytes', 'count × one', 'align', 'field', 'meaning']];
  for (const f of layout.fields) {
    const [first = '', ...more] = [...wrap(meaningOf(layout, f).text), ...wrap(shape(f)).filter((line) => line !== '')];
    rows.push([
      String(f.offset),
      hex(f.offset),
      String(f.count * f.stride),
      `${f.count} × ${f.stride}`,
      String(f.align),
      f.name,
      first,
    ]);
    for (const line of more) rows.push(['', '', '', '', '', '', line]);
  }
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  /** Figures are aligned to the right. */
  const firstText = 5;
  const lines = rows.map((row) =>
    row
      .map((text, i) => (i < firstText ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  const title = `${layout.name}: ${layout.size} bytes, pointer size ${layout.pointerSize}`;
  return `${[title, '', ...lines].join('\n')}\n`;
}

/** The layout as plain data, for `JSON.stringify`. */
export function layoutJson(layout: Layout): object {
  return {
    name: layout.name,
    pointerSize: layout.pointerSize,
    size: layout.size,
    fields: layout.fields.map((f) => ({
      name: f.name,
      offset: f.offset,
      count: f.count,
      stride: f.stride,
      bytes: f.count * f.stride,
      align: f.align,
      parts: f.parts.map((p) => ({ name: p.name, offset: p.offset, size: p.size, kind: p.kind })),
      meaning: meaningOf(layout, f).text,
      writer: meaningOf(layout, f).writer,
      reader: meaningOf(layout, f).reader,
    })),
  };
}

/** Bytes of one element with 4- and 8-byte pointers: `16 / 32`, or one figure when they agree. */
function bothSizes(four: number, eight: number): string {
  return four === eight ? String(four) : `${four} / ${eight}`;
}

/**
 * A table of fields as Markdown, for documentation: every field with its size, alignment, count, meaning, and who writes
 * and reads it. Where pointer sizes 4 and 8 differ, both are given.
 */
export function tableMarkdown<Count extends string>(table: LayoutTable<Count>): string {
  const names = table.fields.flatMap(({ count }) => (typeof count === 'string' ? [count] : []));
  const one = Object.fromEntries(names.map((name) => [name, 1])) as Record<Count, number>;
  const four = layOut(table, 4, one).fields;
  const eight = layOut(table, 8, one).fields;
  const rows = table.fields.map((spec, i) => {
    const [a, b] = [four[i] as FieldLayout, eight[i] as FieldLayout];
    const { text, writer, reader } = meaningOf(table, spec);
    const cells = [
      `\`${spec.name}\``,
      bothSizes(a.stride, b.stride),
      String(spec.count),
      bothSizes(a.align, b.align),
      text,
      writer,
      reader,
    ];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  const head = ['field', 'bytes', 'count', 'alignment', 'meaning', 'written by', 'read by'];
  return `${[`| ${head.join(' | ')} |`, `|${head.map(() => '---').join('|')}|`, ...rows].join('\n')}\n`;
}
