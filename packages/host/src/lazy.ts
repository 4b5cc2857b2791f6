/** Properties that are made on first use: a component may export hundreds of functions, of which a few are called. */

/** Defines `name` on `target`: enumerable, not writable, computed once. `target` is an object of ours, whatever the name. */
export function lazyProperty(target: object, name: string, make: () => unknown, enumerable = true): void {
  Object.defineProperty(target, name, {
    configurable: true,
    enumerable,
    get() {
      const value = make();
      Object.defineProperty(target, name, { value, configurable: false, enumerable, writable: false });
      return value;
    },
  });
}
