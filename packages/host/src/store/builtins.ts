/**
 * The host's implementations of the built-ins that emitted code imports (the table is in `adapter-codegen`). One set a
 * store. They are called from wasm: what fails is recorded, and they return 0.
 */
import type { BuiltinImplementations } from '@gangway/adapter-codegen/emitted';
import type { ComponentInstanceIndex, ResourceIndex } from '@gangway/component/plan';
import { AbiTrap } from '../call/abi-trap.ts';
import { disposeSymbol } from '../resources/resource-type.ts';
import type { StoreState } from './store.ts';

export function builtinImplementations(store: StoreState): BuiltinImplementations {
  return {
    'grow-handle-table': (vmctx, instance) => {
      try {
        if (store.instanceAt(vmctx).vmctx.handleTable(instance).grow()) return 1;
        throw new AbiTrap('handle-table-full');
      } catch (error) {
        store.traps.record(vmctx, instance as ComponentInstanceIndex, error, 'guest');
        return 0;
      }
    },
    'drop-host-resource': (vmctx, resource, rep) => {
      // A resource of the embedder, unless the import is a class that another instance exports.
      let origin: 'guest' | 'host' = 'guest';
      try {
        const type = store.instanceAt(vmctx).resourceType(resource as ResourceIndex);
        if (type.kind === 'guest') {
          type.instance?.destroy(type, rep >>> 0);
          return 1;
        }
        const object = type.remove(rep >>> 0);
        origin = 'host';
        const dispose: unknown = Reflect.get(object, disposeSymbol);
        if (typeof dispose === 'function') Reflect.apply(dispose, object, []);
        return 1;
      } catch (error) {
        store.traps.record(vmctx, 0 as ComponentInstanceIndex, error, origin);
        return 0;
      }
    },
  };
}
