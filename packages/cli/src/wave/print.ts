/**
 * A JavaScript value as WAVE text. In: a value as the host maps it, and its component type. Out: one line that `parse.ts`
 * reads back to an equal value.
 *
 * What has no text (a resource, a stream) is printed as its type in angle brackets: for people only.
 */
import type { ValueInfo } from '@gangway/host';
import { isTagged, keywords, propertyNames } from './syntax.ts';

export function printValue(type: ValueInfo, value: unknown): string {
  switch (type.kind) {
    case 'bool':
    case 's8':
    case 'u8':
    case 's16':
    case 'u16':
    case 's32':
    case 'u32':
    case 's64':
    case 'u64':
      return String(value);
    case 'f32':
      return printFloat(value as number, shortestF32);
    case 'f64':
      return printFloat(value as number, String);
    case 'char':
      return `'${escaped(value as string, "'")}'`;
    case 'string':
      return `"${escaped(value as string, '"')}"`;
    case 'list': {
      const items = [...(value as Iterable<unknown>)].map((item) => printValue(type.element, item));
      return `[${items.join(', ')}]`;
    }
    case 'map': {
      const pairs = [...(value as Map<unknown, unknown>)];
      return `[${pairs.map(([k, v]) => `(${printValue(type.key, k)}, ${printValue(type.value, v)})`).join(', ')}]`;
    }
    case 'tuple': {
      const items = type.types.map((one, i) => printValue(one, (value as readonly unknown[])[i]));
      return `(${items.join(', ')})`;
    }
    case 'record': {
      const properties = propertyNames(type.fields.map((field) => field.name));
      const fields = type.fields.map(
        (field, i) => `${printLabel(field.name)}: ${printValue(field.type, property(value, properties[i] as string))}`,
      );
      return `{${fields.join(', ')}}`;
    }
    case 'flags': {
      const properties = propertyNames(type.names);
      const set = type.names.filter((_, i) => property(value, properties[i] as string) === true);
      return `{${set.map(printLabel).join(', ')}}`;
    }
    case 'enum':
      return printLabel(value as string);
    case 'variant': {
      const { tag, val } = value as { readonly tag: string; readonly val?: unknown };
      const payload = type.cases.find((one) => one.name === tag)?.type ?? null;
      return payload === null ? printLabel(tag) : `${printLabel(tag)}(${printValue(payload, val)})`;
    }
    case 'option': {
      if (!isTagged(type)) {
        return value === undefined || value === null ? 'none' : `some(${printValue(type.type, value)})`;
      }
      const { tag, val } = value as { readonly tag: string; readonly val?: unknown };
      return tag === 'none' ? 'none' : `some(${printValue(type.type, val)})`;
    }
    case 'result': {
      const { tag, val } = value as { readonly tag: 'ok' | 'err'; readonly val?: unknown };
      const payload = type[tag];
      return payload === null ? tag : `${tag}(${printValue(payload, val)})`;
    }
    case 'own':
    case 'borrow':
      return `<${type.kind} ${type.resource.name ?? 'resource'}>`;
    case 'stream':
    case 'future':
    case 'error-context':
      return `<${type.kind}>`;
    default:
      return type satisfies never;
  }
}

/** An own property: what a component calls `constructor` is not what `Object.prototype` does. */
function property(object: unknown, name: string): unknown {
  return Object.hasOwn(object as object, name) ? (object as Record<string, unknown>)[name] : undefined;
}

function printLabel(name: string): string {
  return keywords.has(name) ? `%${name}` : name;
}

function printFloat(value: number, digits: (value: number) => string): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return Object.is(value, -0) ? '-0' : digits(value);
}

/** The shortest decimal that rounds to this f32: `0.1` rather than `0.10000000149011612`. */
function shortestF32(value: number): string {
  for (let precision = 1; precision <= 9; precision += 1) {
    const text = String(Number(value.toPrecision(precision)));
    if (Math.fround(Number(text)) === value) return text;
  }
  return String(value);
}

const shortEscapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** Inside quotes: escapes the quote, the backslash and what is not visible. */
function escaped(text: string, quote: string): string {
  let out = '';
  for (const char of text) {
    if (char === quote) out += `\\${char}`;
    else if (Object.hasOwn(shortEscapes, char)) out += shortEscapes[char];
    else if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(char)) out += `\\u{${(char.codePointAt(0) as number).toString(16)}}`;
    else out += char;
  }
  return out;
}
