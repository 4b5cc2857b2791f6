/**
 * Handles: an index into the lifting side's table becomes an index into the lowering side's. An owned handle moves; a
 * borrow is lent for the call and counted in its frame, and the instance that defines the resource gets the bare
 * representation.
 */
import type { AbiHandle } from '@gangway/component/abi';
import type { Expr, FunctionBuilder } from '../builder.ts';
import { addBorrow, addOwn, lend, removeOwn } from '../handle-table.ts';
import { storeContext, storeContextOffsets } from '../store-context.ts';
import { type AdapterSide, type Crossing, instanceOf } from './side.ts';

/** `lift_own` and `lower_own`, or `lift_borrow` and `lower_borrow` */
export function crossHandle(f: FunctionBuilder, cx: Crossing, from: AbiHandle, to: AbiHandle, index: Expr): Expr {
  const giver = instanceOf(cx, cx.from);
  const taker = instanceOf(cx, cx.to);
  const lifted = cx.from.resourceType(from.resource);
  const lowered = cx.to.resourceType(to.resource);
  if (from.kind === 'own') return addOwn(f, taker, lowered, removeOwn(f, giver, lifted, index));
  const rep = lend(f, giver, lifted, index, innermostFrame(f, cx));
  return definesResource(cx.to, to) ? rep : addBorrow(f, taker, lowered, rep, innermostFrame(f, cx));
}

function definesResource(side: AdapterSide, type: AbiHandle): boolean {
  const resource = side.plan.resources[type.resource];
  return resource?.kind === 'defined' && resource.instance === side.options.instance;
}

/** Address of the innermost frame: while the values of a call cross, its own. */
function innermostFrame(f: FunctionBuilder, cx: Crossing): Expr {
  const at = instanceOf(cx, cx.from);
  return f.i32.load(cx.context, storeContext(f, at), storeContextOffsets(at.offsets).frame);
}
