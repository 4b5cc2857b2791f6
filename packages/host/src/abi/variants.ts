/** How the cases of variants, enums, options and results are named in JavaScript. */
import type { AbiVariant } from '@gangway/component/abi';

/**
 * Whether an option is `{ tag, val }` in JavaScript: one whose payload is an option itself, since `undefined` could mean
 * either. Others are `undefined` or the value.
 */
export function isTaggedOption(plan: AbiVariant): boolean {
  return plan.kind === 'option' && plan.cases[1]?.type?.kind === 'option';
}

const resultNames = ['ok', 'err'] as const;

/** The tags, by case index; enum names for an enum. */
export function caseNames(plan: AbiVariant): readonly string[] {
  return plan.kind === 'result' ? resultNames : plan.cases.map((item) => item.name);
}

/** How a message names the choice of an enum or variant. */
export function choiceText(names: readonly string[]): string {
  return `one of ${names.map((name) => JSON.stringify(name)).join(', ')}`;
}
