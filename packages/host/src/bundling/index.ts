/** `@gangway/host/bundling`: components as ES modules, for bundler plugins and loaders. Needs Node's file system. */

export { coreModuleBytes } from '../compile/compile.ts';
export { type ListedModule, listComponent } from '../compile/list-component.ts';
export { formsSource, partsSource, splitTexts } from '../forms/module-source.ts';
export {
  type ComponentModule,
  type ComponentModuleOptions,
  type CoreFile,
  componentModule,
  moduleSource,
  type SourceOptions,
} from './component-module.ts';
export { type ImportMap, type ImportOrigin, importOrigin, resolveImportMap } from './import-map.ts';
export { isComponent } from './is-component.ts';
export type { ModuleExport } from './module-exports.ts';
export { type PackageImports, packageImports } from './package-imports.ts';
