/**
 * The emitted handle-table helpers against a model (definitions.py `Table` and `ResourceHandle`) and against the
 * JavaScript view of the same bytes.
 */
import assert from 'node:assert/strict';
import type { BuiltinImplementations } from '@gangway/adapter-codegen';
import { type TrapCode, trapCode, trapNumber } from '@gangway/component/traps';
import { CallFrameOffsets, HANDLE_KIND_BITS, handleSlot, type PointerSize, VmctxOffsets } from '@gangway/offsets';
import { ContextMemory, type VMComponentContext } from '@gangway/vmctx';
import { handleTable } from '@gangway/vmctx/handle-table';
import fc from 'fast-check';
import { test } from 'uvu';
import {
  createModule,
  type Expr,
  type FunctionBuilder,
  type Global,
} from '../../packages/adapter-codegen/src/binaryen/module.ts';
import {
  addBorrow,
  addOwn,
  lend,
  removeAny,
  removeOwn,
  representation,
  returnLent,
} from '../../packages/adapter-codegen/src/handle-table.ts';
import { contextMemory, type InstanceRef, importVmctx } from '../../packages/adapter-codegen/src/store-context.ts';

const counts = {
  componentInstances: 3,
  trampolines: 0,
  intrinsics: 0,
  lowerings: 0,
  memories: 0,
  tables: 0,
  reallocs: 0,
  callbacks: 0,
  postReturns: 0,
  resources: 0,
};
const INSTANCES = 2;
/** Store-wide ids of the two resource types of the tests. */
const TYPES = [7, 0x0fff_ffff] as const;

/** `name(instance, type)`: one function for each pair, as in an adapter. */
async function compileHelpers(pointerSize: PointerSize): Promise<WebAssembly.Module> {
  const offsets = new VmctxOffsets(pointerSize, counts);
  const m = await createModule({ name: 'handles', memories: [contextMemory] });
  const context = m.memory('context');
  const vmctx = importVmctx(m);
  const types = TYPES.map((_, i) =>
    m.importGlobal(
      {
        name: `type${i}`,
        module: 'resource',
        base: `${i}`,
        source: { kind: 'resource-type', resource: i as never, side: 'caller' },
      },
      'i32',
    ),
  );
  for (let instance = 0; instance <= INSTANCES; instance++) {
    const at: InstanceRef = { context, vmctx, offsets, instance };
    const add = (
      name: string,
      params: string[],
      results: 'i32'[],
      body: (f: FunctionBuilder, type: Global, ...operands: Expr[]) => Expr[],
    ): void => {
      for (const [i, type] of types.entries()) {
        const func = m.func(
          `${name} ${instance} ${i}`,
          params.map((param) => [param, 'i32'] as const),
          results,
          (f) => body(f, type, ...f.params.map((param) => f.get(param))),
        );
        m.exportFunc(func, `${name} ${instance} ${i}`);
      }
    };
    add('add-own', ['rep'], ['i32'], (f, type, rep) => [addOwn(f, at, type, rep!)]);
    add('add-borrow', ['rep', 'frame'], ['i32'], (f, type, rep, frame) => [addBorrow(f, at, type, rep!, frame!)]);
    add('rep', ['index'], ['i32'], (f, type, index) => [representation(f, at, type, index!)]);
    add('remove-own', ['index'], ['i32'], (f, type, index) => [removeOwn(f, at, type, index!)]);
    add('lend', ['index', 'frame'], ['i32'], (f, type, index, frame) => [lend(f, at, type, index!, frame!)]);
    add('return-lent', ['frame'], [], (f, _, frame) => [returnLent(f, at, frame!)]);
    // The representation of an owned handle; -1 for a borrowed one.
    add('drop', ['index'], ['i32'], (f, type, index) => {
      const [owned, rep] = [f.local('owned', 'i32'), f.local('rep', 'i32')];
      return [removeAny(f, at, type, index!, owned, rep), f.select(f.get(owned), f.get(rep), f.i32.const(-1))];
    });
  }
  assert.ok(m.validate());
  return WebAssembly.compile(m.emit().bytes);
}

const modules = { 4: await compileHelpers(4), 8: await compileHelpers(8) };

class Bench {
  readonly memory: ContextMemory;
  readonly vmctx: VMComponentContext;
  readonly frames: CallFrameOffsets;
  readonly #exports: Record<string, (...args: number[]) => number>;

