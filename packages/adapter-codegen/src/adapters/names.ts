/** Names of types for the helpers of an adapter module: short, readable, and legal in the text format. */
import type { AbiPlan } from '@gangway/component/abi';

/** `u8`, `list<string>`, `record_12`: what has a structure of its own is told apart by its index. */
export function nameOf(plan: AbiPlan): string {
  if (plan.kind === 'list') return `list<${nameOf(plan.element)}>${plan.length === null ? '' : `*${plan.length}`}`;
  if (plan.kind === 'map') return `map<${plan.element.fields.map((field) => nameOf(field.type)).join('.')}>`;
  if (plan.kind === 'option') return `option<${payloadName(plan.cases[1]?.type)}>`;
  if ('fields' in plan || 'cases' in plan || 'names' in plan || 'resource' in plan) {
    return plan.type < 0 ? plan.kind : `${plan.kind}_${plan.type}`;
  }
  return plan.kind;
}

function payloadName(plan: AbiPlan | null | undefined): string {
  return plan === null || plan === undefined ? '' : nameOf(plan);
}
