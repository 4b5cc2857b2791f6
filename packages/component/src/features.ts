/**
 * The specification's gated features (Explainer.md#gated-features). In: a partial record of names. Out: a full, frozen one.
 *
 * One name serves the options object, the command line and the messages, which is why the names are in kebab case.
 * Rejected: bit flags (unreadable in a printed option object).
 */

import { ValidationError } from './errors.ts';

/** One boolean for each gate of Explainer.md#gated-features. */
export interface Features {
  /** 🔀 `async`, `stream` and `future`. Shipped: on. */
  readonly async: boolean;
  /** 🗺️ The `map` type. Shipped: on. */
  readonly map: boolean;
  /** 🏷️ `implements` and `external-id` on imports and exports. Shipped: on. */
  readonly implements: boolean;
  /** 🪙 Value imports and exports, and the start function of a component. */
  readonly values: boolean;
  /** 🪺 Nested namespaces and packages in import and export names. */
  readonly 'nested-names': boolean;
  /** 🚝 More canonical ABI options on the built-ins of `async`. */
  readonly 'async-builtin-options': boolean;
  /** 🚟 `async` on `canon lift` without `callback`. */
  readonly 'stackful-lift': boolean;
  /** 🧵 Threading built-ins. */
  readonly threads: boolean;
  /** 🧵② Threading built-ins of shared-everything-threads. */
  readonly 'shared-everything-threads': boolean;
  /** 🔧 Lists of a fixed length. */
  readonly 'fixed-length-lists': boolean;
  /** 📝 The `error-context` type. */
  readonly 'error-context': boolean;
  /** 🔗 Canonical interface names: `versionsuffix`. */
  readonly 'canonical-interface-names': boolean;
  /** 🐘 64-bit memories and resource representations. */
  readonly memory64: boolean;
}

export type Feature = keyof Features;

/** What the specification has on by default: the gates that have shipped. */
export const defaultFeatures: Features = Object.freeze({
  async: true,
  map: true,
  implements: true,
  values: false,
  'nested-names': false,
  'async-builtin-options': false,
  'stackful-lift': false,
  threads: false,
  'shared-everything-threads': false,
  'fixed-length-lists': false,
  'error-context': false,
  'canonical-interface-names': false,
  memory64: false,
});

/** The names of all gates, in the order of the specification. */
export const featureNames: readonly Feature[] = Object.freeze(Object.keys(defaultFeatures) as Feature[]);

/** Every gate open: what the specification's reference tests are written for. */
export const allFeatures: Features = /* @__PURE__ */ allOpen();

function allOpen(): Features {
  return Object.freeze(Object.fromEntries(featureNames.map((name) => [name, true]))) as unknown as Features;
}

/** Fills up what `partial` leaves out with the defaults. Throws `TypeError` for an unknown name or a value that is no boolean. */
export function resolveFeatures(partial: Partial<Features> = {}): Features {
  for (const [name, value] of Object.entries(partial)) {
    if (!Object.hasOwn(defaultFeatures, name)) {
      throw new TypeError(`unknown feature '${name}' (known: ${featureNames.join(', ')})`);
    }
    if (value !== undefined && typeof value !== 'boolean') throw new TypeError(`feature '${name}' must be a boolean`);
  }
  const resolved: Record<Feature, boolean> = { ...defaultFeatures };
  for (const name of featureNames) resolved[name] = partial[name] ?? defaultFeatures[name];
  return Object.freeze(resolved);
}

/**
 * The one check of a gate. `what` names the form that was met at the byte offset `offset`.
 * Throws {@link ValidationError} when the gate is closed: the form is well-formed, but not accepted.
 */
export function requireFeature(features: Features, feature: Feature, offset: number, what: string): void {
  if (!features[feature]) throw new ValidationError(offset, `${what} requires the feature '${feature}'`);
}
