/** The features of an engine, all of them. In: an engine. Out: its gates. */
import { type Features, resolveFeatures } from '@gangway/component/features';
import type { Engine } from '../engine.ts';

const known = new WeakMap<Engine, Features>();

/** Throws `TypeError` for a feature that does not exist or is no boolean. */
export function featuresOf(engine: Engine): Features {
  let features = known.get(engine);
  if (features === undefined) {
    features = resolveFeatures(engine.options.features);
    known.set(engine, features);
  }
  return features;
}
