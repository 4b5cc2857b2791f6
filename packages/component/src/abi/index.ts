/** `@gangway/component/abi`: the canonical ABI as data. */
export type * from './abi-plan.ts';
export { type FuncAbiOptions, funcAbi, type LentParam, lentParams } from './func-abi.ts';
export * from './layout.ts';
export { abiPlans, NO_TYPE } from './plans.ts';
