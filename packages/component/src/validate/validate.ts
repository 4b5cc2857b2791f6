/**
 * Validation of a component. In: its bytes, its AST, the feature gates. Out: its type, with what reflection and translation
 * ask for. Definitions are taken in the order in which they stand; each sees what came before it.
 *
 * Rejected: one pass over the bytes, as engines do. The AST is needed for translation anyway.
 */

import type { ComponentAst, Definition } from '../binary/ast.ts';
import { type CoreModuleInfo, readCoreModule } from '../binary/core-module.ts';
import { fail } from '../fail.ts';
import { defaultFeatures, type Features } from '../features.ts';
import { defineAlias } from './aliases.ts';
import { defineCanon } from './canon.ts';
import { defineCoreInstance } from './core-instances.ts';
import { defineCoreType, embeddedModuleType } from './core-types.ts';
import { resolveDefType } from './declarations.ts';
import { declareImport, defineExport } from './externs.ts';
import { defineInstance } from './instances.ts';
import { Scope, type ValidationContext, type ValueRules } from './scope.ts';
import { TypeStore } from './type-store.ts';
import type { ComponentType, Extern } from './types.ts';

/** A component that the specification calls valid. */
export interface ValidComponent {
  readonly ast: ComponentAst;
  /** The type of the component. */
  readonly type: ComponentType;
  /** By name, in order. */
  readonly imports: ReadonlyMap<string, Extern>;
  /** By name, in order. */
  readonly exports: ReadonlyMap<string, Extern>;
  /** Imports, exports and types of the embedded core modules, by the absolute byte offset where each starts. */
  readonly modules: ReadonlyMap<number, CoreModuleInfo>;
}

export interface ValidateOptions {
  /** The gates that are open (Explainer.md#gated-features): those that the component was decoded with, where most are checked. */
  readonly features?: Features;
  /** The rules for values: values.ts, which is only needed where their gate is open. */
  readonly values?: ValueRules | undefined;
  /** Types of several components can be compared when they are in one store. Default: a new one. */
  readonly store?: TypeStore;
}

/**
 * Validates the component `ast`, which was decoded from `bytes`. Embedded core modules are checked as far as their imports
 * and exports go; their code is the engine's to validate. Throws `ValidationError` with the absolute byte offset.
 */
export function validate(bytes: Uint8Array, ast: ComponentAst, options: ValidateOptions = {}): ValidComponent {
  const modules = new Map<number, CoreModuleInfo>();
  const { features = defaultFeatures, values, store = new TypeStore() } = options;
  const type = component(ast, null, { bytes, features, store, modules, values });
  return { ast, type, imports: type.imports, exports: type.exports, modules };
}

function component(ast: ComponentAst, parent: Scope | null, context: ValidationContext): ComponentType {
  const { store } = context;
  const scope = new Scope('component', parent, context);
  for (const definition of ast.definitions) {
    store.begin(definition.offset);
    define(scope, definition);
  }
  store.offset = ast.range.end;
  const unused = scope.values.findIndex((value) => !value.used);
  if (unused !== -1) fail(ast.range.end, 'value-unused', { index: unused });
  return store.componentType(scope.imports, scope.exports, scope.binder);
}

function define(scope: Scope, definition: Definition): void {
  const { offset } = definition;
  switch (definition.kind) {
    case 'core-module': {
      const info = readCoreModule(scope.context.bytes, definition.range);
      scope.context.modules.set(definition.range.start, info);
      scope.coreModules.push(embeddedModuleType(info));
      break;
    }
    case 'core-instance':
      defineCoreInstance(scope, definition.expr, offset);
      break;
    case 'core-type':
      defineCoreType(scope, definition.type, offset);
      break;
    case 'component':
      scope.components.push(component(definition.component, scope, scope.context));
      break;
    case 'instance':
      defineInstance(scope, definition.expr, offset);
      break;
    case 'alias':
      defineAlias(scope, definition.alias, offset);
      break;
    case 'type':
      scope.types.push(resolveDefType(scope, definition.type, offset));
      break;
    case 'canon':
      defineCanon(scope, definition.canon, offset);
      break;
    case 'start':
      valueRules(scope).defineStart(scope, definition);
      break;
    case 'import':
      declareImport(scope, definition.name, definition.type, offset);
      break;
    case 'export':
      defineExport(scope, definition.name, definition.item, definition.type, offset);
      break;
    case 'value':
      valueRules(scope).defineValue(scope, definition);
      break;
    case 'custom':
      break;
  }
}

function valueRules({ context }: Scope): ValueRules {
  if (context.values === undefined)
    throw new TypeError('the rules for values have not been loaded: await compile() first');
  return context.values;
}