  constructor(pointerSize: PointerSize, maximumHandles: number) {
    this.memory = ContextMemory.create({ pointerSize, maximumHandles, debug: true });
    this.vmctx = this.memory.allocate(new VmctxOffsets(pointerSize, counts));
    this.frames = new CallFrameOffsets(pointerSize);
    const grow: BuiltinImplementations['grow-handle-table'] = (vmctx, instance) => {
      assert.equal(vmctx, this.vmctx.address);
      if (handleTable(this.vmctx, instance).grow()) return 1;
      this.memory.storeContext.trapCode = trapNumber('handle-table-full');
      return 0;
    };
    const instance = new WebAssembly.Instance(modules[pointerSize], {
      context: { memory: this.memory.memory, vmctx: this.vmctx.address },
      resource: { 0: TYPES[0], 1: TYPES[1] },
      builtins: { 'grow-handle-table': grow },
    });
    this.#exports = instance.exports as unknown as Record<string, (...args: number[]) => number>;
  }

  /** What the helper returns, or the code of its trap. */
  run(name: string, ...args: number[]): number | TrapCode | undefined {
    const { storeContext } = this.memory;
    try {
      return this.#exports[name]!(...args);
    } catch (error) {
      assert.ok(error instanceof WebAssembly.RuntimeError, String(error));
      const code = trapCode(storeContext.trapCode);
      assert.ok(code !== undefined, `no trap recorded: ${error.message}`);
      storeContext.trapCode = 0;
      return code;
    }
  }

  /** A call frame record outside the spill stack. */
  frame(): number {
    return this.memory.allocateBytes(this.frames.size);
  }
  borrows(frame: number): number {
    return this.memory.u32[(frame + this.frames.borrows) >>> 2]!;
  }
}

// --- the model -------------------------------------------------------------------------------------------------------

interface Handle {
  readonly type: number;
  readonly rep: number;
  readonly own: boolean;
  readonly frame: number;
  lends: number;
}

class ModelTable {
  readonly slots: (Handle | null)[] = [null];
  readonly free: number[] = [];
  readonly limit: number;
  constructor(limit: number) {
    this.limit = limit;
  }
  add(handle: Handle): number | TrapCode {
    const index = this.free.pop();
    if (index !== undefined) {
      this.slots[index] = handle;
      return index;
    }
    if (this.slots.length > this.limit) return 'handle-table-full';
    return this.slots.push(handle) - 1;
  }
  get(index: number, type: number): Handle | TrapCode {
    const handle = this.slots[index];
    if (!handle) return 'unknown-handle';
    return handle.type === type ? handle : 'wrong-handle-type';
  }
  remove(index: number): void {
    this.slots[index] = null;
    this.free.push(index);
  }
}

type Command = { readonly op: string; readonly instance: number; readonly type: number; readonly value: number };

const command: fc.Arbitrary<Command> = fc.record({
  op: fc.constantFrom('add-own', 'add-own', 'add-borrow', 'rep', 'remove-own', 'lend', 'drop', 'return-lent'),
  instance: fc.constantFrom(0, INSTANCES),
  type: fc.constantFrom(0, 1),
  value: fc.nat(9),
});

