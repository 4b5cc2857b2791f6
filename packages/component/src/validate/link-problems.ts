/**
 * Whether a component can be given for an import of another (Explainer.md#type-checking). In: both, as values, and the name
 * of the import. Out: why the given one is no subtype of what is imported, or `null`.
 *
 * Both are validated again, into one store of types, because only types of one store can be compared. It costs less than
 * keeping the types of every component in case it is linked some day.
 */
import { InternalError } from '../errors.ts';
import type { Features } from '../features.ts';
import { fillIn } from '../texts.ts';
import type { ComponentValue } from '../translate/component-value.ts';
import type { ValueRules } from './scope.ts';
import { componentProblem } from './subtype.ts';
import { TypeStore } from './type-store.ts';
import type { ComponentType, Extern } from './types.ts';
import { validate } from './validate.ts';

export interface LinkOptions {
  /** Those that the components were decoded with. */
  readonly features: Features;
  readonly values?: ValueRules | undefined;
}

/** By import name (nested in an instance: names joined by a space): why the component given for it does not fit. */
export function linkProblems(
  value: ComponentValue,
  given: ReadonlyMap<string, ComponentValue>,
  options: LinkOptions,
): ReadonlyMap<string, string> {
  const store = new TypeStore();
  const problems = new Map<string, string>();
  const { imports } = typeOf(value, store, options);
  for (const [name, one] of given) {
    const wanted = componentAt(imports, name.split(' '));
    if (wanted === null) {
      problems.set(name, 'it imports no component of that name');
      continue;
    }
    const problem = componentProblem(store, typeOf(one, store, options), wanted);
    if (problem !== null) problems.set(name, fillIn(problem));
  }
  return problems;
}

function typeOf({ bytes, ast, exportedBy }: ComponentValue, store: TypeStore, options: LinkOptions): ComponentType {
  if (exportedBy === undefined) return validate(bytes, ast, { ...options, store }).type;
  const type = componentAt(typeOf(exportedBy.value, store, options).exports, exportedBy.path);
  if (type === null) throw new InternalError(`no component is exported as "${exportedBy.path.join(' ')}"`);
  return type;
}

/** The component that the names lead to, through instances. */
function componentAt(
  externs: ReadonlyMap<string, Extern>,
  [name = '', ...rest]: readonly string[],
): ComponentType | null {
  const extern = externs.get(name);
  if (extern?.kind === 'component' && rest.length === 0) return extern.type;
  return extern?.kind === 'instance' && rest.length > 0 ? componentAt(extern.type.exports, rest) : null;
}
