/**
 * One component binary with all paths of the oracle. In: function shapes; string encoding and address type of both guests.
 * Out: bytes. Exports, for function i: `b{i}` of guest B, which echoes; `a{i}` of guest A, which forwards to B through a
 * fused adapter; `h{i}` of another A, which forwards to the embedder's import `g{i}`. Imports: the resource `thing`, `g{i}`.
 */
import { ComponentWriter, type Named, name, s, sort, u, vec } from './encode.ts';
import { coreResult, echo, forward, libc, postReturnName, resultOf, type Shape } from './guests.ts';
import type { Address, TypeTree } from './types.ts';
import { label } from './values.ts';

export interface Guest {
  readonly encoding: 'utf8' | 'utf16' | 'latin1+utf16';
  readonly address: Address;
}

const primitives = {
  bool: 0x7f,
  s8: 0x7e,
  u8: 0x7d,
  s16: 0x7c,
  u16: 0x7b,
  s32: 0x7a,
  u32: 0x79,
  s64: 0x78,
  u64: 0x77,
  f32: 0x76,
  f64: 0x75,
  char: 0x74,
  string: 0x73,
} as const;

/** Type definitions of one component; those that must have a name are imports `t{n}`, numbered alike in all components. */
class Types {
  readonly writer: ComponentWriter;
  readonly thing: number;
  readonly named: number[] = [];
  readonly #own: number;
  readonly #borrow: number;

  constructor(writer: ComponentWriter) {
    this.writer = writer;
    this.thing = writer.importResource('thing');
    this.#own = writer.type([0x69, ...u(this.thing)]);
    this.#borrow = writer.type([0x68, ...u(this.thing)]);
  }

  /** A `valtype`. */
  #value(tree: TypeTree): number[] {
    if (tree.kind === 'own') return s(this.#own);
    if (Object.hasOwn(primitives, tree.kind)) return [primitives[tree.kind as 'bool']];
    return s(this.#defined(tree));
  }
  #optional(tree: TypeTree | null): number[] {
    return tree === null ? [0x00] : [0x01, ...this.#value(tree)];
  }
  #name(definition: number[]): number {
    const index = this.writer.importType(`t${this.named.length}`, this.writer.type(definition));
    this.named.push(index);
    return index;
  }

  #defined(tree: TypeTree): number {
    const { writer } = this;
    switch (tree.kind) {
      case 'list': {
        const element = this.#value(tree.element);
        return writer.type(tree.length === null ? [0x70, ...element] : [0x67, ...element, ...u(tree.length)]);
      }
      case 'map':
        return writer.type([0x63, ...this.#value(tree.key), ...this.#value(tree.value)]);
      case 'tuple':
        return writer.type([0x6f, ...vec(tree.fields.map((field) => this.#value(field)))]);
      case 'option':
        return writer.type([0x6b, ...this.#value(tree.some)]);
      case 'result':
        return writer.type([0x6a, ...this.#optional(tree.ok), ...this.#optional(tree.err)]);
      case 'record':
        return this.#name([0x72, ...vec(tree.fields.map((field, i) => [...name(label(i)), ...this.#value(field)]))]);
      case 'variant':
        return this.#name([0x71, ...vec(tree.cases.map((type, i) => [...name(label(i)), ...this.#optional(type), 0]))]);
      case 'enum':
      case 'flags': {
        const labels = Array.from({ length: tree.count }, (_, i) => name(label(i)));
        return this.#name([tree.kind === 'enum' ? 0x6d : 0x6e, ...vec(labels)]);
      }
      default:
        throw new Error(`${tree.kind} is no defined type`);
    }
  }

  func(shape: Shape): number {
    const params = shape.values.map((tree, i) => [...name(`p${i}`), ...this.#value(tree)]);
    if (shape.lends) params.unshift([...name('lent'), ...s(this.#borrow)]);
    return this.writer.type([0x40, ...vec(params), 0x00, ...this.#value(resultOf(shape))]);
  }

  /** What an instantiation of a component with the same types is given. */
  args(): Named[] {
    const all = this.named.map((index, i) => ({ name: `t${i}`, sort: sort.type, index }));
    return [{ name: 'thing', sort: sort.type, index: this.thing }, ...all];
  }
}

const encodings = { utf8: 0x00, utf16: 0x01, 'latin1+utf16': 0x02 } as const;

/** A guest whose functions are `core`'s; `forwards`: it imports them too. */
function guest(shapes: readonly Shape[], { encoding, address }: Guest, forwards: boolean): ComponentWriter {
  const writer = new ComponentWriter();
  const types = new Types(writer);
  const functions = shapes.map((shape) => types.func(shape));
  const imported = forwards ? functions.map((type, i) => writer.importFunc(`f${i}`, type)) : [];
  const libcInstance = writer.coreInstance(writer.module(libc(address)), []);
  const memory = writer.aliasCore('coreMemory', libcInstance, 'memory');
  const realloc = writer.aliasCore('coreFunc', libcInstance, 'realloc');
  const options = [[encodings[encoding]], [0x03, ...u(memory)], [0x04, ...u(realloc)]];
  const drop: Named = { name: 'drop', sort: sort.coreFunc, index: writer.resourceDrop(types.thing) };
  const lowered = imported.map((index, i): Named => {
    return { name: `f${i}`, sort: sort.coreFunc, index: writer.lower(index, options) };
  });
  const inside = writer.coreExports([drop, ...lowered]);
  const module = writer.module(forwards ? forward(shapes, address) : echo(shapes, address));
  const instance = writer.coreInstance(module, [
    { name: 'libc', instance: libcInstance },
    { name: 'in', instance: inside },
  ]);
  const postReturns = new Map<string, number>();
  for (const [i, shape] of shapes.entries()) {
    const core = writer.aliasCore('coreFunc', instance, `f${i}`);
    const after = postReturnName(coreResult(shape, address));
    let postReturn = postReturns.get(after);
    if (postReturn === undefined) {
      postReturn = writer.aliasCore('coreFunc', libcInstance, after);
      postReturns.set(after, postReturn);
    }
    // As an export `e{i}`: `f{i}` may be the name of an import.
    writer.exportFunc(`e${i}`, writer.lift(core, [...options, [0x05, ...u(postReturn)]], functions[i]!));
  }
  return writer;
}

export function oracleComponent(shapes: readonly Shape[], a: Guest, b: Guest): Uint8Array<ArrayBuffer> {
  const writer = new ComponentWriter();
  const types = new Types(writer);
  const functions = shapes.map((shape) => types.func(shape));
  const host = functions.map((type, i) => writer.importFunc(`g${i}`, type));
  const componentB = writer.component(guest(shapes, b, false));
  const componentA = writer.component(guest(shapes, a, true));
  const instanceB = writer.instance(componentB, types.args());
  const echoes = shapes.map((_, i) => writer.aliasFunc(instanceB, `e${i}`));
  const forwarding = (targets: readonly number[]): number[] => {
    const args = targets.map((index, i) => ({ name: `f${i}`, sort: sort.func, index }));
    const instance = writer.instance(componentA, [...types.args(), ...args]);
    return shapes.map((_, i) => writer.aliasFunc(instance, `e${i}`));
  };
  for (const [prefix, list] of [
    ['b', echoes],
    ['a', forwarding(echoes)],
    ['h', forwarding(host)],
  ] as const) {
    for (const [i, index] of list.entries()) writer.exportFunc(`${prefix}${i}`, index);
  }
  return writer.bytes();
}
