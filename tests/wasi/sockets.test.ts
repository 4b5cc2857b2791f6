/**
 * A guest with a real connection: it connects to a server of this machine, writes, reads what comes back. The server is a
 * thread, for the shim blocks the one that calls the guest.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type ImportsObject, instantiate } from '@gangway/host';
import { type WasiOptions, wasiImports } from '@gangway/wasi';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { component } from '../support/assemble.ts';

const codes = [
  'unknown',
  'access-denied',
  'not-supported',
  'invalid-argument',
  'out-of-memory',
  'timeout',
  'concurrency-conflict',
  'not-in-progress',
  'would-block',
  'invalid-state',
  'new-socket-limit',
  'address-not-bindable',
  'address-in-use',
  'remote-unreachable',
  'connection-refused',
  'connection-reset',
  'connection-aborted',
  'datagram-too-large',
  'name-unresolvable',
  'temporary-resolver-failure',
  'permanent-resolver-failure',
];

/**
 * `ask` connects to a port of 127.0.0.1, writes a text and reads once. The error is the code's index; 100: of a stream. A call's
 * result is at 16: its case, then at 20 its payload.
 */
const text = `(component
  (import "wasi:io/error@0.2.3" (instance $error (export "error" (type (sub resource)))))
  (alias export $error "error" (type $error))
  (import "wasi:io/poll@0.2.3" (instance $poll
    (export "pollable" (type $pollable (sub resource)))
    (export "[method]pollable.block" (func (param "self" (borrow $pollable))))))
  (alias export $poll "pollable" (type $pollable))
  (import "wasi:io/streams@0.2.3" (instance $streams
    (export "input-stream" (type $input (sub resource)))
    (export "output-stream" (type $output (sub resource)))
    (alias outer 1 $error (type $error'))
    (export "error" (type $e (eq $error')))
    (type $stream-error' (variant (case "last-operation-failed" (own $e)) (case "closed")))
    (export "stream-error" (type $stream-error (eq $stream-error')))
    (export "[method]input-stream.blocking-read"
      (func (param "self" (borrow $input)) (param "len" u64) (result (result (list u8) (error $stream-error)))))
    (export "[method]output-stream.blocking-write-and-flush"
      (func (param "self" (borrow $output)) (param "contents" (list u8)) (result (result (error $stream-error)))))))
  (alias export $streams "input-stream" (type $input))
  (alias export $streams "output-stream" (type $output))
  (import "wasi:sockets/network@0.2.3" (instance $network
    (export "network" (type (sub resource)))
    (type $code' (enum ${codes.map((code) => `"${code}"`).join(' ')}))
    (export "error-code" (type (eq $code')))
    (type $family' (enum "ipv4" "ipv6"))
    (export "ip-address-family" (type (eq $family')))
    (type $v4' (tuple u8 u8 u8 u8))
    (export "ipv4-address" (type $v4 (eq $v4')))
    (type $v6' (tuple u16 u16 u16 u16 u16 u16 u16 u16))
    (export "ipv6-address" (type $v6 (eq $v6')))
    (type $socket4' (record (field "port" u16) (field "address" $v4)))
    (export "ipv4-socket-address" (type $socket4 (eq $socket4')))
    (type $socket6' (record (field "port" u16) (field "flow-info" u32) (field "address" $v6) (field "scope-id" u32)))
    (export "ipv6-socket-address" (type $socket6 (eq $socket6')))
    (type $address' (variant (case "ipv4" $socket4) (case "ipv6" $socket6)))
    (export "ip-socket-address" (type (eq $address')))))
  (alias export $network "network" (type $network))
  (alias export $network "error-code" (type $code))
  (alias export $network "ip-address-family" (type $family))
  (alias export $network "ip-socket-address" (type $address))
  (import "wasi:sockets/instance-network@0.2.3" (instance $instance
    (alias outer 1 $network (type $network'))
    (export "network" (type $n (eq $network')))
    (export "instance-network" (func (result (own $n))))))
  (import "wasi:sockets/tcp@0.2.3" (instance $tcp
    (export "tcp-socket" (type $socket (sub resource)))
    (alias outer 1 $network (type $network'))
    (export "network" (type $n (eq $network')))
    (alias outer 1 $code (type $code'))
    (export "error-code" (type $c (eq $code')))
    (alias outer 1 $address (type $address'))
    (export "ip-socket-address" (type $a (eq $address')))
    (alias outer 1 $input (type $input'))
    (export "input-stream" (type $i (eq $input')))
    (alias outer 1 $output (type $output'))
    (export "output-stream" (type $o (eq $output')))
    (alias outer 1 $pollable (type $pollable'))
    (export "pollable" (type $p (eq $pollable')))
    (export "[method]tcp-socket.start-connect"
      (func (param "self" (borrow $socket)) (param "network" (borrow $n)) (param "remote-address" $a) (result (result (error $c)))))
    (export "[method]tcp-socket.finish-connect"
      (func (param "self" (borrow $socket)) (result (result (tuple (own $i) (own $o)) (error $c)))))
    (export "[method]tcp-socket.subscribe" (func (param "self" (borrow $socket)) (result (own $p))))))
  (alias export $tcp "tcp-socket" (type $socket))
  (import "wasi:sockets/tcp-create-socket@0.2.3" (instance $create
    (alias outer 1 $socket (type $socket'))
    (export "tcp-socket" (type $s (eq $socket')))
    (alias outer 1 $code (type $code'))
    (export "error-code" (type $c (eq $code')))
    (alias outer 1 $family (type $family'))
    (export "ip-address-family" (type $f (eq $family')))
    (export "create-tcp-socket" (func (param "address-family" $f) (result (result (own $s) (error $c)))))))

  (core module $libc
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 1024))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (local $at i32)
      (local.set $at (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
      (global.set $next (i32.add (local.get $at) (local.get 3)))
      (local.get $at)))
  (core instance $libc (instantiate $libc))
  (alias core export $libc "memory" (core memory $memory))
  (alias core export $libc "realloc" (core func $realloc))
  (alias export $instance "instance-network" (func $instance-network))
  (alias export $create "create-tcp-socket" (func $create))
  (alias export $tcp "[method]tcp-socket.start-connect" (func $start))
  (alias export $tcp "[method]tcp-socket.finish-connect" (func $finish))
  (alias export $tcp "[method]tcp-socket.subscribe" (func $subscribe))
  (alias export $poll "[method]pollable.block" (func $block))
  (alias export $streams "[method]input-stream.blocking-read" (func $read))
  (alias export $streams "[method]output-stream.blocking-write-and-flush" (func $write))
  (core func $instance-network' (canon lower (func $instance-network)))
  (core func $create' (canon lower (func $create) (memory $memory)))
  (core func $start' (canon lower (func $start) (memory $memory)))
  (core func $finish' (canon lower (func $finish) (memory $memory)))
  (core func $subscribe' (canon lower (func $subscribe)))
  (core func $block' (canon lower (func $block)))
  (core func $read' (canon lower (func $read) (memory $memory) (realloc $realloc)))
  (core func $write' (canon lower (func $write) (memory $memory)))
  (core func $drop-network (canon resource.drop $network))
  (core func $drop-socket (canon resource.drop $socket))
  (core func $drop-pollable (canon resource.drop $pollable))
  (core func $drop-input (canon resource.drop $input))
  (core func $drop-output (canon resource.drop $output))

  (core module $m
    (import "libc" "memory" (memory 1))
    (import "" "instance-network" (func $instance-network (result i32)))
    (import "" "create" (func $create (param i32 i32)))
    (import "" "start" (func $start (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)))
    (import "" "finish" (func $finish (param i32 i32)))
    (import "" "subscribe" (func $subscribe (param i32) (result i32)))
    (import "" "block" (func $block (param i32)))
    (import "" "read" (func $read (param i32 i64 i32)))
    (import "" "write" (func $write (param i32 i32 i32 i32)))
    (import "" "drop-network" (func $drop-network (param i32)))
    (import "" "drop-socket" (func $drop-socket (param i32)))
    (import "" "drop-pollable" (func $drop-pollable (param i32)))
    (import "" "drop-input" (func $drop-input (param i32)))
    (import "" "drop-output" (func $drop-output (param i32)))
    ;; Whether the call before failed.
    (func $failed (result i32) (i32.load8_u (i32.const 16)))
    ;; The result of ask: the error case, with the code in the byte at an address.
    (func $error (param $at i32) (result i32)
      (i32.store8 (i32.const 64) (i32.const 1))
      (i32.store8 (i32.const 68) (i32.load8_u (local.get $at)))
      (i32.const 64))
    (func $stream-error (result i32)
      (i32.store8 (i32.const 16) (i32.const 100))
      (call $error (i32.const 16)))
    (func $talk (param $input i32) (param $output i32) (param $text i32) (param $bytes i32) (result i32)
      (call $write (local.get $output) (local.get $text) (local.get $bytes) (i32.const 16))
      (if (call $failed) (then (return (call $stream-error))))
      (call $read (local.get $input) (i64.const 1000) (i32.const 16))
      (if (call $failed) (then (return (call $stream-error))))
      (i32.store8 (i32.const 64) (i32.const 0))
      (i64.store (i32.const 68) (i64.load (i32.const 20)))
      (i32.const 64))
    (func $connected (param $socket i32) (param $text i32) (param $bytes i32) (result i32)
      (local $pollable i32) (local $input i32) (local $output i32)
      (local.set $pollable (call $subscribe (local.get $socket)))
      (block $ready
        (loop $wait
          (call $block (local.get $pollable))
          (call $finish (local.get $socket) (i32.const 16))
          (br_if $ready (i32.eqz (call $failed)))
          ;; would-block
          (br_if $wait (i32.eq (i32.load8_u (i32.const 20)) (i32.const 8)))))
      (call $drop-pollable (local.get $pollable))
      (if (call $failed) (then (return (call $error (i32.const 20)))))
      (local.set $input (i32.load (i32.const 20)))
      (local.set $output (i32.load (i32.const 24)))
      (call $talk (local.get $input) (local.get $output) (local.get $text) (local.get $bytes))
      (call $drop-input (local.get $input))
      (call $drop-output (local.get $output)))
    (func (export "ask") (param $port i32) (param $text i32) (param $bytes i32) (result i32)
      (local $network i32) (local $socket i32)
      (call $create (i32.const 0) (i32.const 16))
      (if (call $failed) (then (return (call $error (i32.const 20)))))
      (local.set $socket (i32.load (i32.const 20)))
      (local.set $network (call $instance-network))
      (call $start (local.get $socket) (local.get $network)
        (i32.const 0) (local.get $port) (i32.const 127) (i32.const 0) (i32.const 0) (i32.const 1)
        (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 16))
      (call $drop-network (local.get $network))
      (if (result i32) (call $failed)
        (then (call $error (i32.const 17)))
        (else (call $connected (local.get $socket) (local.get $text) (local.get $bytes))))
      (call $drop-socket (local.get $socket))))
  (core instance $i (instantiate $m
    (with "libc" (instance $libc))
    (with "" (instance
      (export "instance-network" (func $instance-network')) (export "create" (func $create'))
      (export "start" (func $start')) (export "finish" (func $finish')) (export "subscribe" (func $subscribe'))
      (export "block" (func $block')) (export "read" (func $read')) (export "write" (func $write'))
      (export "drop-network" (func $drop-network)) (export "drop-socket" (func $drop-socket))
      (export "drop-pollable" (func $drop-pollable)) (export "drop-input" (func $drop-input))
      (export "drop-output" (func $drop-output))))))
  (alias core export $i "ask" (core func $ask))
  (func (export "ask") (param "port" u16) (param "text" string) (result (result string (error u8)))
    (canon lift (core func $ask) (memory $memory) (realloc $realloc))))`;

