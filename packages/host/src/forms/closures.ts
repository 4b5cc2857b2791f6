/** The part of the host that specialises by closures: where code may not be evaluated, and for what is too large for it. */
import { closureCallee } from '../call/callee-closures.ts';
import { closureExport } from '../call/export-closures.ts';
import { needsTasks } from '../call/needs-tasks.ts';
import type { Specialiser } from './forms.ts';
import { calleeRequest, exportRequest } from './requests.ts';

export const closures: Specialiser = {
  exportMaker(plan, exported, name) {
    const problem = needsTasks(plan, exported, name);
    return problem === null ? closureExport(exportRequest(plan, exported, name)) : { problem };
  },
  calleeMaker: (plan, lowering) => closureCallee(calleeRequest(plan, lowering)),
};
