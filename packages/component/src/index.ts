export type * from './binary/ast.ts';
export * from './binary/core-module.ts';
export * from './binary/decode.ts';
export * from './errors.ts';
export * from './features.ts';
export * from './plan.ts';
export * from './plan-json.ts';
export * from './translate/index.ts';
export { type ValidateOptions, type ValidComponent, validate } from './validate/validate.ts';
