/** Exports and callees by the form of their code, without a plan. In: a request and the form. Out: a maker. */
import { calleeText } from '../../../packages/host/src/abi/generate/callee-source.ts';
import { exportText } from '../../../packages/host/src/abi/generate/export-source.ts';
import { closureCallee } from '../../../packages/host/src/call/callee-closures.ts';
import { passesRepresentations } from '../../../packages/host/src/call/export-call.ts';
import { closureExport } from '../../../packages/host/src/call/export-closures.ts';
import { loweringCallee, type TypedCalleeMaker } from '../../../packages/host/src/call/lowering-callee.ts';
import type {
  CalleeMaker,
  CalleeRequest,
  ExportMaker,
  ExportRequest,
} from '../../../packages/host/src/call/requests.ts';
import { spilledForm } from '../../../packages/host/src/call/spilled-form.ts';
import { evaluateForm } from '../../../packages/host/src/forms/evaluate-form.ts';
import { registerPart } from '../../../packages/host/src/forms/parts.ts';

registerPart('spilled', spilledForm);

/** `auto`: generated code; `never`: closures. */
export type Evaluate = 'auto' | 'never';

export function exportCall({ evaluate, ...request }: ExportRequest & { readonly evaluate: Evaluate }): ExportMaker {
  if (evaluate === 'never') return closureExport(request);
  return (side, core, postReturn) => {
    const text = exportText(request, {
      postReturn: postReturn !== null,
      nested: side.innerFlags.length > 0,
      representations: passesRepresentations(request.abi, side),
    });
    return evaluateForm<ExportMaker>(text)(side, core, postReturn);
  };
}

export function calleeCall({ evaluate, ...request }: CalleeRequest & { readonly evaluate: Evaluate }): CalleeMaker {
  const { flatParams, flatResults } = request.abi;
  const typed = evaluate === 'never' ? closureCallee(request) : evaluateForm<TypedCalleeMaker>(calleeText(request));
  return loweringCallee(`${flatParams.join(' ')} -> ${flatResults.join(' ')}`, request.options, typed);
}
