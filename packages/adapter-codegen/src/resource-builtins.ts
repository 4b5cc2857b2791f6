/**
 * `resource.new`, `resource.rep` and `resource.drop` on the handle tables in the context memory. In: a trampoline of one
 * of these kinds. Out: the core function that the guest imports. Only a host resource's destructor is a built-in; a
 * destructor in the component is called from here.
 */
import { InternalError } from '@gangway/component/errors';
import { enteringInstances } from '@gangway/component/may-enter';
import type { PlanResource, Trampoline } from '@gangway/component/plan';
import type { Expr, Func, FunctionBuilder, Local } from './builder.ts';
import { importBuiltin } from './builtin-import.ts';
import { entering } from './entering.ts';
import { freshContextSlots } from './fresh-context-slots.ts';
import { addOwn, callFrameOffsets, removeAny, representation } from './handle-table.ts';
import { importResourceType } from './resource-type.ts';
import { popFrame, pushFrame } from './spill-stack.ts';
import { getVariable, storeContext } from './store-context.ts';
import type { TrampolineModule } from './trampolines.ts';
import { checkMayLeave, recordTrap, trapIf } from './trap.ts';

type ResourceBuiltin = Extract<Trampoline, { kind: `resource.${string}` }>;
type Defined = Extract<PlanResource, { kind: 'defined' }>;

/** The core function for a resource built-in. */
export function emitResourceBuiltin(t: TrampolineModule, trampoline: ResourceBuiltin, name: string): Func {
  switch (trampoline.kind) {
    case 'resource.new':
      return emitNew(t, trampoline, name);
    case 'resource.rep':
      return emitRep(t, trampoline, name);
    case 'resource.drop':
      return emitDrop(t, trampoline, name);
  }
}

function defined(t: TrampolineModule, { kind, resource }: ResourceBuiltin): Defined {
  const found = t.plan.resources[resource];
  if (found?.kind !== 'defined') throw new InternalError(`${kind} of resource ${resource}, which is not defined here`);
  return found;
}

/** CanonicalABI.md#canon-resourcenew */
function emitNew(t: TrampolineModule, trampoline: ResourceBuiltin, name: string): Func {
  const at = t.instance(trampoline.instance);
  const type = importResourceType(t.module, trampoline.resource);
  const { rep } = defined(t, trampoline);
  return t.module.func(name, [['rep', rep]], ['i32'], (f) => {
    const [value] = f.params as [Local];
    return [checkMayLeave(f, at), ...narrowRep(f, t, trampoline, value), addOwn(f, at, type, rep32(f, value))];
  });
}

/** CanonicalABI.md#canon-resourcerep, which has no may-leave check. */
function emitRep(t: TrampolineModule, trampoline: ResourceBuiltin, name: string): Func {
  const at = t.instance(trampoline.instance);
  const type = importResourceType(t.module, trampoline.resource);
  const { rep } = defined(t, trampoline);
  return t.module.func(name, [['index', 'i32']], [rep], (f) => [
    f.int(rep).fromU32(representation(f, at, type, f.get(f.params[0]!))),
  ]);
}

/** CanonicalABI.md#canon-resourcedrop */
function emitDrop(t: TrampolineModule, trampoline: ResourceBuiltin, name: string): Func {
  const at = t.instance(trampoline.instance);
  const type = importResourceType(t.module, trampoline.resource);
  const resource = t.plan.resources[trampoline.resource];
  return t.module.func(name, [['index', 'i32']], [], (f) => {
    const owned = f.local('owned', 'i32');
    const rep = f.local('rep', 'i32');
    let destroy: readonly Expr[];
    switch (resource?.kind) {
      case 'imported':
        destroy = dropHostResource(f, t, trampoline, rep);
        break;
      case 'defined':
        destroy = callDestructor(f, t, trampoline, resource, rep);
        break;
      default:
        throw new InternalError(`resource.drop of resource ${trampoline.resource}, which has no handles`);
    }
    const remove = removeAny(f, at, type, f.get(f.params[0]!), owned, rep);
    return [checkMayLeave(f, at), remove, ...(destroy.length === 0 ? [] : [f.if(f.get(owned), destroy)])];
  });
}

function dropHostResource(f: FunctionBuilder, t: TrampolineModule, trampoline: ResourceBuiltin, rep: Local): Expr[] {
  const call = f.call(importBuiltin(t.module, 'drop-host-resource'), [
    getVariable(f, t.vmctx),
    f.i32.const(trampoline.resource),
    f.get(rep),
  ]);
  return [f.if(f.i32.eqz(call), [f.unreachable()])];
}

/**
 * The destructor, as a call from the instance that drops to the one that defines the resource. A drop by the defining
 * instance itself enters nothing. The check is made even when there is no destructor to call.
 */
function callDestructor(
  f: FunctionBuilder,
  t: TrampolineModule,
  trampoline: ResourceBuiltin,
  resource: Defined,
  rep: Local,
): Expr[] {
  const { i32 } = f;
  const { context, offsets } = t;
  const caller = t.instance(trampoline.instance);
  const callee = t.instance(resource.instance);
  const same = caller.instance === callee.instance;
  const entered = same ? [] : enteringInstances(t.plan.componentInstances, trampoline.instance, resource.instance);
  if (entered === null) {
    return resource.dtor === null ? [] : [recordTrap(f, { ...callee, code: 'cannot-enter' })];
  }
  const bits = entering(f, callee, entered);
  if (resource.dtor === null) return [...bits.check];

  const store = f.local('store', 'i32');
  const frame = f.local('frame', 'i32');
  const mayBlock = f.local('may_block', 'i32');
  const slots = freshContextSlots(f, callee, store);
  const frames = callFrameOffsets(offsets);
  const slot = i32.load(context, getVariable(f, t.vmctx), offsets.resourceDestructor(trampoline.resource));
  const operand = f.int(resource.rep).fromU32(f.get(rep));
  const call = f.call_indirect(t.functions, { params: [resource.rep], results: [] }, slot, [operand]);
  const guarded = t.plan.mayThrow
    ? f.try_catch_all([call], [recordTrap(f, { ...callee, code: 'guest-exception' })])
    : call;
  const vmctx = (): Expr => getVariable(f, t.vmctx);
  return [
    ...bits.check,
    f.set(store, storeContext(f, caller)),
    ...(same ? [] : pushFrame(f, caller, callee, store, frame, frames)),
    ...bits.set,
    ...slots.enter,
    // The destructor's type is not async: it must not block.
    f.set(mayBlock, i32.load(context, vmctx(), offsets.taskMayBlock)),
    i32.store(context, vmctx(), i32.const(0), offsets.taskMayBlock),
    guarded,
    i32.store(context, vmctx(), f.get(mayBlock), offsets.taskMayBlock),
    ...slots.leave,
    ...bits.clear,
    ...(same ? [] : popFrame(f, caller, store, frame, frames)),
  ];
}

/**
 * NON-SPEC: a representation has 32 bits in the handle table. One of type i64 that needs more traps, where the
 * specification would keep it.
 */
function narrowRep(f: FunctionBuilder, t: TrampolineModule, trampoline: ResourceBuiltin, rep: Local): Expr[] {
  if (rep.type !== 'i64') return [];
  const high = f.i64.shr_u(f.get(rep), f.i64.const(32));
  return [trapIf(f, f.i32.wrap_i64(high), { ...t.instance(trampoline.instance), code: 'integer-overflow' })];
}

function rep32(f: FunctionBuilder, rep: Local): Expr {
  return f.int(rep.type === 'i64' ? 'i64' : 'i32').toI32(f.get(rep));
}
