/**
 * Types as WIT-like text, for messages: `func(points: list<record { x: u32, y: u32 }>) -> result<string, error-code>`.
 * In: a plan and an index. Out: one line.
 */
import type { ComponentPlan, ExternType, FuncTypeIndex, ResourceIndex, TypeIndex } from '@gangway/component/plan';

/** Deeper types end in `…`: a message is to be read. */
const MAX_DEPTH = 6;

export function funcTypeText(plan: ComponentPlan, index: FuncTypeIndex): string {
  const type = plan.funcTypes[index]!;
  const params = type.params.map((param) => `${param.name}: ${typeText(plan, param.type)}`).join(', ');
  const result = type.result === null ? '' : ` -> ${typeText(plan, type.result)}`;
  return `${type.async ? 'async ' : ''}func(${params})${result}`;
}

export function resourceText(plan: ComponentPlan, index: ResourceIndex): string {
  return plan.resources[index]!.name ?? `resource-${index}`;
}

export function typeText(plan: ComponentPlan, index: TypeIndex, depth = 0): string {
  if (depth > MAX_DEPTH) return '…';
  const type = plan.types[index]!;
  const inner = (part: TypeIndex): string => typeText(plan, part, depth + 1);
  switch (type.kind) {
    case 'list':
      return type.length === null ? `list<${inner(type.element)}>` : `list<${inner(type.element)}, ${type.length}>`;
    case 'record':
      return `record { ${type.fields.map((field) => `${field.name}: ${inner(field.type)}`).join(', ')} }`;
    case 'tuple':
      return `tuple<${type.types.map(inner).join(', ')}>`;
    case 'variant': {
      const cases = type.cases.map((c) => (c.type === null ? c.name : `${c.name}(${inner(c.type)})`));
      return `variant { ${cases.join(', ')} }`;
    }
    case 'enum':
    case 'flags':
      return `${type.kind} { ${type.names.join(', ')} }`;
    case 'option':
      return `option<${inner(type.type)}>`;
    case 'result': {
      if (type.ok === null && type.err === null) return 'result';
      const ok = type.ok === null ? '_' : inner(type.ok);
      return type.err === null ? `result<${ok}>` : `result<${ok}, ${inner(type.err)}>`;
    }
    case 'map':
      return `map<${inner(type.key)}, ${inner(type.value)}>`;
    case 'own':
      return resourceText(plan, type.resource);
    case 'borrow':
      return `borrow<${resourceText(plan, type.resource)}>`;
    case 'stream':
    case 'future':
      return type.element === null ? type.kind : `${type.kind}<${inner(type.element)}>`;
    default:
      return type.kind;
  }
}

export function externTypeText(plan: ComponentPlan, type: ExternType): string {
  switch (type.kind) {
    case 'func':
      return funcTypeText(plan, type.type);
    case 'instance':
      return `instance { ${type.exports.map((e) => `${e.name}: ${externTypeText(plan, e.type)}`).join('; ')} }`;
    case 'component':
      return 'component';
    case 'core-module':
      return 'core module';
    case 'type':
      return `type ${typeText(plan, type.type)}`;
    case 'resource':
      return `resource ${resourceText(plan, type.resource)}`;
    case 'value':
      return `value ${typeText(plan, type.type)}`;
    default:
      return type satisfies never;
  }
}
