/**
 * For what is made once and kept under a key: `map.get(key) ?? put(map, key, made)`. Rejected: a function that is given
 * how to make it. Each such arrow is one more function to be compiled at the start.
 */

/** Puts `value` into `map` and returns it. */
export function put<K, V>(map: { set(key: K, value: V): unknown }, key: K, value: V): V {
  map.set(key, value);
  return value;
}
