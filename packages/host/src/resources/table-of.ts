/** The handle table of a side's component instance. */
import { type HandleTable, handleTable } from '@gangway/vmctx/handle-table';
import type { InstanceSide } from '../instance/instance-side.ts';

export function tableOf(side: InstanceSide): HandleTable {
  return (side.table ??= handleTable(side.owner.vmctx, side.instance));
}
