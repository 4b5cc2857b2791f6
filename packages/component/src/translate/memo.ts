/** What is made once: in a map under a key. */

/** What `map` has under `key`; when that is nothing, what `make` makes of it now. */
export function memo<K, V>(
  map: { get(key: K): V | undefined; set(key: K, value: V): unknown },
  key: K,
  make: () => V,
): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
