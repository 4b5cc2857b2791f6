/** Static translation: from a valid component to its plan. */
export { type ComponentValue, componentValue } from './component-value.ts';
export { enteringInstances } from './may-enter.ts';
export { exportedComponents, type TranslateOptions, translate, translateValue } from './translate.ts';
