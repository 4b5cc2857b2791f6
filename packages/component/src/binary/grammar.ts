/**
 * Productions of Binary.md as data. In: for each opcode what follows it, written like the node of the AST that it becomes,
 * with a reader in place of each value. Out: the reader of that node.
 *
 * The properties of a form stand in the order of the bytes. What a reader finds absent (`undefined`) is left out.
 *
 * Rejected: a function a production. That is a `switch` and two literals each, which say the same with more words, and an
 * engine compiles each of them for the first component that has one.
 */
import type { Feature } from '../features.ts';
import type { BinaryReader } from './reader.ts';

/** Reads one thing. */
export type Read<T> = (reader: BinaryReader) => T;

/** Reads a part of a node that starts at the absolute byte offset `start`. */
export type Part<T> = (reader: BinaryReader, start: number) => T;

type Constant = string | boolean | undefined;

/** A node, property by property: what reads it, or what it always is. */
export type Fields<T> = T extends readonly unknown[] | Constant | number | bigint
  ? never
  : { readonly [P in keyof T]: Form<T[P]> };

export type Form<T> = Part<T> | Extract<T, Constant> | Fields<T>;

/** By opcode. */
export type Choices<T> = Readonly<Record<number, Form<T>>>;

/** Reads what has the form `form`, as part of a node at `start`. */
export function take<T>(reader: BinaryReader, form: Form<T>, start: number): T {
  if (typeof form === 'function') return (form as Part<T>)(reader, start);
  if (typeof form !== 'object') return form as T;
  const node: Record<string, unknown> = {};
  const fields = form as Readonly<Record<string, Form<unknown>>>;
  for (const name in fields) {
    const value = take(reader, fields[name]!, start);
    if (value !== undefined) node[name] = value;
  }
  return node as T;
}

/** A node without an opcode. */
export function node<T>(form: Fields<NoInfer<T>>): Read<T> {
  return (reader) => take(reader, form as Form<T>, reader.position);
}

/** One byte, and what has the form that it stands for. `what` and `refused` name the place in errors: no byte, a bad byte. */
export function pick<T>(reader: BinaryReader, what: string, refused: string, choices: Choices<T>): T {
  const start = reader.position;
  const byte = reader.byte(what);
  const form = choices[byte];
  return form === undefined ? reader.badByte(byte, refused) : take(reader, form, start);
}

/** {@link pick}, as a reader. */
export function choice<T>(what: string, refused: string, choices: Choices<T>): Read<T> {
  return (reader) => pick(reader, what, refused, choices);
}

/** `T?`: 0x00, or 0x01 and the thing. */
export function optional<T>(what: string, refused: string, read: Read<T>): Read<T | undefined> {
  return choice<T | undefined>(what, refused, { 0x00: absent, 0x01: read });
}

/** Nothing: neither a byte nor a value. */
export const absent = (): undefined => undefined;

/** `byte`, and what comes after it. */
export function after<T>(byte: number, refused: string, read: Read<T>): Read<T> {
  return (reader) => {
    reader.expect(byte, refused);
    return read(reader);
  };
}

export function vec<T>(what: string, element: Read<T>): Read<T[]> {
  return (reader) => reader.vec(what, element);
}

export function u32(what: string): Read<number> {
  return (reader) => reader.u32(what);
}

export function name(what: string): Read<string> {
  return (reader) => reader.name(what);
}

/** `value`, which is refused when the gate of `feature` is closed. `what` names the node in the error. */
export function gated<const T>(feature: Feature, what: string, value: T): Part<T> {
  return (reader, start) => {
    reader.require(feature, start, what);
    return value;
  };
}

/** Where the node starts. */
export const offset: Part<number> = (_reader, start) => start;

/** `names` by opcode: the first has the opcode `first`, the others those below it. */
export function downFrom<T extends string>(first: number, names: string): Readonly<Record<number, T>> {
  return Object.fromEntries(names.split(' ').map((name, i) => [first - i, name as T]));
}
