/** Which function types are worth generating code for. In: a plan and a function type. Out: whether its code stays small. */
import type { ComponentPlan, FuncTypeIndex, PlanType, TypeIndex } from '@gangway/component/plan';

/** More variables than this in one function: the closures are as good, and the source would be huge. */
const MAX_VARIABLES = 1000;

const counts = new WeakMap<readonly PlanType[], number[]>();

export function isSmallType(plan: ComponentPlan, type: FuncTypeIndex): boolean {
  const { params, result } = plan.funcTypes[type]!;
  return sum(plan.types, [...params.map((param) => param.type), result]) <= MAX_VARIABLES;
}

function sum(types: readonly PlanType[], parts: readonly (TypeIndex | null)[]): number {
  let total = 0;
  for (const part of parts) total += part === null ? 0 : variablesOf(types, part);
  return total;
}

/** How many variables a value of the type takes. Every case of a variant counts: they share variables, but no source. */
function variablesOf(types: readonly PlanType[], index: TypeIndex): number {
  let known = counts.get(types);
  if (known === undefined) counts.set(types, (known = []));
  return (known[index] ??= countVariables(types, types[index]!));
}

function countVariables(types: readonly PlanType[], type: PlanType): number {
  switch (type.kind) {
    case 'record':
      return sum(
        types,
        type.fields.map((field) => field.type),
      );
    case 'tuple':
      return sum(types, type.types);
    case 'variant':
      return (
        1 +
        sum(
          types,
          type.cases.map((item) => item.type),
        )
      );
    case 'option':
      return 1 + sum(types, [type.type]);
    case 'result':
      return 1 + sum(types, [type.ok, type.err]);
    case 'list':
      return 1 + sum(types, [type.element]);
    case 'map':
      return 1 + sum(types, [type.key, type.value]);
    case 'flags':
      return type.names.length;
    default:
      return 1;
  }
}
