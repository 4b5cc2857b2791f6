/** Types of values for people, and values to begin with. In: a reflected type. Out: WIT-like text; a WAVE text of it. */
import type { ValueInfo } from '@gangway/host';

/** `list<tuple<u8, string>>`; records and the like are written out. */
export function typeText(type: ValueInfo | null): string {
  if (type === null) return '_';
  switch (type.kind) {
    case 'list':
      return type.length === null
        ? `list<${typeText(type.element)}>`
        : `list<${typeText(type.element)}, ${type.length}>`;
    case 'record':
      return `record { ${type.fields.map((field) => `${field.name}: ${typeText(field.type)}`).join(', ')} }`;
    case 'tuple':
      return `tuple<${type.types.map(typeText).join(', ')}>`;
    case 'variant':
      return `variant { ${type.cases.map((one) => (one.type === null ? one.name : `${one.name}(${typeText(one.type)})`)).join(', ')} }`;
    case 'enum':
    case 'flags':
      return `${type.kind} { ${type.names.join(', ')} }`;
    case 'option':
      return `option<${typeText(type.type)}>`;
    case 'result':
      if (type.ok === null && type.err === null) return 'result';
      return type.err === null ? `result<${typeText(type.ok)}>` : `result<${typeText(type.ok)}, ${typeText(type.err)}>`;
    case 'map':
      return `map<${typeText(type.key)}, ${typeText(type.value)}>`;
    case 'own':
    case 'borrow':
      return type.kind === 'own' ? (type.resource.name ?? 'resource') : `borrow<${type.resource.name ?? 'resource'}>`;
    case 'stream':
    case 'future':
      return type.element === null ? type.kind : `${type.kind}<${typeText(type.element)}>`;
    default:
      return type.kind;
  }
}

/** A small value of the type, in WAVE. What has no text (a resource, a stream) is empty. */
export function sampleText(type: ValueInfo): string {
  switch (type.kind) {
    case 'bool':
      return 'false';
    case 'char':
      return "'a'";
    case 'string':
      return '"hello"';
    case 'f32':
    case 'f64':
      return '0.5';
    case 'list':
      return `[${Array.from({ length: type.length ?? 1 }, () => sampleText(type.element)).join(', ')}]`;
    case 'map':
      return `[(${sampleText(type.key)}, ${sampleText(type.value)})]`;
    case 'record':
      return `{${type.fields.map((field) => `${field.name}: ${sampleText(field.type)}`).join(', ')}}`;
    case 'tuple':
      return `(${type.types.map(sampleText).join(', ')})`;
    case 'variant': {
      const [first] = type.cases;
      if (first === undefined) return '';
      return first.type === null ? first.name : `${first.name}(${sampleText(first.type)})`;
    }
    case 'enum':
      return type.names[0] ?? '';
    case 'flags':
      return '{}';
    case 'option':
      return 'none';
    case 'result':
      return type.ok === null ? 'ok' : `ok(${sampleText(type.ok)})`;
    case 'own':
    case 'borrow':
    case 'stream':
    case 'future':
    case 'error-context':
      return '';
    default:
      return '1';
  }
}