/** Answers what comes with the same in capitals; posts its port, then how each connection ended. */
const server = `
  const { parentPort } = require('node:worker_threads');
  const { createServer } = require('node:net');
  const server = createServer((socket) => {
    socket.setEncoding('utf8');
    socket.on('data', (text) => socket.write(text.toUpperCase()));
    socket.on('error', (error) => parentPort.postMessage(error.code));
    socket.on('end', () => parentPort.postMessage('ended'));
  });
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
  parentPort.on('message', () => server.close(() => process.exit(0)));`;

async function asking(options: WasiOptions): Promise<(port: number, text: string) => string> {
  const compiled = await component(text);
  const imports = (await wasiImports(compiled, options)) as ImportsObject;
  const { exports } = await instantiate<{ ask(port: number, text: string): string }>(compiled, imports);
  return (port, text) => {
    try {
      return exports.ask(port, text);
    } catch (error) {
      const code = (error as { payload: number }).payload;
      return codes[code] ?? `${code}`;
    }
  };
}

test('a guest connects to a server, writes and reads', async () => {
  const thread = new Worker(server, { eval: true });
  try {
    const [port] = (await once(thread, 'message')) as [number];
    const ask = await asking({ network: true });
    for (const text of ['hello', 'hello again ☃']) {
      const ended = once(thread, 'message');
      assert.is(ask(port, text), text.toUpperCase());
      assert.equal(await ended, ['ended'], 'dropping the streams and the socket ends the connection');
    }
    assert.is((await asking({}))(port, 'hello'), 'access-denied');
    const gone = once(thread, 'exit');
    thread.postMessage('close');
    await gone;
    assert.is(ask(port, 'hello'), 'connection-refused');
  } finally {
    await thread.terminate();
  }
});

test.run();
