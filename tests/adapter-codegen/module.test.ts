import assert from 'node:assert/strict';
import { test } from 'uvu';
import type { FunctionBuilder, Memory, ModuleBuilder, ModuleSpec } from '../../packages/adapter-codegen/src/builder.ts';
import { createModule as create } from '../../packages/adapter-codegen/src/create-module.ts';
import { loads, ops, stores, type ValType } from '../../packages/adapter-codegen/src/ops.ts';
import { toWat, validateByWabt } from '../../packages/adapter-codegen/src/wat.ts';

const contextMemory = {
  name: 'context',
  module: 'context',
  base: 'memory',
  source: { kind: 'context-memory' },
} as const;
const guest = (name: string, address: 'i32' | 'i64') =>
  ({ name, module: 'guest', base: name, address, source: { kind: 'context-memory' } }) as const;

async function compile(module: ModuleBuilder): Promise<WebAssembly.Module> {
  assert.ok(module.validate());
  return WebAssembly.compile(module.emit().bytes);
}

/** Back ends print what is wrong. */
function silently<T>(run: () => T): T {
  const { write } = process.stderr;
  process.stderr.write = () => true;
  try {
    return run();
  } finally {
    process.stderr.write = write;
  }
}

/** Operand types of an instruction, by its name. */
function operandTypes(group: string, mnemonic: string, count: number): ValType[] {
  const from = /_([if](?:32|64))(?:_[su])?$/.exec(mnemonic)?.[1] as ValType | undefined;
  if (/x\d+$/.test(group)) return Array.from({ length: count }, () => 'v128');
  return Array.from({ length: count }, () => from ?? (group as ValType));
}

