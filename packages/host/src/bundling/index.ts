/** `@gangway/host/bundling`: components as ES modules, for bundler plugins and loaders. Needs Node's file system. */

export { coreModuleBytes } from '../compile/compile.ts';
export { listComponent } from '../compile/list-component.ts';
export { formsSource, partsSource, splitTexts } from '../forms/module-source.ts';
export { linkImported } from '../link/components.ts';
export {
  type ComponentModule,
  type ComponentModuleOptions,
  componentModule,
  moduleSource,
  type SourceOptions,
} from './component-module.ts';
export { type CoreFile, type CoreFiles, coreFiles } from './core-files.ts';
export { type ImportMap, type ImportOrigin, importOrigin, resolveImportMap } from './import-map.ts';
export { isComponent } from './is-component.ts';
export type { ModuleExport } from './module-exports.ts';
export { type PackageImports, packageImports } from './package-imports.ts';
