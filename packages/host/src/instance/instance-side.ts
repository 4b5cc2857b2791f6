/** The call path's `GuestSide`, with what the handle operations need beside it. */
import type { HandleTable } from '@gangway/vmctx/handle-table';
import { GuestSide, type GuestSideInit } from '../call/guest-side.ts';
import type { ComponentInstance } from './component-instance.ts';

export class InstanceSide extends GuestSide {
  readonly owner: ComponentInstance;
  /** The handle table of the component instance that the options belong to, once it has been asked for: `tableOf`. */
  table: HandleTable | null = null;

  constructor(init: GuestSideInit, owner: ComponentInstance) {
    super(init);
    this.owner = owner;
  }
}
