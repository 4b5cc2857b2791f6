/**
 * One store with the instances that hostile values are passed to. It does what the values' hooks ask for, knows with which errors
 * a call may end after that, and checks that no handle is lost or there twice.
 */
import { DisposedError, type Instance, type InstancePre, instanceContext, Store, Trap } from '@gangway/host';
import { HANDLE_KIND_MASK, HANDLE_OWN, handleSlot, instanceCell } from '@gangway/offsets';
import * as assert from 'uvu/assert';
import type { Dynamic, DynamicExports, engineWith } from '../../../support/assemble.ts';
import { type Maker, numbers, results, signatures, type Tape, types } from './values.ts';

/** Links the component that imports the resource. */
export type Importing = (imports: Record<string, unknown>) => InstancePre;

/** Handles in the tables of an instance with one component instance: how many are owned, how many borrowed. */
export function handlesOf(instance: Instance<DynamicExports>): { own: number; borrow: number } {
  const { bytes } = instanceContext(instance);
  const cell = instance.component.offsets.flags(0);
  const view = new DataView(bytes.buffer);
  const capacity = view.getUint32(cell + instanceCell.capacity, true);
  const counts = { own: 0, borrow: 0 };
  if (capacity === 0) return counts;
  const table = instance.store.contextBytes(
    view.getUint32(cell + instanceCell.handles, true),
    capacity * handleSlot.size,
  );
  const slots = new DataView(table.buffer);
  for (let i = 1; i < capacity; i++) {
    const kind = slots.getUint32(i * handleSlot.size + handleSlot.type, true) & HANDLE_KIND_MASK;
    if (kind === HANDLE_OWN) counts.own++;
    else if (kind !== 0) counts.borrow++;
  }
  return counts;
}

/** What a hook throws. */
export class Thrown extends Error {}

const wordings = /: expected |^expected |given away|has been dropped|is lent|was dropped|disposed during|was borrowed/;

/** Whether an error is one that a call may end with. */
export function isProper(error: unknown, world: World): boolean {
  if (error instanceof Thrown) return true;
  if (error instanceof DisposedError) return world.disposed;
  if (error instanceof Trap) return world.trapped || (world.inside && error.code === 'cannot-enter');
  return error instanceof TypeError && wordings.test(error.message);
}

/** One store with its instances. */
export class World {
  readonly store: Store;
  readonly defining: Instance<DynamicExports>;
  /** The instance that is called. */
  readonly called: Instance<DynamicExports>;
  readonly things: Dynamic[] = [];
  disposed = false;
  trapped = false;
  /** Whether the values are results: the call is inside the instance. */
  inside = false;
  gives: (name: string) => unknown = () => undefined;

  constructor(defining: InstancePre, importing: Importing | null, engine: ReturnType<typeof engineWith>) {
    this.store = new Store({ engine });
    this.defining = defining.instantiateSync(this.store) as never;
    this.called = this.defining;
    if (importing !== null) {
      const imports: Record<string, unknown> = { thing: this.defining.exports['Thing'] };
      for (const name of results) imports[`give-${name}`] = () => this.gives(name);
      this.called = importing(imports).instantiateSync(this.store) as never;
    }
  }

  /** `hostile`: what the hooks of the values do is on the tape. */
  maker(tape: Tape): Maker {
    const buffers: ArrayBuffer[] = [];
    const maker: Maker = {
      tape,
      thing: () => {
        if (this.things.length < 3 || tape(3) === 0) {
          if (this.disposed || this.trapped) return {};
          const made = new (this.defining.exports['Thing'] as Dynamic)();
          this.things.push(made);
          return made;
        }
        return this.things[tape(this.things.length)];
      },
      hook: () => this.#act(tape, buffers),
      buffer: () => {
        const buffer = new ArrayBuffer(20, { maxByteLength: 64 });
        buffers.push(buffer);
        return buffer;
      },
    };
    return maker;
  }

  #act(tape: Tape, buffers: readonly ArrayBuffer[]): void {
    const { exports } = this.called;
    const thing = (): Dynamic => this.things[tape(this.things.length)]!;
    const attempt = (run: () => unknown): void => {
      try {
        run();
      } catch (error) {
        assert.ok(isProper(error, this), `in a hook: ${String(error)}`);
      }
    };
    switch (tape(26)) {
      case 1:
      case 2:
      case 3:
      case 4:
        if (this.things.length > 0) attempt(() => thing()[Symbol.dispose]());
        return;
      case 5:
      case 6:
      case 7:
        if (this.things.length > 0) attempt(() => exports['take']!(thing()));
        return;
      case 8:
        if (this.things.length > 0) attempt(() => exports['look']!(thing()));
        return;
      case 9:
      case 10:
      case 11: {
        const index = tape(signatures.length);
        const quiet = { ...this.maker(numbers(tape(1000))), hook: () => undefined };
        attempt(() => exports[`f${index}`]!(...signatures[index]!.map((name) => types[name]!.make(quiet))));
        return;
      }
      case 12:
        attempt(() => exports['grow']!());
        return;
      case 13:
        for (const buffer of buffers) if (!buffer.detached) buffer.resize(tape(65));
        return;
      case 14:
        for (const buffer of buffers) if (!buffer.detached) structuredClone(buffer, { transfer: [buffer] });
        return;
      case 15:
        throw new Thrown();
      case 16:
        attempt(() => {
          this.called.dispose();
          this.disposed = true;
        });
        return;
      case 17:
        attempt(() => {
          this.defining.dispose();
          this.disposed = true;
        });
        return;
      case 18:
        attempt(() => {
          this.store.dispose();
          this.disposed = true;
        });
        return;
      case 19: {
        const before = this.trapped;
        this.trapped = true;
        attempt(() => exports['boom']!());
        this.trapped = before || this.store.trap !== null;
        return;
      }
      default:
    }
  }

  /** Objects and handles agree; the store can be used. Out: whether there was something to check, no trap and nothing disposed. */
  check(): boolean {
    if (this.disposed || this.trapped) return false;
    assert.is(this.store.trap, null);
    let alive = 0;
    let given = 0;
    let dropped = 0;
    for (const thing of new Set(this.things)) {
      try {
        this.called.exports['look']!(thing);
        alive++;
        // It is not on loan any more: it can be given away.
        this.called.exports['take']!(thing);
      } catch (error) {
        const { message } = error as Error;
        if (/given away/.test(message)) given++;
        else if (/has been dropped/.test(message)) dropped++;
        else throw error;
      }
    }
    assert.equal(handlesOf(this.called), { own: alive + given, borrow: 0 });
    assert.is(this.defining.exports['dropped']!() as unknown, dropped);
    return true;
  }
}
