/**
 * The forms of lift and lower. An export or a callee is specialised for its type in one of three ways: as generated code
 * that is evaluated, as closures, or as generated code that was written into an ES module ahead of time. All give the same
 * makers; this file states what they share, and how generated code is kept.
 *
 * Lists of functions are in the plan's order: `liftedExports` for exports, `LoweringIndex` for callees.
 */
import type { ComponentPlan, LoweringIndex, PlanExport } from '@gangway/component/plan';
import type { TypedCalleeMaker } from '../call/lowering-callee.ts';
import type { ExportMaker } from '../call/requests.ts';

/** A lifted export of the plan. */
export type LiftedExport = Extract<PlanExport, { readonly kind: 'lifted-func' }>;

/** Why an export cannot be called: a sentence. */
export interface Refused {
  readonly problem: string;
}

/** Generated code in an ES module, which imports what it calls. */
export type Form<M> = () => M;

/** The functions of one plan, as an ES module has them. Null: this one is too large to be generated. */
export interface PartForms {
  readonly exports: readonly (Form<ExportMaker> | Refused | null)[];
  readonly callees: readonly (Form<TypedCalleeMaker> | null)[];
}

/** The same as texts: bodies of functions of `helpers` (call/helpers.ts). Structured clone and JSON keep them. */
export interface PartTexts {
  readonly exports: readonly (string | Refused | null)[];
  readonly callees: readonly (string | null)[];
}

/** A part of the host that specialises. Null: the function is not for this form. */
export interface Specialiser {
  exportMaker(plan: ComponentPlan, exported: LiftedExport, name: string): ExportMaker | Refused | null;
  calleeMaker(plan: ComponentPlan, lowering: LoweringIndex): TypedCalleeMaker | null;
}

/** A lifted export of a plan. */
export interface ExportPlace {
  readonly exported: LiftedExport;
  /** In `liftedExports`. */
  readonly index: number;
  /** The names that lead to it from the root's export down, joined by `#`: as frames of a trap show it. */
  readonly name: string;
}

/** All lifted exports of a plan, those of its instances included, in the order in which they stand there. */
export function liftedExports(plan: ComponentPlan): ExportPlace[] {
  const found: ExportPlace[] = [];
  const visit = (exports: readonly PlanExport[], prefix: string): void => {
    for (const exported of exports) {
      const name = prefix + exported.name;
      if (exported.kind === 'instance') visit(exported.exports, `${name}#`);
      if (exported.kind === 'lifted-func') found.push({ exported, index: found.length, name });
    }
  };
  visit(plan.exports, '');
  return found;
}
