/**
 * Runs emitted trampolines. In: a plan and JavaScript callees. Out: the trampolines, instantiated over a real context
 * memory, with the imports that their descriptions ask for: what the host does, without the host.
 */
import {
  type BuiltinImplementations,
  CALLEES_MODULE,
  type Codegen,
  calleeSlots,
  type EmittedModule,
  emitCallees,
  emitTrampolines,
  loadMakeModule,
  trampolineSlots,
} from '@gangway/adapter-codegen';
import * as rare from '@gangway/adapter-codegen/rare';
import * as resources from '@gangway/adapter-codegen/resources';
import type { ComponentPlan } from '@gangway/component';
import { type TrapCode, trapCode, trapNumber } from '@gangway/component/traps';
import { loweringPart, type PointerSize, VmctxOffsets } from '@gangway/offsets';
import { ContextMemory, type VMComponentContext } from '@gangway/vmctx';
import { handleTable } from '@gangway/vmctx/handle-table';

export type CoreValue = number | bigint;
export type CoreFunc = (...args: CoreValue[]) => CoreValue | undefined;

export interface Callees {
  typed(lowering: number, args: CoreValue[]): CoreValue | undefined;
  spilled(lowering: number, args: number[]): number;
}

export interface Options {
  readonly pointerSize?: PointerSize;
  readonly codegen?: Codegen;
  readonly maximumHandles?: number;
  /** Where the store's data is said to be. Default: nowhere. */
  readonly data?: { readonly address: number; readonly length: number };
  readonly callees?: Callees;
  /** A destructor of a resource, by its index in the plan. */
  readonly destructors?: ReadonlyMap<number, (rep: CoreValue) => void>;
  readonly dropHostResource?: BuiltinImplementations['drop-host-resource'];
}

export class Trampolines {
  readonly plan: ComponentPlan;
  readonly memory: ContextMemory;
  readonly vmctx: VMComponentContext;
  readonly emitted: EmittedModule;
  readonly exports: Readonly<Record<string, CoreFunc>>;
  /** First function-table slot of the trampolines. */
  readonly base: number;

  private constructor(
    plan: ComponentPlan,
    memory: ContextMemory,
    vmctx: VMComponentContext,
    emitted: EmittedModule,
    instance: WebAssembly.Instance,
    base: number,
  ) {
    this.plan = plan;
    this.memory = memory;
    this.vmctx = vmctx;
    this.emitted = emitted;
    this.exports = instance.exports as unknown as Record<string, CoreFunc>;
    this.base = base;
  }

  static async create(plan: ComponentPlan, options: Options = {}): Promise<Trampolines> {
    const pointerSize = options.pointerSize ?? 4;
    const offsets = new VmctxOffsets(pointerSize, plan.counts);
    const memory = ContextMemory.create({
      pointerSize,
      debug: true,
      ...(options.maximumHandles === undefined ? {} : { maximumHandles: options.maximumHandles }),
    });
    const vmctx = memory.allocate(offsets);
    const make = await loadMakeModule(options.codegen);
    const callees = emitCallees(plan, make);
    if (callees !== null) {
      const base = memory.allocateFunctions(calleeSlots(plan));
      await instantiate(callees, memory, vmctx, base, options);
      for (let i = 0; i < plan.counts.lowerings; i++) {
        vmctx.set(offsets.lowerings, i, base + i);
        vmctx.set(offsets.lowerings, i, 1000 + i, loweringPart.data);
      }
    }
    for (const [resource, destructor] of options.destructors ?? []) {
      vmctx.set(offsets.resourceDestructors, resource, addFunction(memory, destructor));
    }
    const emitted = emitTrampolines(plan, offsets, make, { rare, resources });
    if (emitted === null) throw new Error('no trampolines');
    const base = memory.allocateFunctions(trampolineSlots(plan));
    const instance = await instantiate(emitted, memory, vmctx, base, options);
    return new Trampolines(plan, memory, vmctx, emitted, instance, base);
  }

  call(name: string, ...args: CoreValue[]): CoreValue | undefined {
    const func = this.exports[name];
    if (func === undefined) throw new Error(`no export ${name}`);
    return func(...args);
  }

  /** The recorded trap, which is forgotten, so that the next call starts afresh. */
  takeTrap(): { code: TrapCode | undefined; detail: number; instance: number; vmctx: number } {
    const store = this.memory.storeContext;
    const taken = {
      code: trapCode(store.trapCode),
      detail: store.trapDetail0,
      instance: store.trapInstance,
      vmctx: store.trapVmctx,
    };
    store.trapCode = 0;
    return taken;
  }

  /** The code that a call traps with; null when it returns. */
  trapOf(name: string, ...args: CoreValue[]): TrapCode | null {
    try {
      this.call(name, ...args);
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      return this.takeTrap().code ?? null;
    }
    return null;
  }
}

/** The number that stands for a resource type in the tables of these tests. */
export const resourceId = (resource: number): number => 100 + resource;

async function instantiate(
  emitted: EmittedModule,
  memory: ContextMemory,
  vmctx: VMComponentContext,
  base: number,
  options: Options,
): Promise<WebAssembly.Instance> {
  const builtins: BuiltinImplementations = {
    'grow-handle-table': (address, instance) => {
      if (address !== vmctx.address) throw new Error('wrong vmctx');
      if (handleTable(vmctx, instance).grow()) return 1;
      memory.storeContext.trapCode = trapNumber('handle-table-full');
      return 0;
    },
    'drop-host-resource': options.dropHostResource ?? (() => 1),
  };
  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  for (const { module, name, source } of emitted.imports) {
    imports[module] ??= {};
    imports[module][name] = (() => {
      switch (source.kind) {
        case 'context-memory':
          return memory.memory;
        case 'function-table':
          return memory.functions;
        case 'vmctx':
          return vmctx.address;
        case 'store-data':
          return (options.data ?? { address: 0, length: 0 })[source.part];
        case 'block':
          return memory.allocateBytes(source.bytes);
        case 'table-base':
          return base;
        case 'resource-type':
          return resourceId(source.resource);
        case 'builtin':
          return builtins[source.builtin] as WebAssembly.ImportValue;
        case 'callee': {
          if (module !== CALLEES_MODULE) throw new Error('callees come from one module');
          const { lowering, form } = source;
          return form === 'typed'
            ? (...args: CoreValue[]) => options.callees?.typed(lowering, args)
            : (...args: number[]) => options.callees?.spilled(lowering, args) ?? 1;
        }
        case 'fallback':
        case 'core-def':
          throw new Error('trampolines import nothing from guests');
      }
    })();
  }
  const { instance } = await WebAssembly.instantiate(emitted.bytes, imports);
  return instance;
}

/** Puts a JavaScript function `(i32) -> ()` into the function table. */
function addFunction(memory: ContextMemory, func: (rep: CoreValue) => void): number {
  // (module (import "" "f" (func (param i32))) (export "f" (func 0)))
  const bytes = Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 1, 0x7f, 0],
    ...[2, 6, 1, 0, 1, 0x66, 0, 0, 7, 5, 1, 1, 0x66, 0, 0],
  ]);
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { '': { f: func } });
  const index = memory.allocateFunctions(1);
  memory.functions.set(index, instance.exports['f']);
  return index;
}
