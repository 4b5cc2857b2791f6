/**
 * The host's implementations of the built-ins that emitted code imports (the table is in `adapter-codegen`). One set a
 * store. They are called from wasm: what fails is recorded, and they return 0.
 */
import type { BuiltinImplementations } from '@gangway/adapter-codegen/emitted';
import type { StoreState } from './store.ts';

export function builtinImplementations(store: StoreState): BuiltinImplementations {
  return {
    'grow-handle-table': (vmctx, instance) => store.resources.growTable(vmctx, instance),
    'drop-host-resource': (vmctx, resource, rep) => store.resources.dropHostResource(vmctx, resource, rep),
  };
}
