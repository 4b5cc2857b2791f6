/** Stands for the few built-ins of Node that test files use, in pages. */
import { NotHere } from './uvu.ts';

/** `node:v8`: the flags of a browser are given when it is started. */
export const setFlagsFromString = (): void => undefined;

/** `node:vm`: the garbage collector, where the browser hands it out. */
export function runInNewContext(source: string): unknown {
  const found: unknown = Reflect.get(globalThis, source);
  if (found === undefined) throw new NotHere(`there is no \`${source}\` here`);
  return found;
}

/** `node:util`, for messages. */
export function inspect(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) return `[ ${value.map(inspect).join(', ')} ]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `{ ${Object.entries(value)
    .map(([key, inner]) => `${key}: ${inspect(inner)}`)
    .join(', ')} }`;
}

/** `node:fs`: pages have no files. */
export function readFileSync(path: string): never {
  throw new NotHere(`there is no ${path} here`);
}
