/**
 * A plan as JSON text, and back. Everything in a plan is JSON but the limits of memories and tables in core module types,
 * which are bigints: they are written as strings of digits, under the keys `min` and `max`, which nothing else has.
 */
import type { ComponentPlan } from './plan.ts';
import { PLAN_VERSION } from './plan.ts';

/** A plan, or data with plans in it. One line, or indented by `indent` spaces. */
export function stringifyPlan(plan: ComponentPlan | object, indent = 0): string {
  return JSON.stringify(plan, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value), indent);
}

/** The plan that {@link stringifyPlan} wrote. `RangeError` for one of another version; nothing else is checked. */
export function parsePlan(text: string): ComponentPlan {
  const plan = readPlanJson(text) as ComponentPlan;
  if (plan.version !== PLAN_VERSION) {
    throw new RangeError(`the plan has version ${String(plan.version)}, this is a host for version ${PLAN_VERSION}`);
  }
  return plan;
}

/** Whatever {@link stringifyPlan} wrote; nothing is checked. */
export function readPlanJson(text: string): unknown {
  // Most plans have no limits, and a parser that calls back for every key takes several times as long.
  if (!text.includes('"limits":')) return JSON.parse(text) as unknown;
  return JSON.parse(text, (key, value: unknown) =>
    (key === 'min' || key === 'max') && typeof value === 'string' ? BigInt(value) : value,
  ) as unknown;
}
