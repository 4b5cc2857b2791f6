/**
 * Components that are linked into another. In: that one, and what is given for its imports. Out: a `LinkError` for the first
 * that is of another type than what is imported. Loaded when components are linked: it needs the validator.
 */
import type { ComponentValue } from '@gangway/component/front-end';
import { type LinkOptions, linkProblems } from '@gangway/component/link-problems';
import { LinkError } from '../errors.ts';

export function checkComponents(
  value: ComponentValue,
  given: ReadonlyMap<string, ComponentValue>,
  options: LinkOptions,
): void {
  for (const [name, problem] of linkProblems(value, given, options)) {
    throw new LinkError(name.split(' '), 'component', problem);
  }
}
