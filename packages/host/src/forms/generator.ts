/**
 * The part of the host that specialises by generating JavaScript. In: a plan. Out: makers, or the texts that they are made
 * of: for an ES module, for a cache, for another thread.
 */
import type { FuncAbi } from '@gangway/component/abi';
import type { ComponentPlan, LoweringIndex } from '@gangway/component/plan';
import { calleeText } from '../abi/generate/callee-source.ts';
import { type Binding, exportText } from '../abi/generate/export-source.ts';
import type { TypedCalleeMaker } from '../call/lowering-callee.ts';
import { needsTasks } from '../call/needs-tasks.ts';
import type { ExportMaker } from '../call/requests.ts';
import { evaluateForm } from './evaluate-form.ts';
import { type LiftedExport, liftedExports, type PartTexts, type Refused, type Specialiser } from './forms.ts';
import { calleeRequest, exportRequest, loweringTrampoline } from './requests.ts';
import { isSmallType } from './type-size.ts';

export interface Generator extends Specialiser {
  /** Whether every function of the plan can be generated. */
  covers(plan: ComponentPlan): boolean;
  /** The texts of all functions of the plan, without those of exported components. */
  texts(plan: ComponentPlan): PartTexts;
}

/** What every instance of the component binds an export to. */
function bindingOf(plan: ComponentPlan, { options: index }: LiftedExport, abi: FuncAbi): Binding {
  const options = plan.options[index]!;
  /** Whether a borrow of the resource is passed as its representation: the instance defines it. */
  const defines = (resource: number): boolean => {
    const found = plan.resources[resource];
    return found?.kind === 'defined' && found.instance === options.instance;
  };
  return {
    postReturn: options.postReturn !== null,
    nested: plan.componentInstances[options.instance]!.parent !== null,
    representations:
      abi.spilledParams === null &&
      abi.params.some(({ type }) => type.borrows) &&
      abi.params.every(({ type }) => !type.borrows || (type.kind === 'borrow' && defines(type.resource))),
  };
}

function exportSource(plan: ComponentPlan, exported: LiftedExport, name: string): string | Refused | null {
  const problem = needsTasks(plan, exported, name);
  if (problem !== null) return { problem };
  if (!isSmallType(plan, exported.type)) return null;
  const request = exportRequest(plan, exported, name);
  return exportText(request, bindingOf(plan, exported, request.abi));
}

function calleeSource(plan: ComponentPlan, lowering: LoweringIndex): string | null {
  const { type } = loweringTrampoline(plan, lowering);
  return isSmallType(plan, type) ? calleeText(calleeRequest(plan, lowering)) : null;
}

export const generator: Generator = {
  exportMaker(plan, exported, name) {
    const source = exportSource(plan, exported, name);
    return typeof source === 'string' ? evaluateForm<ExportMaker>(source) : source;
  },
  calleeMaker(plan, lowering) {
    const source = calleeSource(plan, lowering);
    return source === null ? null : evaluateForm<TypedCalleeMaker>(source, plan.counts.lowerings);
  },
  covers: (plan) =>
    plan.trampolines.every((one) => one.kind !== 'lower-import' || isSmallType(plan, one.type)) &&
    liftedExports(plan).every(({ exported }) => isSmallType(plan, exported.type)),
  texts: (plan) => ({
    exports: liftedExports(plan).map(({ exported, name }) => exportSource(plan, exported, name)),
    callees: Array.from({ length: plan.counts.lowerings }, (_, i) => calleeSource(plan, i as LoweringIndex)),
  }),
};
