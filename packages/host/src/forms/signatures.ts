/**
 * The core signatures of a component's trampolines and intrinsics, as texts: `i32 i64 -> f32`. In: a plan. Out: one for
 * each trampoline, and behind them one for each intrinsic in use. They are kept with the plan, because they follow from the
 * canonical ABI, which a running component does not need.
 */
import { type FlatType, funcAbi } from '@gangway/component/abi';
import { intrinsicCoreType, intrinsics } from '@gangway/component/intrinsics';
import type { ComponentPlan, Trampoline } from '@gangway/component/plan';

export function signatures(plan: ComponentPlan): string[] {
  return [
    ...plan.trampolines.map((trampoline) => trampolineSignature(plan, trampoline)),
    ...(plan.intrinsics ?? []).map((index) => {
      const { params, results } = intrinsicCoreType(intrinsics[index]!);
      return text(params, results);
    }),
  ];
}

function text(params: readonly FlatType[], results: readonly FlatType[]): string {
  return `${params.join(' ')} -> ${results.join(' ')}`;
}

function trampolineSignature(plan: ComponentPlan, trampoline: Trampoline): string {
  switch (trampoline.kind) {
    case 'lower-import': {
      const { flatParams, flatResults } = funcAbi(plan, trampoline.type, plan.options[trampoline.options]!, 'lower');
      return text(flatParams, flatResults);
    }
    case 'resource.new':
    case 'resource.rep':
      return text(['i32'], ['i32']);
    case 'resource.drop':
      return text(['i32'], []);
    case 'context.get':
      return text([], [trampoline.type]);
    case 'context.set':
      return text([trampoline.type], []);
    case 'unsupported':
      return text(trampoline.params as readonly FlatType[], trampoline.results as readonly FlatType[]);
    default:
      return trampoline satisfies never;
  }
}
