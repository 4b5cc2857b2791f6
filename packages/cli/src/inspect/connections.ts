/**
 * What the fused adapters of a component connect, for people. In: the plan and one of its adapter modules. Out: a line an
 * adapter: the function, the component instance that calls it, the core function that implements it, and in which instance.
 */
import type { AdapterModuleIndex, ComponentInstanceIndex, ComponentPlan } from '@gangway/component/plan';
import { coreDefText } from '@gangway/component/reflect';

export function connections(plan: ComponentPlan, module: AdapterModuleIndex): string[] {
  const instance = (index: ComponentInstanceIndex): string => {
    const name = plan.componentInstances[index]?.name ?? null;
    return `component instance ${index}${name === null ? '' : ` (${name})`}`;
  };
  return plan.adapterModules[module]!.map((index) => {
    const { name, lower, lift, entering } = plan.adapters[index]!;
    const caller = instance(plan.options[lower.options]!.instance);
    const callee = instance(plan.options[lift.options]!.instance);
    const end = entering === null ? '; such a call always traps: one contains the other' : '';
    return `adapter[${index}] "${name}": ${caller} calls ${coreDefText(lift.func)} of ${callee}${end}`;
  });
}
