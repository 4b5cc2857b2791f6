/**
 * The canonical built-ins (Explainer.md#canonical-built-ins): one row each, from which the decoder takes what follows the
 * opcode, and the validator the core signature. In: an opcode or a kind. Out: the row.
 *
 * Rejected: a table in each of the two. A new built-in is a new line here, and a rule (validate/builtins.ts) if what it
 * makes depends on its immediates.
 */
import type { Canon } from './binary/ast.ts';
import type { Feature } from './features.ts';

export type BuiltinKind = Exclude<Canon['kind'], 'lift' | 'lower'>;

/** What follows the opcode; binary/canon.ts says how each is read. */
export type BuiltinForm =
  | 'plain'
  | 'typed'
  | 'copy'
  | 'cancel'
  | 'async'
  | 'wait'
  | 'switch'
  | 'options'
  | 'return'
  | 'context'
  | 'start'
  | 'shared'
  | 'shared-start'
  | 'shared-ref';

export interface BuiltinRow {
  readonly kind: BuiltinKind;
  readonly gate: Feature | null;
  readonly form: BuiltinForm;
  /** The core signature, in letters (see the table below); the one of `task.return` is made from its type. */
  readonly signature: string;
}

/**
 * Opcode, gate (`-`: none), form, kind, core signature: parameters `>` results. `i` is i32, `l` is i64. Immediates say what the
 * others are: `a` the address type of the memory or table, `t` the type of the representation, of the context slot or of what
 * a new thread is given, `f` a reference to a function of the type.
 */
const table = `
02 - typed resource.new t>i
03 - typed resource.drop i>
04 - typed resource.rep i>t
05 async plain task.cancel >
06 async async subtask.cancel i>i
09 async return task.return >
0a async context context.get >t
0b async context context.set t>
0c async switch thread.yield >i
0d async plain subtask.drop i>
0e async typed stream.new >l
0f async copy stream.read iaa>a
10 async copy stream.write iaa>a
11 async cancel stream.cancel-read i>i
12 async cancel stream.cancel-write i>i
13 async typed stream.drop-readable i>
14 async typed stream.drop-writable i>
15 async typed future.new >l
16 async copy future.read ia>i
17 async copy future.write ia>i
18 async cancel future.cancel-read i>i
19 async cancel future.cancel-write i>i
1a async typed future.drop-readable i>
1b async typed future.drop-writable i>
1c error-context options error-context.new aa>i
1d error-context options error-context.debug-message ia>
1e error-context plain error-context.drop i>
1f async plain waitable-set.new >i
20 async wait waitable-set.wait ia>i
21 async wait waitable-set.poll ia>i
22 async plain waitable-set.drop i>
23 async plain waitable.join ii>
24 async plain backpressure.inc >
25 async plain backpressure.dec >
26 threads plain thread.index >i
27 threads start thread.new-indirect at>i
28 threads plain thread.resume-later i>
29 threads switch thread.suspend >i
2a threads switch thread.suspend-then-resume i>i
2b threads switch thread.yield-then-resume i>i
2c threads switch thread.suspend-then-promote i>i
2d threads switch thread.yield-then-promote i>i
40 shared-everything-threads shared-ref thread.spawn-ref ft>i
41 shared-everything-threads shared-start thread.spawn-indirect at>i
42 shared-everything-threads shared thread.available-parallelism >i
`;

/** The row that has the words `words`; undefined when there is none. Only this one is read: few components need more than two. */
function rowWith(words: string): BuiltinRow | undefined {
  const at = table.indexOf(words);
  if (at === -1) return undefined;
  const line = table.slice(table.lastIndexOf('\n', at) + 1, table.indexOf('\n', at + 1));
  const [, gate, form, kind, signature] = line.split(' ');
  return { kind, gate: gate === '-' ? null : gate, form, signature } as BuiltinRow;
}

/** The row of an opcode; undefined when no built-in has it. */
export function builtinOf(opcode: number): BuiltinRow | undefined {
  return rowWith(`\n${opcode.toString(16).padStart(2, '0')} `);
}

/** The row of a built-in. */
export function builtinRow(kind: BuiltinKind): BuiltinRow {
  return rowWith(` ${kind} `)!;
}
