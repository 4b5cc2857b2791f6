/**
 * The few productions of the binary formats (core and component) that the oracle needs. In: numbers and names. Out: bytes.
 * Independent of the packages' writers, because their output is what is tested.
 */
import type { Flat } from './types.ts';

export type Bytes = readonly number[];

/** Unsigned LEB128. */
export function u(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

/** Signed LEB128. */
export function s(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const low = ((rest % 128) + 128) % 128;
    rest = Math.floor(rest / 128);
    if ((rest === 0 && low < 64) || (rest === -1 && low >= 64)) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

export const name = (text: string): number[] => {
  const bytes = new TextEncoder().encode(text);
  return [...u(bytes.length), ...bytes];
};
export const vec = (items: readonly Bytes[]): number[] => [...u(items.length), ...items.flat()];
export const section = (id: number, content: Bytes): number[] => [id, ...u(content.length), ...content];

const flatBytes = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c } as const;
export const flatType = (type: Flat): number => flatBytes[type];
export const coreFuncType = (params: readonly Flat[], results: readonly Flat[]): number[] => [
  0x60,
  ...vec(params.map((type) => [flatBytes[type]])),
  ...vec(results.map((type) => [flatBytes[type]])),
];

export interface CoreFunction {
  readonly params: readonly Flat[];
  readonly results: readonly Flat[];
  readonly locals: readonly Flat[];
  /** Without `end`. */
  readonly body: Bytes;
  readonly exportName: string;
}
export interface CoreImport {
  readonly module: string;
  readonly name: string;
  /** A function, or the memory's limits. */
  readonly type: { readonly params: readonly Flat[]; readonly results: readonly Flat[] } | { readonly memory: Bytes };
}

/** A core module. Function indices: imported functions in their order, then `functions`. */
export function coreModule(parts: {
  readonly imports: readonly CoreImport[];
  readonly functions: readonly CoreFunction[];
  /** Its own memory, exported as "memory". */
  readonly memory?: Bytes;
  /** Its own mutable global: type and initial value. */
  readonly global?: { readonly type: 'i32' | 'i64'; readonly value: number };
}): number[] {
  const types: number[][] = [];
  const type = (params: readonly Flat[], results: readonly Flat[]): number[] =>
    u(types.push(coreFuncType(params, results)) - 1);
  const imports = parts.imports.map((item) => [
    ...name(item.module),
    ...name(item.name),
    ...('memory' in item.type ? [0x02, ...item.type.memory] : [0x00, ...type(item.type.params, item.type.results)]),
  ]);
  const imported = parts.imports.filter((item) => !('memory' in item.type)).length;
  const functions = parts.functions.map((item) => type(item.params, item.results));
  const exports = parts.functions.map((item, i) => [...name(item.exportName), 0x00, ...u(imported + i)]);
  if (parts.memory !== undefined) exports.push([...name('memory'), 0x02, 0]);
  const bodies = parts.functions.map((item) => {
    const body = [...vec(item.locals.map((local) => [1, flatBytes[local]])), ...item.body, 0x0b];
    return [...u(body.length), ...body];
  });
  const { global } = parts;
  return [
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vec(types)),
    ...section(2, vec(imports)),
    ...section(3, vec(functions)),
    ...(parts.memory === undefined ? [] : section(5, vec([parts.memory]))),
    ...(global === undefined
      ? []
      : section(6, vec([[flatBytes[global.type], 1, global.type === 'i32' ? 0x41 : 0x42, ...s(global.value), 0x0b]]))),
    ...section(7, vec(exports)),
    ...section(10, vec(bodies)),
  ];
}

export const sort = {
  coreFunc: [0x00, 0x00],
  coreMemory: [0x00, 0x02],
  func: [0x01],
  type: [0x03],
  component: [0x04],
  instance: [0x05],
} as const;

/** An argument or inline export: a name for something with an index. */
export interface Named {
  readonly name: string;
  readonly sort: Bytes;
  readonly index: number;
}
const named = (item: Named): number[] => [...name(item.name), ...item.sort, ...u(item.index)];

type Counter = 'module' | 'coreInstance' | 'coreFunc' | 'coreMemory' | 'component' | 'instance' | 'type' | 'func';

/** A component under construction: a section for each definition; every method returns the index that it defines. */
export class ComponentWriter {
  readonly #bytes: number[] = [0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0];
  readonly #counts: Record<Counter, number> = {
    module: 0,
    coreInstance: 0,
    coreFunc: 0,
    coreMemory: 0,
    component: 0,
    instance: 0,
    type: 0,
    func: 0,
  };

  #add(id: number, content: Bytes, counter: Counter): number {
    for (const byte of [id, ...u(content.length)]) this.#bytes.push(byte);
    for (const byte of content) this.#bytes.push(byte);
    const index = this.#counts[counter];
    this.#counts[counter] += 1;
    return index;
  }
  bytes(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.#bytes);
  }

  module(bytes: Bytes): number {
    return this.#add(1, bytes, 'module');
  }
  coreInstance(module: number, args: readonly { name: string; instance: number }[]): number {
    const list = args.map((item) => [...name(item.name), 0x12, ...u(item.instance)]);
    return this.#add(2, [1, 0x00, ...u(module), ...vec(list)], 'coreInstance');
  }
  coreExports(items: readonly Named[]): number {
    // Core sorts stand here without the leading 0x00.
    const list = items.map((item) => [...name(item.name), item.sort[1]!, ...u(item.index)]);
    return this.#add(2, [1, 0x01, ...vec(list)], 'coreInstance');
  }
  component(inner: ComponentWriter): number {
    return this.#add(4, inner.#bytes, 'component');
  }
  instance(component: number, args: readonly Named[]): number {
    return this.#add(5, [1, 0x00, ...u(component), ...vec(args.map(named))], 'instance');
  }
  aliasCore(what: 'coreFunc' | 'coreMemory', instance: number, exportName: string): number {
    return this.#add(6, [1, ...sort[what], 0x01, ...u(instance), ...name(exportName)], what);
  }
  aliasFunc(instance: number, exportName: string): number {
    return this.#add(6, [1, ...sort.func, 0x00, ...u(instance), ...name(exportName)], 'func');
  }
  type(definition: Bytes): number {
    return this.#add(7, [1, ...definition], 'type');
  }
  lift(coreFunc: number, options: readonly Bytes[], type: number): number {
    return this.#add(8, [1, 0x00, 0x00, ...u(coreFunc), ...vec(options), ...u(type)], 'func');
  }
  lower(func: number, options: readonly Bytes[]): number {
    return this.#add(8, [1, 0x01, 0x00, ...u(func), ...vec(options)], 'coreFunc');
  }
  resourceDrop(type: number): number {
    return this.#add(8, [1, 0x03, ...u(type)], 'coreFunc');
  }
  importFunc(importName: string, type: number): number {
    return this.#add(10, [1, 0x00, ...name(importName), 0x01, ...u(type)], 'func');
  }
  importResource(importName: string): number {
    return this.#add(10, [1, 0x00, ...name(importName), 0x03, 0x01], 'type');
  }
  importType(importName: string, type: number): number {
    return this.#add(10, [1, 0x00, ...name(importName), 0x03, 0x00, ...u(type)], 'type');
  }
  exportFunc(exportName: string, func: number): number {
    return this.#add(11, [1, 0x00, ...name(exportName), ...sort.func, ...u(func), 0x00], 'func');
  }
}
