/** `fallbackFor`: the JavaScript form of an adapter of a component instance. In: the instance and the adapter's index. */
import { type FuncAbi, funcAbi } from '@gangway/component/abi';
import type { AdapterIndex, OptionsIndex, ResourceIndex } from '@gangway/component/plan';
import type { CoreFunction } from '../call/guest-side.ts';
import { InternalError } from '../errors.ts';
import type { ComponentInstance } from '../instance/component-instance.ts';
import type { InstanceSide } from '../instance/instance-side.ts';
import { tableOf } from '../resources/table-of.ts';
import { fallbackAdapter } from './adapter.ts';
import type { FallbackSide } from './crossing.ts';

/** Calls of it never throw: what fails is recorded in the store. */
export function fallbackFor(instance: ComponentInstance, index: AdapterIndex): CoreFunction {
  const { plan } = instance.component;
  const adapter = plan.adapters[index];
  if (adapter === undefined) throw new InternalError(`the plan has no adapter ${index}`);
  const { lower, lift, entering } = adapter;
  const caller = instance.side(lower.options);
  const callee = instance.side(lift.options);
  const abi = (type: typeof lower.type, options: OptionsIndex, direction: 'lift' | 'lower'): FuncAbi =>
    funcAbi(plan, type, plan.options[options]!, direction);
  const { postReturn } = plan.options[lift.options]!;
  const sides = new Map<FallbackSide, InstanceSide>();
  const side = (of: InstanceSide): FallbackSide => {
    const made = sideOf(instance, of);
    sides.set(made, of);
    return made;
  };
  return fallbackAdapter({
    context: instance.store.memory,
    caller: side(caller),
    callee: side(callee),
    lower: abi(lower.type, lower.options, 'lower'),
    lift: abi(lift.type, lift.options, 'lift'),
    func: instance.coreFunction(lift.func),
    postReturn: postReturn === null ? null : instance.functionIn('postReturns', postReturn),
    entering,
    async: plan.funcTypes[lift.type]!.async,
    contextSlots: plan.trampolines.some(({ kind }) => kind.startsWith('context.')),
    record: (blamed, error) => instance.store.runtime.record(sides.get(blamed) ?? caller, error, 'guest'),
  });
}

function sideOf(instance: ComponentInstance, side: InstanceSide): FallbackSide {
  const { memory, address, encoding, realloc } = side;
  return {
    vmctx: instance.vmctx,
    instance: side.instance,
    memory,
    address,
    encoding,
    realloc,
    table: tableOf(side),
    resourceId: (resource: ResourceIndex) => instance.resourceType(resource).id,
    definesResource: (resource: ResourceIndex) => {
      const defined = instance.component.plan.resources[resource];
      return defined?.kind === 'defined' && defined.instance === side.instance;
    },
  };
}
