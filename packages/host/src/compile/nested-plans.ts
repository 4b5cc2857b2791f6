/** Exported components. In: a plan. Out: the plans inside it. */
import type { ComponentPlan } from '@gangway/component/plan';

/** The exported components of a plan that have plans of their own, with the names that lead to each. */
export function nestedPlans(
  plan: ComponentPlan,
): { readonly component: ComponentPlan; readonly path: readonly string[] }[] {
  const found: { component: ComponentPlan; path: readonly string[] }[] = [];
  const visit = (exports: ComponentPlan['exports'], path: readonly string[]): void => {
    for (const exported of exports) {
      const inner = [...path, exported.name];
      if (exported.kind === 'instance') visit(exported.exports, inner);
      if (exported.kind === 'component' && !('import' in exported.component)) {
        found.push({ component: exported.component, path: inner });
      }
    }
  };
  visit(plan.exports, []);
  return found;
}
