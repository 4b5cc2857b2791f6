/** The command as a whole: verdicts, exceptions, time limit, output, exit codes. Scripts are written to a temporary folder. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '@gangway/cli';
import { applyExceptions, type Outcome, readExceptions, runFiles, summarise } from '@gangway/cli/wast';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const folder = mkdtempSync(join(tmpdir(), 'gangway-wast-'));
const test = suite('wast');
test.after(() => rmSync(folder, { recursive: true }));

function script(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

async function command(...args: string[]): Promise<{ code: number; out: string[]; error: string[] }> {
  const out: string[] = [];
  const error: string[] = [];
  const code = await main(['wast', ...args], {
    out: (text) => void out.push(...text.trimEnd().split('\n')),
    err: (text) => void error.push(...text.trimEnd().split('\n')),
    guest: { stdin: '', stdout: 'inherit', stderr: 'inherit' },
  });
  return { code, out, error };
}

const verdicts = (outcomes: readonly Outcome[]): string[] =>
  outcomes.map(({ line, command, verdict }) => `${line} ${command} ${verdict.kind}`);

test('decoding and validation: what passes, fails and is skipped', async () => {
  const file = script(
    'validate.wast',
    `(component (import "a" (func)))
(assert_malformed (component binary "\\00asm" "\\0d\\00\\01\\00" "\\0d\\00") "malformed section id")
(assert_malformed (component binary "\\00asm" "\\0d\\00\\01\\00" "\\0d\\00") "another message")
(assert_malformed (component binary "\\00asm" "\\0d\\00\\01\\00") "")
(assert_invalid (component binary "\\00asm" "\\0d\\00\\01\\00" "\\0d\\00") "malformed section id")
(assert_invalid (component binary "\\00asm" "\\0d\\00\\01\\00" "\\07\\03\\01\\72\\00") "at least one field")
(assert_malformed (component quote "(import") "unexpected")
(component (frobnicate))
(assert_return (invoke "f"))
(assert_invalid (component (core module (func i32.add))) "the engine has its own words")
(component binary "\\00asm")`,
  );
  const outcomes = await runFiles([file], { validateOnly: true });
  assert.equal(verdicts(outcomes), [
    '1 component passed',
    '2 assert_malformed passed',
    '3 assert_malformed failed',
    '4 assert_malformed failed',
    '5 assert_invalid failed',
    '6 assert_invalid passed',
    '7 assert_malformed skipped',
    '8 component skipped',
    '9 assert_return skipped',
    '10 assert_invalid passed',
    '11 component failed',
  ]);
  const got = (index: number): string => {
    const verdict = outcomes[index]?.verdict;
    return verdict?.kind === 'failed' ? `${verdict.expected} | ${verdict.got}` : '';
  };
  assert.is(got(2), 'malformed: "another message" | DecodeError: 0x8: malformed section id: 13');
  assert.is(got(3), 'malformed: "" | it was accepted');
  assert.is(got(4), 'invalid: "malformed section id" | DecodeError: 0x8: malformed section id: 13');
  assert.match(got(10), 'a component that can be instantiated | DecodeError: 0x4: unexpected end-of-file');
});

test('core modules run too', async () => {
  const file = script(
    'core.wast',
    `(module $m (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func $deep (export "deep") (call $deep)) (func (export "trap") unreachable) (global (export "g") i64 (i64.const -1)))
(assert_return (invoke "add" (i32.const 1) (i32.const 2)) (i32.const 3))
(assert_return (invoke "add" (i32.const 1) (i32.const 2)) (i32.const 4))
(assert_return (get "g") (i64.const -1))
(assert_trap (invoke "trap") "unreachable")
(assert_exhaustion (invoke "deep") "call stack exhausted")
(register "lib" $m)
(module (import "lib" "add" (func $add (param i32 i32) (result i32))) (func (export "f") (result i32) (call $add (i32.const 5) (i32.const 6))))
(assert_return (invoke "f") (i32.const 11))
(assert_return (invoke $m "add" (i32.const 1) (i32.const 1)) (i32.const 2))
(assert_unlinkable (module (import "lib" "nothing" (func))) "unknown import")
(assert_invalid (module (func i32.add)) "type mismatch")
(assert_trap (module (func $s unreachable) (start $s)) "unreachable")
(assert_return (invoke "nothing"))`,
  );
  assert.equal(verdicts(await runFiles([file])), [
    '1 module passed',
    '3 assert_return passed',
    '4 assert_return failed',
    '5 assert_return passed',
    '6 assert_trap passed',
    '7 assert_exhaustion passed',
    '8 register passed',
    '9 module passed',
    '10 assert_return passed',
    '11 assert_return passed',
    '12 assert_unlinkable passed',
    '13 assert_invalid passed',
    '14 assert_trap passed',
    '15 assert_return failed',
  ]);
});

test('a script that hangs, one that cannot be read', async () => {
  const loop = script('loop.wast', '(module (func $s (loop br 0)) (start $s))\n(module)');
  const [first, second] = await runFiles([loop], { timeLimit: 4000 });
  assert.match(JSON.stringify(first?.verdict), 'the file took longer than 4 s');
  assert.is(second?.verdict.kind, 'failed');
  const broken = script('broken.wast', '(module)\n(module');
  assert.equal(await runFiles([broken]), [
    {
      file: broken,
      line: 2,
      command: 'script',
      verdict: { kind: 'failed', expected: 'a script', got: '`(` without its `)`' },
    },
  ]);
});

test('exceptions excuse failures, and must not pass', () => {
  const outcome = (line: number, verdict: Outcome['verdict']): Outcome => ({
    file: 'a/b.wast',
    line,
    command: 'component',
    verdict,
  });
  const outcomes = [
    outcome(1, { kind: 'passed' }),
    outcome(2, { kind: 'failed', expected: 'x', got: 'y' }),
    outcome(3, { kind: 'skipped', reason: 'refused' }),
    outcome(4, { kind: 'passed' }),
  ];
  const excuse = (file: string, line: number) => ({ file, line, command: 'component', reason: 'why' });
  const applied = applyExceptions(outcomes, [excuse('b.wast', 2), excuse('a/b.wast', 3), excuse('other.wast', 9)]);
  assert.equal(verdicts(applied), [
    '1 component passed',
    '2 component skipped',
    '3 component skipped',
    '4 component passed',
  ]);
  assert.equal(summarise(applied), { passed: 2, failed: 0, skipped: 2, failures: [] });
  const unexpected = applyExceptions(outcomes, [excuse('b.wast', 4), excuse('b.wast', 2), excuse('b.wast', 77)]);
  assert.is(summarise(unexpected).failed, 2);
  assert.match(JSON.stringify(unexpected[3]), 'take it off the list');
  assert.match(JSON.stringify(unexpected[4]), 'there is none');
});

test('output, JSON and exit codes', async () => {
  const file = script('out.wast', '(module)\n(module (func i32.add))\n(frobnicate)');
  const failing = await command(file, '--json');
  assert.is(failing.code, 1);
  assert.is(failing.out.length, 3);
  assert.match(
    failing.out[0] ?? '',
    /out\.wast:2: module: expected a module that can be instantiated, got CompileError: /,
  );
  assert.is(failing.out[1], '1 passed, 1 failed, 1 skipped');
  const summary = JSON.parse(failing.out[2] ?? '');
  assert.equal(Object.keys(summary), ['passed', 'failed', 'skipped', 'failures']);
  assert.equal(Object.keys(summary.failures[0]), ['file', 'line', 'command', 'expected', 'got']);
  const list = script(
    'exceptions.json',
    JSON.stringify([{ file: 'out.wast', line: 2, command: 'module', reason: 'known' }]),
  );
  const excused = await command(folder, '--filter', 'out\\.wast$', '--exceptions', list, '--skips');
  assert.is(excused.code, 0);
  assert.equal(
    excused.out.map((line) => line.replace(/^.*out\.wast/, '')),
    [
      ':2: module: skipped: known exception: known',
      ':3: frobnicate: skipped: `frobnicate` is no command that this version knows',
      '1 passed, 0 failed, 2 skipped',
    ],
  );
});

test('bad usage', async () => {
  for (const args of [
    [],
    ['--nonsense'],
    [join(folder, 'missing.wast')],
    [folder, '--timeout', 'soon'],
    [folder, '--filter', '('],
    [folder, '--engine', '{'],
    [folder, '--engine', '{"lowering":"none"}'],
    [folder, '--exceptions', join(folder, 'missing.json')],
  ]) {
    const result = await command(...args);
    assert.is(result.code, 2, args.join(' '));
    assert.match(result.error[0] ?? '', /^gangway wast: /);
    assert.is(result.error[1], "Try 'gangway wast --help'.");
  }
  const { code, out } = await command('--help');
  assert.is(code, 0);
  assert.match(out.join('\n'), /--exceptions FILE/);
  assert.throws(() => readExceptions(script('bad.json', '[{"file":"a"}]')), /entry 0 needs/);
});

test.run();
