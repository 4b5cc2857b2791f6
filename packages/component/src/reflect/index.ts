/** `@gangway/component/reflect`: what a component is, as text and as declarations. */
export { coreDefText, planText } from './plan-text.ts';
