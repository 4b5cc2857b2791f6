/**
 * `@gangway/host/runtime`: everything that runs a compiled component. It loads neither the decoder nor the code generator:
 * it is what a page or an edge worker downloads with components that were compiled ahead of time.
 */
export type { CodeCache } from './cache/code-cache.ts';
export { storageCache } from './cache/storage-cache.ts';
export type { JsFunction } from './call/requests.ts';
export { Component, type ComponentParts, type EmittedCode, type RunnableModule } from './component.ts';
export { Engine, type EngineOptions, type ResolvedOptions } from './engine.ts';
export {
  BinaryError,
  type ComponentFrame,
  DecodeError,
  DisposedError,
  GangwayError,
  InternalError,
  LinkError,
  Trap,
  type TrapCode,
  UnsupportedError,
  ValidationError,
} from './errors.ts';
export type { Exported, Exports } from './exports-object.ts';
export type { ImportsObject } from './imports.ts';
export { Instance } from './instance.ts';
export { InstancePre } from './instance-pre.ts';
export { Linker, LinkerInstance } from './linker.ts';
export { compileFile, type LoadOptions, loadComponent, loadComponentFiles, parseManifest } from './load-component.ts';
export type { ExternInfo, FuncInfo, ResourceInfo, ValueInfo } from './reflection.ts';
export { ResourceHandle } from './resource-handle.ts';
export { findCompatible } from './semver.ts';
export { Store, type StoreOptions } from './store.ts';
export {
  type ListedModule,
  listComponent,
  type Manifest,
  type StoredComponent,
  type StoredModule,
  type StoredPart,
} from './stored-component.ts';
export { VERSION } from './version.ts';
