/**
 * The blocks of a store that can be looked at: the vmctx of each component in it, their handle tables, the store context, the
 * spill stack, and the call frame records that have been met. In: instances. Out: what they are and their bytes, with what
 * the last call changed in them.
 *
 * An adapter has one call frame record for all its calls. Those of the host's calls lie on the spill stack: they are found in
 * the chain that the store context begins, when a component calls out, and shown from then on.
 */
import type { ComponentInstanceIndex } from '@gangway/component/plan';
import { type Component, type Instance, instanceContext, type Store } from '@gangway/host';
import {
  CallFrameOffsets,
  callFrameLayout,
  handleSlot,
  instanceCell,
  StoreContextOffsets,
  spilledValueLayout,
  storeContextLayout,
  vmctxLayout,
} from '@gangway/offsets';
import { ContextWatch, type Watched } from './context-watch.ts';
import { type BlockLayout, handleTableLayout, spillStackLayout } from './slots.ts';
import { instanceTitle } from './structure.ts';

export interface Block {
  /** The same from one call to the next. */
  readonly key: string;
  readonly title: string;
  readonly kind: 'vmctx' | 'handles' | 'store' | 'spill' | 'frame';
  /** Whether it belongs to the component that is looked at, not to one that it is linked with. */
  readonly main: boolean;
  /** In the context memory. */
  readonly address: number;
  readonly shape: BlockLayout;
  readonly watched: Watched;
  /** Slots of a handle table or of the spill stack that are not shown: it is too long. */
  readonly hidden: number;
}

/** An instance in the store. */
export interface Member {
  readonly title: string;
  readonly component: Component;
  readonly instance: Instance;
}

/** Slots of a handle table that are looked at: 1 MiB. */
const MAX_SLOTS = 65_536;
/** Values of the spill stack that are looked at: 4 KiB. */
const MAX_SPILLED = 256;
/** Call frame records that are shown. */
const MAX_FRAMES = 16;

type Seen = Omit<Block, 'watched'> & { readonly bytes: Uint8Array };

const wordAt = (bytes: Uint8Array, offset: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset).getUint32(offset, true);

/** The first member is the one that is looked at. */
function look(members: readonly Member[], store: Store): Seen[] {
  const seen: Seen[] = [];
  members.forEach(({ title, component, instance }, m) => {
    const main = m === 0;
    const { address, bytes } = instanceContext(instance);
    const { offsets } = component;
    const layout = vmctxLayout(offsets);
    const name = main ? 'vmctx' : `vmctx of ${title}`;
    const shape = { layout, times: 1 };
    seen.push({ key: `vmctx ${m}`, title: name, kind: 'vmctx', main, address, shape, bytes, hidden: 0 });
    component.plan.componentInstances.forEach((one, i) => {
      const cell = offsets.flags(i);
      const table = wordAt(bytes, cell + instanceCell.handles);
      const capacity = wordAt(bytes, cell + instanceCell.capacity);
      if (table === 0) return;
      const owner = one.name ?? (i === 0 ? title : `instance ${i}`);
      const slots = Math.min(capacity, MAX_SLOTS);
      seen.push({
        key: `handles ${m} ${i}`,
        title: `handle table of ${owner}`,
        kind: 'handles',
        main,
        address: table,
        shape: handleTableLayout(slots),
        bytes: store.contextBytes(table, slots * handleSlot.size),
        hidden: capacity - slots,
      });
    });
  });
  return seen;
}

/** Watches all blocks of a store through its calls. */
export class StoreWatch {
  readonly #members: readonly Member[];
  /** Members by the addresses of their vmctxs. */
  readonly #byAddress: ReadonlyMap<number, Member>;
  readonly #store: Store;
  readonly #watches = new Map<string, ContextWatch>();
  readonly #offsets: StoreContextOffsets;
  /** Address of the store context. */
  readonly #context: number;
  /** Address where the spill stack begins; 0: there is none yet, because nothing in the store uses it. */
  #spillStart = 0;
  /** Addresses of call frame records: those of adapters, then others as they were met. */
  readonly #frames = new Set<number>();
  #seen: readonly Seen[] = [];

