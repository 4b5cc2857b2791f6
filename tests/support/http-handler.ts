/**
 * A component that handles HTTP, as text. What it does is the letter behind the path's slash: `h` says hello, `e` sends the body
 * back, `d` drops its body half-way, `n` returns without a response, `c` responds with an error's code, `t` traps, `a` traps after
 * its response; `m` counts the requests that its memory has seen.
 */

/** Methods and functions of `wasi:http/types` that it calls, and the core types that they have once lowered. */
const functions = [
  ['[constructor]fields', '(result (own $fields))', '(result i32)'],
  [
    '[method]incoming-request.path-with-query',
    '(param "self" (borrow $request)) (result (option string))',
    '(param i32 i32)',
  ],
  [
    '[method]incoming-request.consume',
    '(param "self" (borrow $request)) (result (result (own $in)))',
    '(param i32 i32)',
  ],
  ['[method]incoming-body.stream', '(param "self" (borrow $in)) (result (result (own $input\')))', '(param i32 i32)'],
  [
    '[constructor]outgoing-response',
    '(param "headers" (own $fields)) (result (own $response))',
    '(param i32) (result i32)',
  ],
  [
    '[method]outgoing-response.body',
    '(param "self" (borrow $response)) (result (result (own $out)))',
    '(param i32 i32)',
  ],
  ['[method]outgoing-body.write', '(param "self" (borrow $out)) (result (result (own $output\')))', '(param i32 i32)'],
  [
    '[static]outgoing-body.finish',
    '(param "this" (own $out)) (param "trailers" (option (own $fields))) (result (result (error $code)))',
    '(param i32 i32 i32 i32)',
  ],
  [
    '[static]response-outparam.set',
    '(param "param" (own $outparam)) (param "response" (result (own $response) (error $code)))',
    '(param i32 i32 i32)',
  ],
] as const;

const resources = [
  ['fields', 'fields'],
  ['request', 'incoming-request'],
  ['in', 'incoming-body'],
  ['response', 'outgoing-response'],
  ['out', 'outgoing-body'],
  ['outparam', 'response-outparam'],
] as const;

const streamFunctions = [
  [
    '[method]input-stream.blocking-read',
    '(param "self" (borrow $input)) (param "len" u64) (result (result (list u8) (error $stream-error)))',
    '(param i32 i64 i32)',
  ],
  [
    '[method]output-stream.blocking-write-and-flush',
    '(param "self" (borrow $output)) (param "contents" (list u8)) (result (result (error $stream-error)))',
    '(param i32 i32 i32 i32)',
  ],
] as const;

const declared = (all: readonly (readonly [string, string, string])[]): string =>
  all.map(([name, type]) => `(export "${name}" (func ${type}))`).join('\n    ');

const all = [
  ...functions.map(([name, , core]) => ['types', name, core] as const),
  ...streamFunctions.map(([name, , core]) => ['streams', name, core] as const),
];

