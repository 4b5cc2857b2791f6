/**
 * In: a plan. Out: declarations of the ES module that stands for the component: those of `gangway types`, and the exports of
 * the module itself.
 */
import { quote } from '@gangway/component/names';
import type { ComponentPlan } from '@gangway/component/plan';
import { typescriptDeclarations } from '@gangway/component/reflect';
import { exportName, moduleExports } from './module-exports.ts';

export function moduleDeclarations(plan: ComponentPlan, name: string): string {
  const types = typescriptDeclarations(plan, { name });
  // Classes of the root's own resources are there already.
  const classes = new Set([...types.matchAll(/^export class ([^\s{<]+)/gm)].map(([, declared]) => declared));
  const lines = moduleExports(plan).flatMap(({ property, names }, i) => {
    if (classes.has(property)) return [];
    const clause = names.map((one) => `export${i} as ${exportName(one)}`).join(', ');
    return [`declare const export${i}: Exports[${quote(property)}];`, `export { ${clause} };`];
  });
  return `${[types.trimEnd(), '', '/** What the module exports: the members of `Exports`. */', ...lines].join('\n')}\n`;
}
