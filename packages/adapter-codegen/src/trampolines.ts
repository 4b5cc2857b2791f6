/**
 * The trampoline module of a component. In: its plan and the layout of its vmctx. Out: a core module with, for trampoline
 * i, the export `trampoline[i]` and, where engines call for it, `trampoline[i] array` (the spilled form; a built-in has one
 * form). Its element segment fills the function-table slots table_base + 2i and + 2i + 1 with the two, or with one twice. Behind
 * them come the intrinsics that the component uses, one slot each, exported as `intrinsic[<name>]`.
 *
 * One module serves every instance of the component: what differs is the address of the vmctx, an imported global.
 *
 * Rejected: one module a trampoline. A component has dozens, and an engine's cost a module is what counts.
 */
import { funcAbi } from '@gangway/component/abi';
import { intrinsics } from '@gangway/component/intrinsics';
import type { ComponentPlan, Trampoline } from '@gangway/component/plan';
import type { VmctxOffsets } from '@gangway/offsets';
import type { Func, Global, Memory, ModuleBuilder, ModuleSpec, Table } from './builder.ts';
import { directModule, type MakeModule } from './create-module.ts';
import type { EmittedModule } from './emitted.ts';
import { emitTypedForm, type Lowering } from './lower-import.ts';
import { contextMemory, functionTable, type InstanceRef, importTableBase, importVmctx } from './store-context.ts';

type LowerImport = Extract<Trampoline, { kind: 'lower-import' }>;
type Builtin = Exclude<Trampoline, LowerImport>;

/** What the code of every trampoline needs. */
export interface TrampolineModule {
  readonly plan: ComponentPlan;
  readonly offsets: VmctxOffsets;
  readonly module: ModuleBuilder;
  readonly context: Memory;
  readonly functions: Table;
  readonly vmctx: Global;
  /** Undefined when the plan has no resources. */
  readonly resources: TrampolineExtras['resources'];
  instance(index: number): InstanceRef;
}

/** Function-table slots that the trampolines and intrinsics of a plan fill. */
export function trampolineSlots(plan: Pick<ComponentPlan, 'trampolines' | 'intrinsics'>): number {
  return 2 * plan.trampolines.length + (plan.intrinsics ?? []).length;
}

/** The trampoline module; null when the plan has neither trampolines nor intrinsics. */
export function emitTrampolines(
  plan: ComponentPlan,
  offsets: VmctxOffsets,
  make?: MakeModule,
  extras?: TrampolineExtras,
): EmittedModule | null {
  return buildTrampolines(plan, offsets, make, extras)?.emit() ?? null;
}

/** What writes the trampolines that only some components have: it has to be there for a plan with any of them. */
export interface TrampolineExtras {
  /** What rare.ts has. Its `emitSpilledForm` is left out where lowerings have no spilled form. */
  readonly rare?: { readonly [K in keyof RareTrampolines]?: RareTrampolines[K] | undefined } | null;
  readonly resources?: Pick<typeof import('./resources.ts'), 'emitResourceBuiltin' | 'lendParams'> | undefined;
}

type RareTrampolines = Pick<
  typeof import('./rare.ts'),
  'emitContextBuiltin' | 'emitIntrinsic' | 'emitSpilledForm' | 'emitUnsupported'
>;

const trampolineSpec: ModuleSpec = { name: 'trampolines', memories: [contextMemory], tables: [functionTable] };

/** As {@link emitTrampolines}, before the bytes are written: for validation in tests. */
export function buildTrampolines(
  plan: ComponentPlan,
  offsets: VmctxOffsets,
  make: MakeModule = directModule,
  { rare, resources }: TrampolineExtras = {},
): ModuleBuilder | null {
  if (trampolineSlots(plan) === 0) return null;
  const module = make(trampolineSpec);
  const context = module.memory(contextMemory.name);
  const functions = module.table(functionTable.name);
  const vmctx = importVmctx(module);
  const base = importTableBase(module);
  const t: TrampolineModule = {
    plan,
    offsets,
    module,
    context,
    functions,
    vmctx,
    resources,
    instance: (instance) => ({ context, vmctx, offsets, instance }),
  };
  const slots: Func[] = [];
  for (const [i, trampoline] of plan.trampolines.entries()) {
    const name = trampolineName(plan, trampoline, i);
    const lowering = trampoline.kind === 'lower-import' ? loweringOf(plan, trampoline, name) : null;
    const func = lowering === null ? emitBuiltin(t, rare, trampoline as Builtin, name) : emitTypedForm(t, lowering);
    const spilled = lowering === null ? undefined : rare?.emitSpilledForm?.(t, lowering);
    module.exportFunc(func, `trampoline[${i}]`);
    if (spilled !== undefined) module.exportFunc(spilled, `trampoline[${i}] array`);
    slots.push(func, spilled ?? func);
  }
  for (const index of plan.intrinsics ?? []) {
    const intrinsic = intrinsics[index]!;
    const func = rare!.emitIntrinsic!(t, intrinsic);
    module.exportFunc(func, `intrinsic[${intrinsic.name}]`);
    slots.push(func);
  }
  module.elements(functions, base, slots);
  return module;
}

function emitBuiltin(t: TrampolineModule, rare: TrampolineExtras['rare'], trampoline: Builtin, name: string): Func {
  switch (trampoline.kind) {
    case 'resource.new':
    case 'resource.rep':
    case 'resource.drop':
      return t.resources!.emitResourceBuiltin(t, trampoline, name);
    case 'context.get':
    case 'context.set':
      return rare!.emitContextBuiltin!(t, trampoline, name);
    case 'unsupported':
      return rare!.emitUnsupported!(t, trampoline, name);
    default:
      return trampoline satisfies never;
  }
}

/** The core type of a `lower-import` trampoline, with a name for people. */
function loweringOf(plan: ComponentPlan, trampoline: LowerImport, name: string): Lowering {
  const options = plan.options[trampoline.options]!;
  return { trampoline, abi: funcAbi(plan, trampoline.type, options, 'lower'), name };
}

/** `trampoline[3] wasi:io/streams@0.2.0#[method]output-stream.write`, `trampoline[4] resource.drop counter`. */
export function trampolineName(plan: ComponentPlan, trampoline: Trampoline, index: number): string {
  return `trampoline[${index}] ${trampolineText(plan, trampoline)}`;
}

function trampolineText(plan: ComponentPlan, trampoline: Trampoline): string {
  switch (trampoline.kind) {
    case 'lower-import':
      return (plan.runtimeImports[trampoline.import]?.path ?? []).join('#');
    case 'context.get':
    case 'context.set':
      return `${trampoline.kind} ${trampoline.type} ${trampoline.slot}`;
    case 'unsupported':
      return `unsupported ${trampoline.canon}`;
    default:
      return `${trampoline.kind} ${plan.resources[trampoline.resource]?.name ?? trampoline.resource}`;
  }
}
