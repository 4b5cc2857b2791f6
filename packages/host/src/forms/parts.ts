/**
 * Parts of the host that a component may or may not need: they are loaded when the first one does, and are there for all
 * after that. In: a name. Out: the part.
 *
 * Everything that is asynchronous loads what it needs. What is synchronous (`InstancePre.link(component).instantiateSync()`
 * of a component that was not prepared) finds what has been loaded; `@gangway/host/parts` loads all of them with itself.
 *
 * What is imported for each are the modules in parts/: their names are those of files that builds make. Those that compiled
 * components import as well export `part`.
 *
 * Rejected: loading them with the host. A page that runs what was compiled ahead of time needs none of them.
 */
import type { unsupportedText } from '@gangway/component/unsupported';
import type { stringAccess } from '../abi/string-access.ts';
import type { ContextSlots } from '../call/context-slots.ts';
import type { spilledForm } from '../call/spilled-form.ts';
import type { fallbackFor } from '../fallback/index.ts';
import type { moduleProblem } from '../link/core-module-types.ts';
import type { expectedText } from '../link/expected-text.ts';
import type * as links from '../link/links.ts';
import type { findCompatible } from '../link/semver.ts';
import type { part as resources } from '../parts/resources.ts';
import type { Reflection } from '../reflect/reflection.ts';
import type { closures } from './closures.ts';
import type { evaluateForm } from './evaluate-form.ts';
import type { generator } from './generator.ts';

export interface Parts {
  /** Generated code from its text. */
  readonly evaluate: typeof evaluateForm;
  /** Lift and lower as generated code: takes a policy that allows evaluating it. */
  readonly generator: typeof generator;
  /** Lift and lower as closures. */
  readonly closures: typeof closures;
  /** Calls between components where a module has one memory. */
  readonly fallback: typeof fallbackFor;
  /** Handles, and the classes of resources. */
  readonly resources: typeof resources;
  /** Whether a core module is of the type that a component imports. */
  readonly coreModules: typeof moduleProblem;
  /** Imports and exports of a component as types. */
  readonly reflection: typeof Reflection;
  /** Types in messages. */
  readonly texts: typeof expectedText;
  /** What `context.get` and `context.set` see. */
  readonly contextSlots: typeof ContextSlots;
  /** What a call says that needs tasks. */
  readonly unsupported: typeof unsupportedText;
  /** The spilled form of lowering callees. */
  readonly spilled: typeof spilledForm;
  /** Functions of one instance as imports of another. */
  readonly links: Pick<typeof links, 'findLinks' | 'findLinksNow'>;
  /** Strings by the engine's js-string builtins. */
  readonly strings: typeof stringAccess;
  /** Which of several versions serves an import. */
  readonly versions: typeof findCompatible;
}

const loaders: { readonly [N in keyof Parts]: () => Promise<Parts[N]> } = {
  evaluate: async () => (await import('../parts/evaluate.ts')).evaluateForm,
  generator: async () => (await import('../parts/generator.ts')).generator,
  closures: async () => (await import('../parts/closures.ts')).closures,
  fallback: async () => (await import('../parts/fallback.ts')).part,
  resources: async () => (await import('../parts/resources.ts')).part,
  coreModules: async () => (await import('../parts/core-modules.ts')).part,
  reflection: async () => (await import('../parts/reflection.ts')).Reflection,
  texts: async () => (await import('../parts/import-text.ts')).expectedText,
  contextSlots: async () => (await import('../parts/context-slots.ts')).part,
  unsupported: async () => (await import('../parts/unsupported.ts')).part,
  spilled: async () => (await import('../parts/spilled.ts')).spilledForm,
  links: async () => (await import('../parts/links.ts')).links,
  strings: async () => (await import('../parts/strings.ts')).stringAccess,
  versions: async () => (await import('../parts/versions.ts')).part,
};

const loaded: { [N in keyof Parts]?: Parts[N] } = {};

/** The part, if it has been loaded. */
export function partNow<N extends keyof Parts>(name: N): Parts[N] | undefined {
  return loaded[name];
}

/** The part. Throws `TypeError` when it has not been loaded; `what` it is, for the message. */
export function needPart<N extends keyof Parts>(name: N, what: string): Parts[N] {
  const found: Parts[N] | undefined = loaded[name];
  if (found === undefined) {
    throw new TypeError(
      `${what} have not been loaded: await component.prepare() first, or import '@gangway/host/parts'`,
    );
  }
  return found;
}

/** The part; loads it. Rejects when that fails, and tries again the next time. */
export async function part<N extends keyof Parts>(name: N): Promise<Parts[N]> {
  const known: Parts[N] | undefined = loaded[name];
  if (known !== undefined) return known;
  const made = await loaders[name]();
  registerPart(name, made);
  return made;
}

/** Makes a part one that has been loaded. */
export function registerPart<N extends keyof Parts>(name: N, made: Parts[N]): void {
  (loaded as { [M in N]?: Parts[M] })[name] = made;
}

/** The same for several. */
export function registerParts(parts: Partial<Parts>): void {
  Object.assign(loaded, parts);
}
