/**
 * The one place of the may-enter rule. In: the caller's and the callee's component instance, and who is whose parent.
 * Out: the instances that the call enters, or null when it always traps.
 */
import type { ComponentInstanceIndex } from '../plan.ts';

/** What the rule needs of an instance. */
export interface InstanceNode {
  readonly parent: ComponentInstanceIndex | null;
}

/** The instance itself, its parent, and so on up to the root. */
export function selfAndAncestors(
  instances: readonly InstanceNode[],
  instance: ComponentInstanceIndex,
): ComponentInstanceIndex[] {
  const chain: ComponentInstanceIndex[] = [];
  for (let at: ComponentInstanceIndex | null = instance; at !== null; at = instances[at]?.parent ?? null)
    chain.push(at);
  return chain;
}

/**
 * CanonicalABI.md#component-instances: the entering set, those around the callee that are not around the caller, the
 * outermost first.
 *
 * NON-SPEC: a call between an instance and one that contains it always traps. definitions.py lets a parent call its child and
 * a child its parent (donut wrapping), but the reference test `trap-on-reenter.wast` at the same commit expects
 * "cannot enter component instance"; the tests win.
 */
export function enteringInstances(
  instances: readonly InstanceNode[],
  caller: ComponentInstanceIndex,
  callee: ComponentInstanceIndex,
): ComponentInstanceIndex[] | null {
  const aroundCaller = new Set(selfAndAncestors(instances, caller));
  const aroundCallee = selfAndAncestors(instances, callee);
  if (aroundCaller.has(callee) || aroundCallee.includes(caller)) return null;
  return aroundCallee.filter((instance) => !aroundCaller.has(instance)).reverse();
}
