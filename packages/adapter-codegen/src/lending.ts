/**
 * Borrows that a guest passes to a host function. In: the call's flat parameters. Out: code that checks and lends the handles
 * before the call and ends that after it, and the representations that the callee gets.
 */
import { type FuncAbi, lentParams } from '@gangway/component/abi';
import type { Expr, FunctionBuilder } from './builder.ts';
import { lendDirectly, returnDirectly, slotRepresentation } from './handle-table.ts';
import { importResourceType } from './resource-type.ts';
import type { InstanceRef } from './store-context.ts';

/** The handles that a call lends: code before and after it, and what stands for core parameter `i`, null for itself. */
export interface Lending {
  readonly before: readonly Expr[];
  readonly representation: (i: number) => Expr | null;
  readonly after: readonly Expr[];
}

export function lendParams(f: FunctionBuilder, at: InstanceRef, abi: FuncAbi): Lending {
  const lent = lentParams(abi).map(({ flat, resource }) => ({
    index: f.params[flat]!,
    type: importResourceType(f.module, resource),
    slot: f.local('slot', 'i32'),
  }));
  return {
    before: lent.flatMap(({ index, type, slot }) => lendDirectly(f, at, type, index, slot)),
    representation: (i) => {
      const found = lent.find(({ index }) => index === f.params[i]);
      return found === undefined ? null : slotRepresentation(f, at, found.slot);
    },
    after: lent.flatMap(({ index, slot }) => returnDirectly(f, at, index, slot)),
  };
}
