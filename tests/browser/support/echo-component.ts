/**
 * A component that sends values through both directions of the canonical ABI. In: named types with their flattening. Out:
 * component text with, for each, an import `host-NAME` and an export `echo-NAME` of type `func(a: T) -> T` that calls it:
 * JavaScript → guest → JavaScript → guest → JavaScript.
 */

export interface EchoType {
  readonly name: string;
  /** As text; with `named`, the definition behind the name. */
  readonly type: string;
  /** Records, variants, enums and flags must have a name where others see them. */
  readonly named?: true;
  /** CanonicalABI.md#flattening, of a parameter. */
  readonly flat: readonly string[];
  /** Core type of the result; absent: it is returned through memory. */
  readonly result?: string;
}

const scalar = (name: string, core: string): EchoType => ({ name, type: name, flat: [core], result: core });

export const echoTypes: readonly EchoType[] = [
  ...['bool', 's8', 'u8', 's16', 'u16', 's32', 'u32', 'char'].map((name) => scalar(name, 'i32')),
  scalar('s64', 'i64'),
  scalar('u64', 'i64'),
  scalar('f32', 'f32'),
  scalar('f64', 'f64'),
  { name: 'string', type: 'string', flat: ['i32', 'i32'] },
  { name: 'bytes', type: '(list u8)', flat: ['i32', 'i32'] },
  { name: 'floats', type: '(list f64)', flat: ['i32', 'i32'] },
  { name: 'longs', type: '(list s64)', flat: ['i32', 'i32'] },
  { name: 'strings', type: '(list string)', flat: ['i32', 'i32'] },
  { name: 'bools', type: '(list bool)', flat: ['i32', 'i32'] },
  { name: 'pair', type: '(tuple u8 string)', flat: ['i32', 'i32', 'i32'] },
  {
    name: 'point',
    type: '(record (field "x" f64) (field "label-text" string) (field "is-set" bool))',
    named: true,
    flat: ['f64', 'i32', 'i32', 'i32'],
  },
  { name: 'points', type: '(list $point)', flat: ['i32', 'i32'] },
  {
    name: 'shape',
    type: '(variant (case "empty") (case "number" u32) (case "text" string) (case "both-of" (tuple f64 s8)))',
    named: true,
    // The second slot is a u32, the address of a string, or an f64.
    flat: ['i32', 'i64', 'i32'],
  },
  { name: 'shapes', type: '(list $shape)', flat: ['i32', 'i32'] },
  { name: 'heading', type: '(enum "north" "south-east")', named: true, flat: ['i32'], result: 'i32' },
  { name: 'bits', type: '(flags "a" "b-c" "d")', named: true, flat: ['i32'], result: 'i32' },
  { name: 'maybe', type: '(option u32)', flat: ['i32', 'i32'] },
  { name: 'maybe-string', type: '(option string)', flat: ['i32', 'i32', 'i32'] },
  { name: 'maybe-maybe', type: '(option (option u32))', flat: ['i32', 'i32', 'i32'] },
  { name: 'outcome', type: '(result string (error u32))', flat: ['i32', 'i32', 'i32'] },
  { name: 'outcomes', type: '(list (result u8 (error string)))', flat: ['i32', 'i32'] },
  {
    name: 'wide',
    type: `(record ${Array.from({ length: 17 }, (_, i) => `(field "f${i}" u16)`).join(' ')})`,
    named: true,
    // More than 16 core values: through memory.
    flat: ['i32'],
  },
];

export function echoComponent(types: readonly EchoType[] = echoTypes): string {
  const use = ({ name, type, named }: EchoType): string => (named ? `$${name}` : type);
  const signature = (t: EchoType): string => `(param "a" ${use(t)}) (result ${use(t)})`;
  const core = (t: EchoType): string => {
    const params = t.flat.join(' ');
    return t.result === undefined ? `(param ${params} i32)` : `(param ${params}) (result ${t.result})`;
  };
  return `(component
    ${types
      .map((t) =>
        t.named ? `(type $${t.name}' ${t.type}) (import "${t.name}" (type $${t.name} (eq $${t.name}')))` : '',
      )
      .join('\n')}
    ${types.map((t) => `(import "host-${t.name}" (func $host-${t.name} ${signature(t)}))`).join('\n')}
    (core module $libc
      (memory (export "memory") 1)
      (global $next (mut i32) (i32.const 4096))
      ;; What a call allocates is free again when it has ended.
      (func (export "reset") (global.set $next (i32.const 4096)))
      (func (export "realloc") (param $old i32) (param $size i32) (param $align i32) (param $new i32) (result i32)
        (local $at i32)
        (local.set $at (i32.and
          (i32.add (global.get $next) (i32.sub (local.get $align) (i32.const 1)))
          (i32.sub (i32.const 0) (local.get $align))))
        (global.set $next (i32.add (local.get $at) (local.get $new)))
        (if (i32.gt_u (global.get $next) (i32.mul (memory.size) (i32.const 65536)))
          (then (drop (memory.grow (i32.add (i32.shr_u (local.get $new) (i32.const 16)) (i32.const 1))))))
        (memory.copy (local.get $at) (local.get $old)
          (select (local.get $size) (local.get $new) (i32.lt_u (local.get $size) (local.get $new))))
        (local.get $at)))
    (core instance $libc (instantiate $libc))
    (alias core export $libc "memory" (core memory $memory))
    (alias core export $libc "realloc" (core func $realloc))
    (alias core export $libc "reset" (core func $reset))
    ${types
      .map(
        (t) => `(core func $lower-${t.name} (canon lower (func $host-${t.name}) (memory $memory) (realloc $realloc)))`,
      )
      .join('\n')}
    (core module $m
      ${types.map((t) => `(import "host" "${t.name}" (func $${t.name} ${core(t)}))`).join('\n')}
      ${types
        .map((t) => {
          const args = t.flat.map((_, i) => `(local.get ${i})`).join(' ');
          const params = `(param ${t.flat.join(' ')})`;
          return t.result === undefined
            ? `(func (export "${t.name}") ${params} (result i32)
                (call $${t.name} ${args} (i32.const 1024)) (i32.const 1024))`
            : `(func (export "${t.name}") ${params} (result ${t.result}) (call $${t.name} ${args}))`;
        })
        .join('\n')})
    (core instance $i (instantiate $m (with "host" (instance
      ${types.map((t) => `(export "${t.name}" (func $lower-${t.name}))`).join('\n')}))))
    ${types
      .map(
        (t) => `(func (export "echo-${t.name}") ${signature(t)}
          (canon lift (core func $i "${t.name}") (memory $memory) (realloc $realloc)))`,
      )
      .join('\n')})`;
}
