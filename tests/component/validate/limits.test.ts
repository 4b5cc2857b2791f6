/** Types of exponential size, deep nests, long lists: each is refused or accepted in little time. */
import {
  allFeatures,
  type ComponentAst,
  type Definition,
  ValidationError,
  type ValidComponent,
  validate,
} from '@gangway/component';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assemble, invalid, refusal, valid } from './check.ts';

/** Milliseconds of this thread's processor time: a busy machine must not matter, nor what V8 compiles for earlier files. */
const LIMIT = 2000;

function processorTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

async function quick(what: () => Promise<unknown>): Promise<void> {
  const start = processorTime();
  await what();
  const took = processorTime() - start;
  assert.ok(took < LIMIT, `took ${took} ms`);
}

const noNames = { instances: new Map() };

/** A component from definitions, without bytes. */
function componentOf(definitions: readonly Definition[]): ComponentAst {
  return { kind: 'component', range: { start: 0, end: 0 }, definitions, names: noNames };
}

function judgeAst(definitions: readonly Definition[]): ValidComponent {
  return validate(new Uint8Array(0), componentOf(definitions), { features: allFeatures });
}

function repeat<T>(count: number, item: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => item(i));
}

test('a type that doubles at each level is too large after 28', () =>
  quick(() =>
    invalid(
      `(component (type $t0 u8) ${repeat(40, (i) => `(type $t${i + 1} (tuple $t${i} $t${i}))`).join(' ')})`,
      'exceeds maximum byte size',
    ),
  ));

test('doubling behind pointers is walked once a node', () =>
  quick(async () => {
    const types = repeat(45, (i) => `(type $l${i} (list $t${i})) (type $t${i + 1} (tuple $l${i} $l${i}))`).join(' ');
    await valid(`(component (import "r" (type $r (sub resource))) (type $t0 (own $r)) ${types}
      (import "f" (func $f (param "x" $t45)))
      (component $C (import "r" (type $r (sub resource))) (type $t0 (own $r)) ${types}
        (import "f" (func (param "x" $t45))))
      (instance (instantiate $C (with "r" (type $r)) (with "f" (func $f)))))`);
  }));

test('101 type constructors inside each other', async () => {
  const nest = (count: number): string =>
    `(component (type $t0 u8) ${repeat(count, (i) => `(type $t${i + 1} (list $t${i}))`).join(' ')})`;
  await valid(nest(100));
  await invalid(nest(101), 'type nesting is too deep');
});

test('instance types that double at each level', () =>
  quick(async () => {
    const level = (i: number): string =>
      `(type $i${i + 1} (instance (alias outer 1 $i${i} (type $i)) (export "a" (instance (type $i))) (export "b" (instance (type $i)))))`;
    const bytes = await assemble(
      `(component (type $i0 (instance (export "r" (type (sub resource))))) ${repeat(30, level).join(' ')})`,
    );
    const problem = refusal(bytes)?.detail ?? '';
    assert.ok(problem.includes('effective type size exceeds') || problem.includes('too complex'), problem);
  }));

test('many instantiations of a component with many exports', () =>
  quick(async () => {
    const offset = 0;
    const name = (text: string) => ({ name: text, offset, attributes: [] });
    const funcType: Definition = { offset, kind: 'type', type: { kind: 'func', async: false, params: [] } };
    const inner = componentOf([
      funcType,
      { offset, kind: 'import', name: name('f'), type: { kind: 'func', type: 0 } },
      ...repeat(
        2000,
        (i): Definition => ({ offset, kind: 'export', name: name(`e${i}`), item: { sort: 'func', index: 0 } }),
      ),
    ]);
    const definitions: Definition[] = [
      funcType,
      { offset, kind: 'import', name: name('f'), type: { kind: 'func', type: 0 } },
      { offset, kind: 'component', component: inner },
      ...repeat(
        50_000,
        (): Definition => ({
          offset,
          kind: 'instance',
          expr: { kind: 'instantiate', component: 0, args: [{ name: 'f', item: { sort: 'func', index: 0 }, offset }] },
        }),
      ),
    ];
    assert.throws(
      () => judgeAst(definitions),
      (error: Error) => error instanceof ValidationError && error.message.includes('too complex'),
    );
  }));

test('a record of many fields, aliased into many components', () =>
  quick(async () => {
    const offset = 0;
    const fields = repeat(20_000, (i) => ({ label: `f${i}`, type: 'u8' as const, offset }));
    const child = componentOf([
      { offset, kind: 'alias', alias: { kind: 'outer', sort: 'type', count: 1, index: 0 } },
      { offset, kind: 'type', type: { kind: 'list', element: 0 } },
    ]);
    const definitions: Definition[] = [
      { offset, kind: 'type', type: { kind: 'record', fields } },
      ...repeat(20_000, (): Definition => ({ offset, kind: 'component', component: child })),
    ];
    assert.throws(
      () => judgeAst(definitions),
      (error: Error) => error instanceof ValidationError && error.message.includes('too complex'),
    );
  }));

test('components inside each other, deeper than anybody needs', () => {
  let component = componentOf([]);
  for (let i = 0; i < 10_000; i++) component = componentOf([{ offset: i, kind: 'component', component }]);
  assert.throws(() => judgeAst(component.definitions), /components are nested too deep/);
});

test('labels that conflict with the last of many', () => {
  const labels = [...repeat(100_000, (i) => `l${i}`), 'L99999'];
  assert.throws(
    () => judgeAst([{ offset: 3, kind: 'type', type: { kind: 'enum', labels } }]),
    /0x3: enum tag name `L99999`/,
  );
});

test.run();
