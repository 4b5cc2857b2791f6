/**
 * The host's implementations of the built-ins that emitted code imports (the table is in `adapter-codegen`). One set a
 * store. They are called from wasm: what fails is recorded, and they return 0.
 */
import type { BuiltinImplementations } from '@gangway/adapter-codegen/emitted';
import type { ComponentInstanceIndex, ResourceIndex } from '@gangway/component/plan';
import { AbiTrap } from './call/abi-trap.ts';
import { disposeSymbol } from './resource-type.ts';
import type { StoreState } from './store.ts';

export function builtinImplementations(store: StoreState): BuiltinImplementations {
  const guarded = (
    vmctx: number,
    instance: ComponentInstanceIndex,
    origin: 'guest' | 'host',
    run: () => void,
  ): number => {
    try {
      run();
      return 1;
    } catch (error) {
      store.traps.record(vmctx, instance, error, origin);
      return 0;
    }
  };
  return {
    'grow-handle-table': (vmctx, instance) =>
      guarded(vmctx, instance as ComponentInstanceIndex, 'guest', () => {
        if (!store.instanceAt(vmctx).vmctx.handleTable(instance).grow()) throw new AbiTrap('handle-table-full');
      }),
    'drop-host-resource': (vmctx, resource, rep) =>
      guarded(vmctx, 0 as ComponentInstanceIndex, 'host', () => {
        const type = store.instanceAt(vmctx).resourceType(resource as ResourceIndex);
        if (type.kind === 'guest') {
          type.instance?.destroy(type, rep >>> 0);
          return;
        }
        const object = type.remove(rep >>> 0);
        const dispose: unknown = Reflect.get(object, disposeSymbol);
        if (typeof dispose === 'function') Reflect.apply(dispose, object, []);
      }),
  };
}
