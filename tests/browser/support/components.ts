/** The components that pages fetch. In: nothing. Out: binaries by name. */
import { Assembler } from '../../../packages/cli/src/wast/assembler.ts';
import { echoComponent } from './echo-component.ts';

/** `run(text)` hands the text to its import `log` and returns "hello, " and the text. */
const logText = `(component
  (import "log" (func $log (param "text" string)))
  (core module $libc
    (memory (export "memory") 1)
    (data (i32.const 64) "hello, ")
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 71)))
  (core instance $libc (instantiate $libc))
  (alias core export $libc "memory" (core memory $memory))
  (alias core export $libc "realloc" (core func $realloc))
  (core func $log (canon lower (func $log) (memory $memory)))
  (core module $m
    (import "" "log" (func $log (param i32 i32)))
    (import "" "memory" (memory 1))
    (func (export "run") (param i32 i32) (result i32)
      (call $log (local.get 0) (local.get 1))
      (i32.store (i32.const 0) (i32.const 64))
      (i32.store (i32.const 4) (i32.add (local.get 1) (i32.const 7)))
      (i32.const 0)))
  (core instance $i (instantiate $m (with "" (instance
    (export "log" (func $log)) (export "memory" (memory $memory))))))
  (func (export "run") (param "text" string) (result string)
    (canon lift (core func $i "run") (memory $memory) (realloc $realloc))))`;

/** One component calls another with a string; the answer is twice its length. */
const linkedText = `(component
  (component $callee
    (core module $m
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 256))
      (func (export "twice") (param i32 i32) (result i32) (i32.mul (local.get 1) (i32.const 2))))
    (core instance $i (instantiate $m))
    (func (export "twice") (param "text" string) (result u32)
      (canon lift (core func $i "twice") (memory (core memory $i "memory")) (realloc (core func $i "realloc")))))
  (component $caller
    (import "twice" (func $twice (param "text" string) (result u32)))
    (core module $libc (memory (export "memory") 1) (data (i32.const 8) "twenty-one characters"))
    (core instance $libc (instantiate $libc))
    (core func $twice (canon lower (func $twice) (memory (core memory $libc "memory"))))
    (core module $m
      (import "" "twice" (func $twice (param i32 i32) (result i32)))
      (func (export "run") (result i32) (call $twice (i32.const 8) (i32.const 21))))
    (core instance $i (instantiate $m (with "" (instance (export "twice" (func $twice))))))
    (func (export "run") (result u32) (canon lift (core func $i "run"))))
  (instance $callee (instantiate $callee))
  (instance $caller (instantiate $caller (with "twice" (func $callee "twice"))))
  (export "run" (func $caller "run")))`;

const smallText = `(component
  (core module $m (func (export "run") (result i32) (i32.const 7)))
  (core instance $i (instantiate $m))
  (func (export "run") (result u32) (canon lift (core func $i "run"))))`;

/** A resource with state in its guest, and a trap. */
const counterText = `(component
  (core module $state
    (global $dropped (export "dropped") (mut i32) (i32.const 0))
    (func (export "drop") (param i32) (global.set $dropped (i32.add (global.get $dropped) (i32.const 1)))))
  (core instance $state (instantiate $state))
  (type $counter' (resource (rep i32) (dtor (core func $state "drop"))))
  (core func $new (canon resource.new $counter'))
  (core module $m
    (import "" "new" (func $new (param i32) (result i32)))
    (import "state" "dropped" (global $dropped (mut i32)))
    (memory 1)
    (global $next (mut i32) (i32.const 0))
    (func (export "make") (param i32) (result i32) (local $at i32)
      (local.set $at (global.get $next))
      (global.set $next (i32.add (local.get $at) (i32.const 4)))
      (i32.store (local.get $at) (local.get 0))
      (call $new (local.get $at)))
    (func (export "increment") (param i32) (result i32)
      (i32.store (local.get 0) (i32.add (i32.load (local.get 0)) (i32.const 1)))
      (i32.load (local.get 0)))
    (func (export "dropped") (result i32) (global.get $dropped))
    (func (export "fail") unreachable))
  (core instance $i (instantiate $m
    (with "" (instance (export "new" (func $new)))) (with "state" (instance $state))))
  (export $counter "counter" (type $counter'))
  (func $make (param "start" u32) (result (own $counter)) (canon lift (core func $i "make")))
  (func $increment (param "self" (borrow $counter)) (result u32) (canon lift (core func $i "increment")))
  (export "[constructor]counter" (func $make))
  (export "[method]counter.increment" (func $increment))
  (func (export "dropped") (result u32) (canon lift (core func $i "dropped")))
  (func (export "fail") (canon lift (core func $i "fail"))))`;

