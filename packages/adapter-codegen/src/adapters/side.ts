/**
 * The two sides of a call between components, as the adapter generator sees them. In: for each side its plan, its
 * canonical options, the layout and the global of its vmctx, and the core functions and memory that it gave. Adapters
 * inside one component have two sides with one vmctx; adapters made by run-time linking have two.
 *
 * Rejected: looking things up in one `ComponentPlan` wherever they are needed. Nothing below this file may assume that
 * caller and callee come from the same component.
 */
import type { AbiPlan } from '@gangway/component/abi';
import type { CanonicalOptions, ComponentPlan, ResourceIndex } from '@gangway/component/plan';
import type { VmctxOffsets } from '@gangway/offsets';
import type { Func, Global, Memory, ModuleBuilder } from '../builder.ts';
import type { Side } from '../emitted.ts';
import type { InstanceRef } from '../store-context.ts';

export interface AdapterSide {
  readonly role: Side;
  readonly plan: ComponentPlan;
  readonly options: CanonicalOptions;
  readonly offsets: VmctxOffsets;
  /** Byte address of the side's vmctx. */
  readonly vmctx: Global;
  /** Null: no type of the call needs one. */
  readonly memory: Memory | null;
  /** The guest's own function; called through realloc.ts only. */
  readonly realloc: Func | null;
  /** Distinguishes helpers: equal for sides that have the same instance, memory, realloc and encoding. */
  readonly key: string;
  /** Imports the store-wide id of a resource type. */
  readonly resourceType: (resource: ResourceIndex) => Global;
}

/** One direction of a call: values are lifted from `from` and lowered into `to`. */
export interface Crossing {
  readonly module: ModuleBuilder;
  readonly from: AdapterSide;
  readonly to: AdapterSide;
  /** The context memory. */
  readonly context: Memory;
  /** A core module of either side can throw. */
  readonly mayThrow: boolean;
  /** A core module of either side can see its task's context slots. */
  readonly contextSlots: boolean;
}

/** The two plans of one type: how it is laid out on either side. They differ when the address types do. */
export interface PlanPair {
  readonly from: AbiPlan;
  readonly to: AbiPlan;
}

/** Where code that works for a side finds its instance. */
export function instanceOf(cx: Pick<Crossing, 'context'>, side: AdapterSide): InstanceRef {
  return { context: cx.context, vmctx: side.vmctx, offsets: side.offsets, instance: side.options.instance };
}
