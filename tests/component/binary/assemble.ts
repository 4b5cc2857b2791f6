/** Hand-assembles component binaries, so that tests say what bytes they mean. */

import { parse } from '@bytecodealliance/jco';

export type Bytes = readonly (number | string | Bytes)[];

/** Flattens; a string is a `name`: its length and its UTF-8. */
export function flat(parts: Bytes): number[] {
  const out: number[] = [];
  const append = (some: Bytes): void => {
    for (const part of some) {
      if (typeof part === 'number') out.push(part);
      else if (typeof part === 'string') {
        const utf8 = new TextEncoder().encode(part);
        out.push(...leb(utf8.length), ...utf8);
      } else append(part);
    }
  };
  append(parts);
  return out;
}

export function leb(value: number): number[] {
  const out: number[] = [];
  do {
    const low = value & 0x7f;
    value >>>= 7;
    out.push(value === 0 ? low : low | 0x80);
  } while (value !== 0);
  return out;
}

export const preamble = [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00];
export const modulePreamble = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/** A section with its id and size. */
export function section(id: number, ...contents: Bytes): number[] {
  const bytes = flat(contents);
  return [id, ...leb(bytes.length), ...bytes];
}

export function component(...sections: Bytes): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...preamble, ...flat(sections)]);
}

/** Assembles component text. */
export async function text(source: string): Promise<Uint8Array<ArrayBuffer>> {
  return Uint8Array.from(await parse(source));
}

/** A component that has every kind of definition without gates, as text. */
export const everything = `(component $root
  (core module $m
    (memory (export "mem") 1)
    (func (export "f") (param i32 i32))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 0))
    (func (export "run")) (func (export "dtor") (param i32)))
  (core type $ct (module (import "a" "b" (func (param i32))) (export "e" (memory 1 2))))
  (core instance $i (instantiate $m))
  (alias core export $i "mem" (core memory $mem))
  (core instance $j (export "f" (func $i "f")))
  (import "log" (func $log (param "message" string)))
  (import "wasi:cli/environment@0.2.0" (instance $env (export "get" (func (result (list (tuple string string)))))))
  (type $r (resource (rep i32) (dtor (core func $i "dtor"))))
  (type $rec (record (field "a" u8) (field "b" (list string)) (field "c" (option char))))
  (type $var (variant (case "x" s64) (case "y")))
  (type (flags "p" "q")) (type (enum "e" "f")) (type (result u32 (error string))) (type (stream u8)) (type (future))
  (type (map string u32))
  (type (component (import "a" (type $t (sub resource))) (export "f" (func (param "x" (borrow $t))))))
  (core func $lowered (canon lower (func $log) (memory (core memory $mem)) string-encoding=utf16))
  (core func (canon resource.new $r)) (core func (canon resource.drop $r)) (core func (canon resource.rep $r))
  (func $greet (param "name" string) (canon lift (core func $i "f") (memory (core memory $mem)) (realloc (core func $i "realloc"))))
  (component $inner (import "g" (func (param "name" string))) (type $s string) (export "s" (type $s)))
  (instance $nested (instantiate $inner (with "g" (func $greet))))
  (instance $made (export "greet" (func $greet)))
  (alias export $nested "s" (type $alias))
  (export "greet" (func $greet))
  (export "made" (instance $made))
  (export "t" (type $alias))
)`;

/** One async component, as text. */
export const asyncText = `(component
  (core module $m (func (export "run") (result i32) (i32.const 0))
    (func (export "cb") (param i32 i32 i32) (result i32) (i32.const 0)))
  (core instance $i (instantiate $m))
  (canon task.return (result u32) (core func))
  (canon waitable-set.new (core func)) (canon waitable.join (core func)) (canon subtask.drop (core func))
  (func (export "go") async (canon lift (core func $i "run") async (callback (core func $i "cb"))))
)`;
