/**
 * The blocks of a store that can be looked at: the vmctx of each component in it, their handle tables, and the store
 * context. In: instances. Out: what they are and their bytes, with what the last call changed in them.
 */
import type { Component, Instance, Store } from '@gangway/host';
import { handleSlot, instanceCell, storeContextLayout, vmctxLayout } from '@gangway/offsets';
import { ContextWatch, type Watched } from './context-watch.ts';
import { type BlockLayout, handleTableLayout } from './slots.ts';

export interface Block {
  /** The same from one call to the next. */
  readonly key: string;
  readonly title: string;
  readonly kind: 'vmctx' | 'handles' | 'store';
  /** Whether it belongs to the component that is looked at, not to one that it is linked with. */
  readonly main: boolean;
  /** In the context memory. */
  readonly address: number;
  readonly shape: BlockLayout;
  readonly watched: Watched;
  /** Slots of a handle table that are not shown: it is too long. */
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

type Seen = Omit<Block, 'watched'> & { readonly bytes: Uint8Array };

const wordAt = (bytes: Uint8Array, offset: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset).getUint32(offset, true);

/** The first member is the one that is looked at. */
function look(members: readonly Member[], store: Store): Seen[] {
  const seen: Seen[] = [];
  members.forEach(({ title, component, instance }, m) => {
    const main = m === 0;
    const { address, bytes } = instance.context;
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
    if (!main) return;
    const storeLayout = storeContextLayout(layout.pointerSize);
    const at = wordAt(bytes, offsets.vmStoreContext);
    seen.push({
      key: 'store',
      title: 'store context',
      kind: 'store',
      main,
      address: at,
      shape: { layout: storeLayout, times: 1 },
      bytes: store.contextBytes(at, storeLayout.size),
      hidden: 0,
    });
  });
  return seen;
}

/** Watches all blocks of a store through its calls. */
export class StoreWatch {
  readonly #members: readonly Member[];
  readonly #store: Store;
  readonly #watches = new Map<string, ContextWatch>();
  #seen: readonly Seen[] = [];

  constructor(members: readonly Member[], store: Store) {
    this.#members = members;
    this.#store = store;
    this.#each((watch, bytes) => watch.end(bytes));
  }

  #each(body: (watch: ContextWatch, bytes: Uint8Array) => void): void {
    this.#seen = look(this.#members, this.#store);
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
