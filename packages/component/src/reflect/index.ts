/** `@gangway/component/reflect`: what a component is, as text and as declarations. */
export { coreDefText, planText } from './plan-text.ts';
export { coreExternText, coreValText } from './type-text.ts';
export { witText } from './wit-text.ts';
export { exportTypes } from './world.ts';