  constructor(members: readonly Member[], store: Store) {
    this.#members = members;
    this.#byAddress = new Map(members.map((member) => [instanceContext(member.instance).address, member]));
    this.#store = store;
    const [{ component, instance }] = members as [Member];
    this.#offsets = new StoreContextOffsets(component.offsets.pointerSize);
    this.#context = wordAt(instanceContext(instance).bytes, component.offsets.vmStoreContext);
    this.#each((watch, bytes) => watch.end(bytes));
  }

  #storeContext(): Uint8Array {
    return this.#store.contextBytes(this.#context, this.#offsets.size);
  }

  #each(body: (watch: ContextWatch, bytes: Uint8Array) => void): void {
    this.#seen = [...look(this.#members, this.#store), ...this.#shared()];
    for (const { key, bytes } of this.#seen) {
      let watch = this.#watches.get(key);
      if (watch === undefined) {
        // A handle table that was not there at the beginning of the call.
        watch = new ContextWatch(key.startsWith('handles') ? new Uint8Array(0) : bytes);
        this.#watches.set(key, watch);
      }
      body(watch, bytes);
    }
  }

  /** What all instances of the store share. */
  #shared(): Seen[] {
    const { pointerSize, spillPointer, spillLimit, frame } = this.#offsets;
    const context = this.#storeContext();
    // Nothing is on it when it comes.
    if (this.#spillStart === 0) this.#spillStart = wordAt(context, spillPointer);
    const values = (wordAt(context, spillLimit) - this.#spillStart) / spilledValueLayout.size;
    const spilled = Math.min(values, MAX_SPILLED);
    const shared = { main: true, hidden: 0 };
    const seen: Seen[] = [
      {
        ...shared,
        key: 'store',
        title: 'store context',
        kind: 'store',
        address: this.#context,
        shape: { layout: storeContextLayout(pointerSize), times: 1 },
        bytes: context,
      },
    ];
    if (spilled > 0) {
      seen.push({
        ...shared,
        key: 'spill',
        title: 'spill stack',
        kind: 'spill',
        address: this.#spillStart,
        shape: spillStackLayout(spilled),
        bytes: this.#store.contextBytes(this.#spillStart, spilled * spilledValueLayout.size),
        hidden: values - spilled,
      });
    }
    const records = new CallFrameOffsets(pointerSize);
    const layout = callFrameLayout(pointerSize);
    const record = (address: number): Uint8Array<ArrayBuffer> => this.#store.contextBytes(address, layout.size);
    for (const at of this.#members.flatMap(({ instance }) => instanceContext(instance).frames)) {
      // A record whose callee is not filled in belongs to no adapter.
      if (this.#frames.size < MAX_FRAMES && wordAt(record(at), records.calleeVmctx) !== 0) this.#frames.add(at);
    }
    for (let at = wordAt(context, frame); at !== 0; at = wordAt(record(at), records.link)) {
      if (this.#frames.size >= MAX_FRAMES) break;
      this.#frames.add(at);
    }
    for (const address of this.#frames) {
      const bytes = record(address);
      const end = (vmctx: number, instance: number): string =>
        this.#instanceAt(wordAt(bytes, vmctx), wordAt(bytes, instance));
      const title = `call frame: ${end(records.callerVmctx, records.callerInstance)} → ${end(records.calleeVmctx, records.calleeInstance)}`;
      const shape = { layout, times: 1 };
      seen.push({ ...shared, key: `frame ${address}`, title, kind: 'frame', address, shape, bytes });
    }
    return seen;
  }

  #instanceAt(vmctx: number, index: number): string {
    if (vmctx === 0) return 'the host';
    const member = this.#byAddress.get(vmctx);
    if (member === undefined) return 'an instance';
    const { plan } = member.component;
    const name = plan.componentInstances[index]?.name;
    return name ?? (index === 0 ? member.title : instanceTitle(plan, index as ComponentInstanceIndex));
  }

  begin(): void {
    this.#each((watch, bytes) => watch.begin(bytes));
  }
  /** During a call. */
  observe(): void {
    this.#each((watch, bytes) => watch.observe(bytes));
  }
  end(): void {
    this.#each((watch, bytes) => watch.end(bytes));
  }

  /** As they were last seen. */
  get blocks(): Block[] {
    return this.#seen.map(({ bytes: _, ...one }) => ({ ...one, watched: this.#watches.get(one.key)!.watched }));
  }
}
