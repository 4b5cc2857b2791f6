/** What is asked for each function of a plan. In: a plan and an export or a lowering. Out: names and the canonical ABI. */
import { funcAbi } from '@gangway/component/abi';
import { camelCase, parseExternName } from '@gangway/component/names';
import type { ComponentPlan, LoweringIndex, Trampoline } from '@gangway/component/plan';
import type { CalleeRequest, ExportRequest } from '../call/requests.ts';
import { InternalError } from '../errors.ts';
import type { LiftedExport } from './forms.ts';

/** `name`: as frames of a trap show it. */
export function exportRequest(plan: ComponentPlan, exported: LiftedExport, name: string): ExportRequest {
  return { name, abi: funcAbi(plan, exported.type, plan.options[exported.options]!, 'lift') };
}

export function calleeRequest(plan: ComponentPlan, lowering: LoweringIndex): CalleeRequest {
  const trampoline = loweringTrampoline(plan, lowering);
  const { path } = plan.runtimeImports[trampoline.import]!;
  const parts = parseExternName(path.at(-1) as string);
  return {
    name: path.join('#'),
    ...(parts.kind === 'method' ? { method: camelCase(parts.label) } : {}),
    abi: funcAbi(plan, trampoline.type, plan.options[trampoline.options]!, 'lower'),
    options: trampoline.options,
  };
}

/** The trampoline of a lowering. */
export function loweringTrampoline(
  plan: ComponentPlan,
  lowering: LoweringIndex,
): Extract<Trampoline, { readonly kind: 'lower-import' }> {
  for (const trampoline of plan.trampolines) {
    if (trampoline.kind === 'lower-import' && trampoline.lowering === lowering) return trampoline;
  }
  throw new InternalError(`no trampoline lowers ${lowering}`);
}
