/**
 * `@gangway/host/runtime`: everything that runs a compiled component. It loads neither the decoder nor the code generator:
 * it is what a page or an edge worker downloads with components that were compiled ahead of time.
 */
export type { CodeCache } from './cache/code-cache.ts';
export type { JsFunction } from './call/requests.ts';
export { Component, type ComponentParts, type EmittedCode, type RunnableModule } from './compile/component.ts';
export {
  compileFile,
  type LoadOptions,
  loadComponent,
  loadComponentFiles,
  parseManifest,
} from './compile/load-component.ts';
export type {
  Manifest,
  StoredComponent,
  StoredModule,
  StoredPart,
} from './compile/stored-component.ts';
export { VERSION } from './compile/version.ts';
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
export type { PartForms } from './forms/forms.ts';
export type { Exported, Exports } from './instance/exports-object.ts';
export { Instance } from './instance/instance.ts';
export { InstancePre } from './instance/instance-pre.ts';
export type { ImportsObject } from './link/imports.ts';
export type { ExternInfo, FuncInfo, ResourceInfo, ValueInfo } from './reflect/reflection.ts';
export type { ResourceHandle } from './resources/resource-handle.ts';
export { Store, type StoreOptions } from './store/store.ts';
