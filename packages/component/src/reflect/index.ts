/** `@gangway/component/reflect`: what a component is, as text and as declarations. */
export { coreDefText, planText } from './plan-text.ts';
export { sectionsText } from './sections-text.ts';
export { coreExternText, coreValText } from './type-text.ts';
export { type DeclarationOptions, typescriptDeclarations } from './typescript.ts';
export { witText } from './wit-text.ts';
export { exportTypes } from './world.ts';