/** Ids are the names, without what kind of function it is. The result of a call is at 16: its case, then at 20 its payload. Whatever is received is at 1024. */
export const httpHandler = `(component
  (import "wasi:io/error@0.2.3" (instance $error (export "error" (type (sub resource)))))
  (alias export $error "error" (type $error))
  (import "wasi:io/streams@0.2.3" (instance $streams
    (export "input-stream" (type $input (sub resource)))
    (export "output-stream" (type $output (sub resource)))
    (alias outer 1 $error (type $error'))
    (export "error" (type $e (eq $error')))
    (type $stream-error' (variant (case "last-operation-failed" (own $e)) (case "closed")))
    (export "stream-error" (type $stream-error (eq $stream-error')))
    ${declared(streamFunctions)}))
  (alias export $streams "input-stream" (type $input))
  (alias export $streams "output-stream" (type $output))
  (import "wasi:http/types@0.2.3" (instance $types
    ${resources.map(([short, name]) => `(export "${name}" (type $${short} (sub resource)))`).join('\n    ')}
    (alias outer 1 $input (type $input''))
    (export "input-stream" (type $input' (eq $input'')))
    (alias outer 1 $output (type $output''))
    (export "output-stream" (type $output' (eq $output'')))
    (type $code' (variant (case "connection-refused") (case "HTTP-request-denied")))
    (export "error-code" (type $code (eq $code')))
    ${declared(functions)}))
  ${resources.map(([short, name]) => `(alias export $types "${name}" (type $${short}))`).join('\n  ')}

  (core module $libc
    (memory (export "memory") 2)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
  (core instance $libc (instantiate $libc))
  (alias core export $libc "memory" (core memory $memory))
  (alias core export $libc "realloc" (core func $realloc))
  ${all
    .map(
      ([instance, name]) => `(alias export $${instance} "${name}" (func $${name}))
  (core func $${name}' (canon lower (func $${name}) (memory $memory) (realloc $realloc)))`,
    )
    .join('\n  ')}
  (core func $drop-in (canon resource.drop $in))
  (core func $drop-out (canon resource.drop $out))
  (core func $drop-input (canon resource.drop $input))
  (core func $drop-output (canon resource.drop $output))
  (core func $drop-request (canon resource.drop $request))

  (core module $m
    (import "libc" "memory" (memory 2))
    ${all.map(([, name, core]) => `(import "" "${name}" (func $${name} ${core}))`).join('\n    ')}
    ${['in', 'out', 'input', 'output', 'request'].map((name) => `(import "" "drop-${name}" (func $drop-${name} (param i32)))`).join('\n    ')}
    (data (i32.const 64) "hello")

    ;; The payload of a result that must be ok.
    (func $ok (result i32)
      (if (i32.load8_u (i32.const 16)) (then unreachable))
      (i32.load (i32.const 20)))
    (func $write (param $to i32) (param $at i32) (param $length i32)
      (local $piece i32)
      (loop $next
        (local.set $piece (select (i32.const 4096) (local.get $length) (i32.gt_u (local.get $length) (i32.const 4096))))
        (call $[method]output-stream.blocking-write-and-flush
          (local.get $to) (local.get $at) (local.get $piece) (i32.const 16))
        (if (i32.load8_u (i32.const 16)) (then unreachable))
        (local.set $at (i32.add (local.get $at) (local.get $piece)))
        (local.set $length (i32.sub (local.get $length) (local.get $piece)))
        (br_if $next (local.get $length))))
    (func $echo (param $request i32) (param $to i32)
      (local $body i32) (local $from i32)
      (call $[method]incoming-request.consume (local.get $request) (i32.const 16))
      (local.set $body (call $ok))
      (call $[method]incoming-body.stream (local.get $body) (i32.const 16))
      (local.set $from (call $ok))
      (block $end
        (loop $next
          (call $[method]input-stream.blocking-read (local.get $from) (i64.const 65536) (i32.const 16))
          (br_if $end (i32.load8_u (i32.const 16)))
          (if (i32.load (i32.const 24))
            (then (call $write (local.get $to) (i32.load (i32.const 20)) (i32.load (i32.const 24)))))
          (br $next)))
      (call $drop-input (local.get $from))
      (call $drop-in (local.get $body)))
    (func (export "handle") (param $request i32) (param $outparam i32)
      (local $what i32) (local $response i32) (local $body i32) (local $to i32)
      (call $[method]incoming-request.path-with-query (local.get $request) (i32.const 16))
      ;; An option's payload stands where a result's does.
      (local.set $what (i32.load8_u offset=1 (i32.load (i32.const 20))))
      (if (i32.eq (local.get $what) (i32.const 116 (; t ;))) (then unreachable))
      (if (i32.eq (local.get $what) (i32.const 110 (; n ;))) (then (return)))
      (if (i32.eq (local.get $what) (i32.const 99 (; c ;)))
        (then
          (call $[static]response-outparam.set (local.get $outparam) (i32.const 1) (i32.const 1))
          (return)))
      (local.set $response (call $[constructor]outgoing-response (call $[constructor]fields)))
      (call $[method]outgoing-response.body (local.get $response) (i32.const 16))
      (local.set $body (call $ok))
      (call $[static]response-outparam.set (local.get $outparam) (i32.const 0) (local.get $response))
      (call $[method]outgoing-body.write (local.get $body) (i32.const 16))
      (local.set $to (call $ok))
      (if (i32.eq (local.get $what) (i32.const 101 (; e ;)))
        (then (call $echo (local.get $request) (local.get $to)))
        (else
          (if (i32.eq (local.get $what) (i32.const 109 (; m ;)))
            (then
              (i32.store8 (i32.const 80) (i32.add (i32.load8_u (i32.const 80)) (i32.const 1)))
              (i32.store8 (i32.const 81) (i32.add (i32.load8_u (i32.const 80)) (i32.const 48 (; 0 ;))))
              (call $write (local.get $to) (i32.const 81) (i32.const 1)))
            (else (call $write (local.get $to) (i32.const 64) (i32.const 5))))))
      (call $drop-output (local.get $to))
      (if (i32.eq (local.get $what) (i32.const 100 (; d ;)))
        (then (call $drop-out (local.get $body)))
        (else
          (call $[static]outgoing-body.finish (local.get $body) (i32.const 0) (i32.const 0) (i32.const 16))))
      (if (i32.eq (local.get $what) (i32.const 97 (; a ;))) (then unreachable))
      (call $drop-request (local.get $request))))
  (core instance $i (instantiate $m
    (with "libc" (instance $libc))
    (with "" (instance
      ${all.map(([, name]) => `(export "${name}" (func $${name}'))`).join('\n      ')}
      ${['in', 'out', 'input', 'output', 'request'].map((name) => `(export "drop-${name}" (func $drop-${name}))`).join('\n      ')}))))
  (alias core export $i "handle" (core func $handle))
  (func $handle (param "request" (own $request)) (param "response-out" (own $outparam)) (canon lift (core func $handle)))
  (instance $handler (export "handle" (func $handle)))
  (export "wasi:http/incoming-handler@0.2.3" (instance $handler)))`.replaceAll(/\$\[[a-z]+\]/g, '$');
