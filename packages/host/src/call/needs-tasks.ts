/** Exports that need tasks. In: a lifted function of a plan. Out: why it cannot be called. */
import type { ComponentPlan, OptionsIndex, PlanFuncType, PlanType, TypeIndex } from '@gangway/component/plan';

/** What of the function `name` needs tasks, as a sentence; null when it can be called. */
export function needsTasks(
  plan: ComponentPlan,
  exported: { readonly type: number; readonly options: OptionsIndex },
  name: string,
): string | null {
  const type = plan.funcTypes[exported.type]!;
  if (type.async || plan.options[exported.options]!.async) {
    return `"${name}" is an async function: tasks (async) are not run by this host`;
  }
  const kind = asyncValue(plan, type);
  return kind === null ? null : `"${name}" passes values of type ${kind}: tasks (async) are not run by this host`;
}

/** The first kind of a value of tasks in the parameters or the result. */
function asyncValue(plan: ComponentPlan, { params, result }: PlanFuncType): PlanType['kind'] | null {
  const seen = new Set<TypeIndex>();
  const find = (index: TypeIndex | null): PlanType['kind'] | null => {
    if (index === null || seen.has(index)) return null;
    seen.add(index);
    const type = plan.types[index]!;
    const first = (parts: readonly (TypeIndex | null)[]): PlanType['kind'] | null => {
      for (const part of parts) {
        const kind = find(part);
        if (kind !== null) return kind;
      }
      return null;
    };
    switch (type.kind) {
      case 'stream':
      case 'future':
      case 'error-context':
        return type.kind;
      case 'list':
        return find(type.element);
      case 'map':
        return first([type.key, type.value]);
      case 'option':
        return find(type.type);
      case 'result':
        return first([type.ok, type.err]);
      case 'tuple':
        return first(type.types);
      case 'record':
        return first(type.fields.map((field) => field.type));
      case 'variant':
        return first(type.cases.map((item) => item.type));
      default:
        return null;
    }
  };
  for (const param of params) {
    const kind = find(param.type);
    if (kind !== null) return kind;
  }
  return find(result);
}