for (const codegen of ['binaryen', 'direct'] as const) {
  const createModule = (spec: ModuleSpec): Promise<ModuleBuilder> => create(spec, codegen);

  test(`${codegen}: functions, loops, locals, names`, async () => {
    const m = await createModule({ name: 'sums', memories: [contextMemory] });
    const memory = m.memory('context');
    const sum = m.func(
      'sum',
      [
        ['ptr', 'i32'],
        ['n', 'i32'],
      ],
      ['i64'],
      (f) => {
        const [ptr, n] = f.params as [(typeof f.params)[0], (typeof f.params)[0]];
        const total = f.local('total', 'i64');
        return [
          f.block('done', (done) => [
            f.loop('next', (next) => [
              f.br_if(done, f.i32.eqz(f.get(n))),
              f.set(total, f.i64.add(f.get(total), f.i64.load8_u(memory, f.get(ptr), 2))),
              f.set(ptr, f.i32.add(f.get(ptr), f.i32.const(1))),
              f.set(n, f.i32.sub(f.get(n), f.i32.const(1))),
              f.br(next),
            ]),
          ]),
          f.get(total),
        ];
      },
    );
    m.exportFunc(sum, 'sum');
    assert.ok(m.validate());
    const emitted = m.emit();
    assert.deepEqual(emitted.exports, ['sum']);
    assert.deepEqual(emitted.imports, [{ module: 'context', name: 'memory', source: { kind: 'context-memory' } }]);
    await validateByWabt(emitted.bytes);
    const wat = await toWat(emitted.bytes);
    assert.match(wat, /\(func \$sum \(type \$i32_i32->i64\) \(param \$ptr i32\) \(param \$n i32\) \(result i64\)/);
    assert.match(wat, /\(local \$total i64\)/);
    const memoryObject = new WebAssembly.Memory({ initial: 1 });
    new Uint8Array(memoryObject.buffer).set([9, 9, 1, 2, 3]);
    const instance = await WebAssembly.instantiate(await WebAssembly.compile(emitted.bytes), {
      context: { memory: memoryObject },
    });
    assert.equal((instance.exports['sum'] as (p: number, n: number) => bigint)(0, 3), 6n);
  });

  test(`${codegen}: several memories, 32 and 64 bit, copies between them`, async () => {
    const m = await createModule({ name: 'copies', memories: [contextMemory, guest('a', 'i32'), guest('b', 'i64')] });
    const [a, b] = [m.memory('a'), m.memory('b')];
    const copy = m.func(
      'copy',
      [
        ['from', 'i64'],
        ['to', 'i32'],
        ['size', 'i32'],
      ],
      ['i64'],
      (f) => {
        const [from, to, size] = f.params;
        return [
          f.memory_copy(a, f.get(to!), b, f.get(from!), f.get(size!)),
          f.memory_fill(b, f.get(from!), f.i32.const(7), f.i64.extend_i32_u(f.get(size!))),
          f.memory_size(b),
        ];
      },
    );
    m.exportFunc(copy, 'copy');
    const module = await compile(m);
    const memories = {
      a: new WebAssembly.Memory({ initial: 1 }),
      b: new WebAssembly.Memory({ initial: 2n, address: 'i64' } as unknown as WebAssembly.MemoryDescriptor),
    };
    const instance = await WebAssembly.instantiate(module, {
      context: { memory: new WebAssembly.Memory({ initial: 1 }) },
      guest: memories,
    });
    new Uint8Array(memories.b.buffer).set([1, 2, 3], 100);
    assert.equal((instance.exports['copy'] as (...args: unknown[]) => bigint)(100n, 5, 3), 2n);
    assert.deepEqual([...new Uint8Array(memories.a.buffer, 5, 4)], [1, 2, 3, 0]);
    assert.deepEqual([...new Uint8Array(memories.b.buffer, 100, 4)], [7, 7, 7, 0]);
  });

  test(`${codegen}: several results, calls, helpers once a module, elements, call_indirect`, async () => {
    const m = await createModule({
      name: 'calls',
      tables: [{ name: 'functions', module: 'context', base: 'functions', source: { kind: 'function-table' } }],
    });
    const base = m.importGlobal(
      { name: 'base', module: 'context', base: 'table_base', source: { kind: 'table-base' } },
      'i32',
    );
    let made = 0;
    const divide = (): ReturnType<ModuleBuilder['func']> =>
      m.outlined('divide', () => {
        made++;
        return m.func(
          'divide',
          [
            ['a', 'i32'],
            ['b', 'i32'],
          ],
          ['i32', 'i32'],
          (f) => {
            const [a, b] = f.params;
            return [f.values([f.i32.div_u(f.get(a!), f.get(b!)), f.i32.rem_u(f.get(a!), f.get(b!))])];
          },
        );
      });
    const digits = m.func('digits', [['n', 'i32']], ['i32'], (f) => {
      const q = f.local('quotient', 'i32');
      const r = f.local('remainder', 'i32');
      return [
        f.call_into([q, r], divide(), [f.get(f.params[0]!), f.i32.const(10)]),
        f.i32.add(
          f.i32.mul(f.get(q), f.i32.const(100)),
          f.call_indirect(m.table('functions'), { params: ['i32'], results: ['i32'] }, f.global(base), [f.get(r)]),
        ),
      ];
    });
    divide();
    assert.equal(made, 1);
    const twice = m.func('twice', [['n', 'i32']], ['i32'], (f) => [f.i32.shl(f.get(f.params[0]!), f.i32.const(1))]);
    m.elements(m.table('functions'), base, [twice]);
    m.exportFunc(digits, 'digits');
    const module = await compile(m);
    const functions = new WebAssembly.Table({ element: 'anyfunc', initial: 8 });
    const instance = await WebAssembly.instantiate(module, { context: { functions, table_base: 3 } });
    assert.equal((instance.exports['digits'] as (n: number) => number)(47), 414);
    assert.equal(functions.get(3)?.(21), 42);
  });

  for (const legacyExceptions of [false, true]) {
    test(`${codegen}: a guard catches what a callee throws${legacyExceptions ? ', without try_table' : ''}`, async () => {
      const m = await createModule({ name: 'guard', legacyExceptions });
      const callee = m.importFunc(
        { name: 'callee', module: 'env', base: 'callee', source: { kind: 'callee', lowering: 0, form: 'typed' } },
        { params: [], results: ['i32'] },
      );
      m.exportFunc(
        m.func('guarded', [], ['i32'], (f) => [f.try_catch_all([f.call(callee, [])], [f.i32.const(-1)], 'i32')]),
        'guarded',
      );
      // A body and a handler that do not come to their ends.
      m.exportFunc(
        m.func('ends', [], ['i32'], (f) => [
          f.try_catch_all([f.return(f.call(callee, []))], [f.return(f.i32.const(-2))]),
          f.i32.const(0),
        ]),
        'ends',
      );
      const module = await compile(m);
      const run = async (name: string, callee: () => number): Promise<unknown> => {
        const instance = await WebAssembly.instantiate(module, { env: { callee } });
        return (instance.exports[name] as () => number)();
      };
      const fail = (): never => {
        throw new Error('no');
      };
      assert.equal(await run('guarded', () => 5), 5);
      assert.equal(await run('guarded', fail), -1);
      assert.equal(await run('ends', () => 6), 6);
      assert.equal(await run('ends', fail), -2);
    });
  }

  test(`${codegen}: branches, tables of branches, tail calls, thrown tags, imports once`, async () => {
    const source = { kind: 'builtin', builtin: 'grow-handle-table' } as const;
    const m = await createModule({
      name: 'control',
      memories: [contextMemory],
      tags: [{ name: 'oops', module: 'env', base: 'oops', params: ['i32'], source }],
    });
    const type = { params: ['i32'], results: ['i32'] } as const;
    const twice = m.importFunc({ name: 'twice', module: 'env', base: 'twice', source }, type);
    assert.equal(m.importFunc({ name: 'again', module: 'env', base: 'twice', source }, type), twice);
    const even = m.declare('even', [['n', 'i32']], ['i32']);
    const odd = m.func('odd', [['n', 'i32']], ['i32'], (f) => {
      const [n] = f.params;
      return [f.if(f.get(n!), [f.return_call(even, [f.i32.sub(f.get(n!), f.i32.const(1))])], [f.i32.const(0)], 'i32')];
    });
    m.define(even, (f) => {
      const [n] = f.params;
      return [
        f.if(f.i32.eqz(f.get(n!)), [f.return(f.i32.const(1))]),
        f.return_call(odd, [f.i32.sub(f.get(n!), f.i32.const(1))]),
      ];
    });
    m.exportFunc(even, 'even');
    const choose = m.func('choose', [['n', 'i32']], ['i32'], (f) => {
      const [n] = f.params;
      const result = f.local('result', 'i32');
      return [
        f.block('two', (two) => [
          f.block('one', (one) => [
            f.block('zero', (zero) => [f.br_table([zero, one], two, f.get(n!))]),
            f.return(f.i32.const(10)),
          ]),
          f.call_into([result], twice, [f.i32.const(10)]),
          f.return(f.get(result)),
        ]),
        f.block('end', (end) => [f.br(end, f.select(f.i32.const(0), f.i32.const(40), f.i32.const(30)))], 'i32'),
      ];
    });
    m.exportFunc(choose, 'choose');
    const grow = m.func('grow', [], ['i32'], (f) => [f.memory_grow(m.memory('context'), f.i32.const(1))]);
    m.exportFunc(grow, 'grow');
    m.exportFunc(
      m.func('fail', [], [], (f) => [f.throw(m.tag('oops'), [f.i32.const(5)])]),
      'fail',
    );
    const memory = new WebAssembly.Memory({ initial: 2 });
    const oops = new WebAssembly.Tag({ parameters: ['i32'] });
    const { exports } = await WebAssembly.instantiate(await compile(m), {
      context: { memory },
      env: { oops: oops as unknown as WebAssembly.ImportValue, twice: (n: number) => 2 * n },
    });
    const call = (name: string, ...args: number[]): unknown =>
      (exports[name] as (...args: number[]) => unknown)(...args);
    assert.deepEqual([call('even', 100_000), call('even', 100_001)], [1, 0]);
    assert.deepEqual([call('choose', 0), call('choose', 1), call('choose', 2), call('choose', 9)], [10, 20, 30, 30]);
    assert.equal(call('grow'), 2);
    assert.throws(
      () => call('fail'),
      (error: unknown) => error instanceof WebAssembly.Exception && error.is(oops) && error.getArg(oops, 0) === 5,
    );
  });

  test(`${codegen}: mistakes are found`, async () => {
    const m = await createModule({ name: 'mistakes' });
    assert.throws(() => m.memory('none'), /no memory none/);
    // The direct writer leaves the rest to the engine.
    if (codegen === 'binaryen') {
      const f1 = m.func('f', [['x', 'i32']], [], () => []);
      assert.throws(() => m.func('g', [], [], (f) => [f.call(f1, [])]), /takes 1 operands/);
      assert.throws(
        () => m.func('h', [], [], (f) => [f.block('b', () => [f.i32.const(1)])]),
        /should have the type none/,
      );
      const later = m.declare('later', []);
      assert.throws(() => m.emit(), /later has no body/);
      m.define(later, (f) => [f.nop()]);
      assert.throws(() => m.define(later, (f) => [f.nop()]), /defined twice/);
    }
    const wrong = await createModule({ name: 'wrong' });
    wrong.func('w', [], ['i32'], (f) => [f.i32.wrap_i64(f.i64.const(1)), f.i32.add(f.i32.const(1), f.i32.const(2))]);
    assert.equal(
      silently(() => wrong.validate()),
      false,
    );
    const few = await createModule({ name: 'few' });
    const f1 = few.func('f', [['x', 'i32']], [], () => []);
    if (codegen === 'direct') {
      few.func('g', [], [], (f) => [f.call(f1, [])]);
      assert.equal(few.validate(), false);
    }
  });

  test(`${codegen}: every mnemonic of the tables is the instruction of that name`, async () => {
    const m = await createModule({ name: 'all', memories: [contextMemory] });
    const memory: Memory = m.memory('context');
    const wanted: string[] = [];
    const emit = (
      group: string,
      mnemonic: string,
      types: ValType[],
      build: (f: FunctionBuilder, operands: unknown[]) => unknown,
    ): void => {
      const name = `${group}.${mnemonic}`;
      wanted.push(name);
      m.exportFunc(
        m.func(
          name,
          types.map((type, i) => [`p${i}`, type] as const),
          [],
          (f) => {
            const made = build(
              f,
              f.params.map((p) => f.get(p)),
            ) as ReturnType<typeof f.nop>;
            return [/store/.test(mnemonic) ? made : f.drop(made)];
          },
        ),
        name,
      );
    };
    type Bag = Record<string, Record<string, (...args: unknown[]) => unknown>>;
    const bag = (f: FunctionBuilder): Bag => f as unknown as Bag;
    for (const [group, table] of Object.entries(ops)) {
      for (const [mnemonic, count] of Object.entries(table)) {
        emit(group, mnemonic, operandTypes(group, mnemonic, count), (f, operands) =>
          bag(f)[group]![mnemonic]!(...operands),
        );
      }
    }
    for (const [group, table] of Object.entries(loads)) {
      for (const mnemonic of Object.keys(table)) {
        emit(group, mnemonic, ['i32'], (f, operands) => bag(f)[group]![mnemonic]!(memory, ...operands, 24));
      }
    }
    for (const [group, table] of Object.entries(stores)) {
      for (const mnemonic of Object.keys(table)) {
        emit(group, mnemonic, ['i32', group as ValType], (f, operands) =>
          bag(f)[group]![mnemonic]!(memory, ...operands, 24),
        );
      }
    }
    assert.ok(m.validate());
    const { bytes } = m.emit();
    await WebAssembly.compile(bytes);
    await validateByWabt(bytes);
    const wat = await toWat(bytes);
    const functions = wat.split('(func $').slice(1);
    for (const name of wanted) {
      const text = functions.find((func) => func.startsWith(`${name} `));
      assert.ok(text?.includes(`(${name} `) || text?.includes(`(${name}\n`), name);
    }
  });
}

test.run();