function runCommands(commands: readonly Command[], pointerSize: PointerSize, limit: number): void {
  const bench = new Bench(pointerSize, limit);
  const tables = [new ModelTable(limit), new ModelTable(limit), new ModelTable(limit)];
  const { storeContext } = bench.memory;
  const spill = storeContext.spillPointer;
  // One frame for borrows and one for lending an instance, each with what the model knows of it.
  const frames = tables.map(() => ({ callee: bench.frame(), borrows: 0, caller: bench.frame(), lent: [] as Handle[] }));
  for (const { op, instance, type, value } of commands) {
    const table = tables[instance]!;
    const frame = frames[instance]!;
    const name = `${op} ${instance} ${type}`;
    const found = table.get(value, type);
    switch (op) {
      case 'add-own':
      case 'add-borrow': {
        const own = op === 'add-own';
        const handle = { type, rep: value * 1000, own, frame: frame.callee, lends: 0 };
        const added = table.add(handle);
        const args = own ? [value * 1000] : [value * 1000, frame.callee];
        assert.equal(bench.run(name, ...args), added);
        // The borrow is counted before the table turns out to be full; the trap ends the store anyway.
        if (!own) frame.borrows++;
        break;
      }
      case 'rep':
        assert.equal(bench.run(name, value), typeof found === 'string' ? found : found.rep);
        break;
      case 'lend': {
        const got = bench.run(name, value, frame.caller);
        assert.equal(got, typeof found === 'string' ? found : found.rep);
        if (typeof found === 'string') break;
        found.lends++;
        frame.lent.push(found);
        break;
      }
      case 'return-lent':
        bench.run(name, frame.caller);
        bench.memory.writePointer(frame.caller + bench.frames.lenders, 0);
        for (const handle of frame.lent) handle.lends--;
        frame.lent = [];
        break;
      case 'remove-own':
      case 'drop': {
        const wanted = ((): number | TrapCode => {
          if (typeof found === 'string') return found;
          if (found.lends !== 0) return 'owned-is-lent';
          if (!found.own && op === 'remove-own') return 'not-owned';
          return found.own ? found.rep : -1;
        })();
        assert.equal(bench.run(name, value), wanted);
        if (typeof wanted === 'string' || typeof found === 'string') break;
        table.remove(value);
        if (!found.own) frame.borrows--;
        break;
      }
      default:
        assert.fail(op);
    }
    // The JavaScript view of the same bytes.
    const view = handleTable(bench.vmctx, instance);
    const words = bench.memory.u32;
    table.slots.forEach((handle, index) => {
      const slot = view.slot(index);
      assert.equal(slot !== 0, handle !== null);
      if (handle === null) return;
      const at = (field: keyof typeof handleSlot): number => words[(slot + handleSlot[field]) >>> 2]!;
      assert.equal(at('rep'), handle.rep);
      assert.equal(at('type') >>> HANDLE_KIND_BITS, TYPES[handle.type as 0 | 1]);
      assert.equal(at('lends'), handle.lends);
      assert.equal(at('scope'), handle.own ? 0 : handle.frame);
    });
    assert.equal(bench.borrows(frame.callee), frame.borrows);
  }
  storeContext.spillPointer = spill;
  // What one side frees the other uses again: the next index is the same for both.
  for (const [instance, table] of tables.entries()) {
    const view = handleTable(bench.vmctx, instance);
    const added = table.add({ type: 0, rep: 1, own: true, frame: 0, lends: 0 });
    if (typeof added === 'number') assert.equal(view.add(1, (TYPES[0] << HANDLE_KIND_BITS) | 1, 0), added);
    assert.equal(view.length, table.slots.filter((handle) => handle !== null).length);
  }
  bench.memory.dispose();
}

for (const pointerSize of [4, 8] as const) {
  test(`helpers agree with a model, ${pointerSize}-byte pointers`, () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 120, size: 'max' }), (commands) =>
        runCommands(commands, pointerSize, 1000),
      ),
      { numRuns: 150 },
    );
  });
}

test('a table at its limit', () => {
  fc.assert(
    fc.property(fc.array(command, { minLength: 40, maxLength: 120, size: 'max' }), (commands) =>
      runCommands(commands, 4, 5),
    ),
    { numRuns: 100 },
  );
});

test('what is no resource, and indices beyond any table', () => {
  const bench = new Bench(4, 1000);
  const table = handleTable(bench.vmctx, 0);
  const waitable = table.add(1, 5, 0);
  for (const op of ['rep', 'remove-own', 'drop', 'lend']) {
    assert.equal(bench.run(`${op} 0 0`, waitable, bench.frame()), 'not-a-resource');
    assert.equal(bench.memory.storeContext.trapDetail0, waitable);
    for (const index of [0, 2, 15, 16, 0x7fff_ffff, -1]) {
      assert.equal(bench.run(`${op} 0 0`, index, bench.frame()), 'unknown-handle');
      assert.equal(bench.memory.storeContext.trapDetail0, index >>> 0);
    }
    assert.equal(bench.run(`${op} 1 0`, 1, bench.frame()), 'unknown-handle', 'a table that has never been used');
    assert.equal(bench.memory.storeContext.trapInstance, 1);
    assert.equal(bench.memory.storeContext.trapVmctx, bench.vmctx.address);
  }
});

test('lending needs room on the spill stack', () => {
  const bench = new Bench(8, 1000);
  const { storeContext } = bench.memory;
  assert.equal(bench.run('add-own 0 0', 5), 1);
  const frame = bench.frame();
  storeContext.spillPointer = storeContext.spillLimit - 16;
  assert.equal(bench.run('lend 0 0', 1, frame), 5);
  assert.equal(storeContext.spillPointer, storeContext.spillLimit);
  assert.equal(bench.run('lend 0 0', 1, frame), 'spill-stack-overflow');
});

test.run();