/** The draft's example: a class of the page, its methods, and an option. */
const elementText = `(component
  (import "element" (type $element (sub resource)))
  (import "[method]element.query-selector" (func $query
    (param "self" (borrow $element)) (param "selectors" string) (result (option (own $element)))))
  (import "[method]element.get-attribute" (func $attribute
    (param "self" (borrow $element)) (param "name" string) (result (option string))))
  (core module $libc
    (memory (export "memory") 1)
    (data (i32.const 64) "id")
    (global $next (mut i32) (i32.const 1024))
    (func (export "realloc") (param i32 i32 i32) (param $size i32) (result i32)
      (global.set $next (i32.add (global.get $next) (local.get $size)))
      (i32.sub (global.get $next) (local.get $size))))
  (core instance $libc (instantiate $libc))
  (alias core export $libc "memory" (core memory $memory))
  (alias core export $libc "realloc" (core func $realloc))
  (core func $query (canon lower (func $query) (memory $memory) (realloc $realloc)))
  (core func $attribute (canon lower (func $attribute) (memory $memory) (realloc $realloc)))
  (core func $drop (canon resource.drop $element))
  (core module $m
    (import "" "memory" (memory 1))
    (import "" "query" (func $query (param i32 i32 i32 i32)))
    (import "" "attribute" (func $attribute (param i32 i32 i32 i32)))
    (import "" "drop" (func $drop (param i32)))
    ;; option<string> at 16: the id of what the selectors find.
    (func (export "find") (param $root i32) (param $at i32) (param $length i32) (result i32)
      (i32.store8 (i32.const 16) (i32.const 0))
      (call $query (local.get $root) (local.get $at) (local.get $length) (i32.const 0))
      (if (i32.load8_u (i32.const 0)) (then
        (call $attribute (i32.load (i32.const 4)) (i32.const 64) (i32.const 2) (i32.const 16))
        (call $drop (i32.load (i32.const 4)))))
      (call $drop (local.get $root))
      (i32.const 16)))
  (core instance $i (instantiate $m (with "" (instance
    (export "memory" (memory $memory)) (export "query" (func $query)) (export "attribute" (func $attribute))
    (export "drop" (func $drop))))))
  (func (export "find") (param "root" (borrow $element)) (param "selectors" string) (result (option string))
    (canon lift (core func $i "find") (memory $memory) (realloc $realloc))))`;

const moduleText = `(module
  (import "m" "f" (func $f (param i32) (result i32)))
  (func (export "run") (param i32) (result i32) (call $f (local.get 0))))`;

export async function makeComponents(): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> {
  const assembler = await Assembler.load();
  const assemble = async (text: string): Promise<Uint8Array<ArrayBuffer>> => {
    const made = await assembler.assemble(text);
    if (made.kind === 'refused') throw new Error(made.message);
    return made.bytes;
  };
  const log = await assemble(logText);
  return new Map([
    ['echo', await assemble(echoComponent())],
    ['log', log],
    ['cut', log.slice(0, log.length - 20)],
    ['linked', await assemble(linkedText)],
    ['element', await assemble(elementText)],
    ['counter', await assemble(counterText)],
    ['module', await assemble(moduleText)],
    ['large', enlarge(await assemble(smallText), 9 * 1024 * 1024)],
  ]);
}

/** The component with a custom section of `size` bytes at the end of its first core module. */
function enlarge(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  // The preamble, then section 1: a core module, whose size is one byte.
  const [id, length] = [bytes[8]!, bytes[9]!];
  if (id !== 1 || length > 127) throw new Error('the component does not begin with a small core module');
  const end = 10 + length;
  const custom = [0, ...leb128(size), 1, 0x78];
  const head = [
    ...bytes.subarray(0, 8),
    1,
    ...leb128(length + custom.length - 2 + size),
    ...bytes.subarray(10, end),
    ...custom,
  ];
  const padding = size - 2;
  const made = new Uint8Array(head.length + padding + bytes.length - end);
  made.set(head);
  made.set(bytes.subarray(end), head.length + padding);
  return made;
}

function leb128(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest & 127) | 128);
  }
}
