/**
 * The call frame records of an adapter module: one an adapter, in a block of the context memory that the module gets
 * when it is instantiated. In: the sides of each adapter. Out: where its record is, and a start function that fills in
 * what never changes. A call only links the record into the chain.
 *
 * One record is enough, because the callee of a synchronous adapter cannot be entered a second time while it runs; where
 * its task may be suspended meanwhile, the record goes onto the spill stack.
 *
 * Rejected: all records on the spill stack. Pushing and popping one took longer than the rest of a call of two integers.
 */
import type { CallFrameOffsets } from '@gangway/offsets';
import type { Expr, FunctionBuilder, Global, ModuleBuilder } from '../builder.ts';
import { callFrameOffsets } from '../handle-table.ts';
import { getVariable, type InstanceRef, storePointer } from '../store-context.ts';

/** The block's import, `("context", "frames")`. */
const FRAMES = 'frames';

/** The record of one adapter. */
export interface StaticFrame {
  readonly block: Global;
  /** Bytes from the beginning of the block. */
  readonly offset: number;
}

export class StaticFrames {
  readonly #module: ModuleBuilder;
  readonly #block: Global;
  readonly #offsets: CallFrameOffsets;
  readonly #stride: number;
  readonly #calls: { readonly caller: InstanceRef; readonly callee: InstanceRef; readonly frame: StaticFrame }[] = [];

  /** `count`: how many adapters the module has at most. */
  constructor(module: ModuleBuilder, offsets: InstanceRef['offsets'], count: number) {
    this.#module = module;
    this.#offsets = callFrameOffsets(offsets);
    this.#stride = Math.ceil(this.#offsets.size / 16) * 16;
    const source = { kind: 'block', bytes: this.#stride * count } as const;
    this.#block = module.importGlobal({ name: FRAMES, module: 'context', base: FRAMES, source }, 'i32');
  }

  /** The record of a call from `caller` to `callee`. */
  add(caller: InstanceRef, callee: InstanceRef): StaticFrame {
    const frame = { block: this.#block, offset: this.#calls.length * this.#stride };
    this.#calls.push({ caller, callee, frame });
    return frame;
  }

  /** Emits the start function, when all adapters are there. */
  emitStart(): void {
    const offsets = this.#offsets;
    const start = this.#module.func('fill_frames', [], [], (f) =>
      this.#calls.flatMap(({ caller, callee, frame }) => {
        const { context } = caller;
        const pointer = (value: Expr, offset: number): Expr =>
          storePointer(f, caller, f.global(frame.block), value, frame.offset + offset);
        const word = (value: number, offset: number): Expr =>
          f.i32.store(context, f.global(frame.block), f.i32.const(value), frame.offset + offset);
        return [
          pointer(getVariable(f, caller.vmctx), offsets.callerVmctx),
          pointer(getVariable(f, callee.vmctx), offsets.calleeVmctx),
          word(caller.instance, offsets.callerInstance),
          word(callee.instance, offsets.calleeInstance),
        ];
      }),
    );
    this.#module.start(start);
  }
}

/** Address of the record. */
export function frameAddress(f: FunctionBuilder, frame: StaticFrame): Expr {
  const block = f.global(frame.block);
  return frame.offset === 0 ? block : f.i32.add(block, f.i32.const(frame.offset));
}
