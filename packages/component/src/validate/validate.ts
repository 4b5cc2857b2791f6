/**
 * Validation of a component. In: its bytes, its AST, the feature gates. Out: its type, with what reflection and translation
 * ask for. Definitions are taken in the order in which they stand; each sees what came before it.
 *
 * Component types and instance types (Explainer.md#declarators) are scopes of their own, and their declarators are definitions
 * of fewer kinds: one list of rules serves both.
 *
 * Rejected: one pass over the bytes, as engines do. The AST is needed for translation anyway.
 */

import type { Alias, ComponentAst, Declaration, Definition, DefType } from '../binary/ast.ts';
import { type CoreModuleInfo, readCoreModule } from '../binary/core-module.ts';
import { fail } from '../fail.ts';
import { defaultFeatures, type Features } from '../features.ts';
import { defineAlias } from './aliases.ts';
import { defineCanon } from './canon.ts';
import { coreInstance } from './core-instances.ts';
import { defineCoreType, embeddedModuleType } from './core-types.ts';
import { declare, defineExport } from './externs.ts';
import { instanceOf } from './instances.ts';
import { resolveDefValType, resolveFuncType, resolveResourceType } from './resolve.ts';
import { Scope, type ScopeKind, type ValidationContext, type ValueRules } from './scope.ts';
import { TypeStore } from './type-store.ts';
import type { AnyType, ComponentType, Extern } from './types.ts';

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
  const { end } = ast.range;
  const scope = defined('component', ast.definitions, parent, context);
  context.store.offset = end;
  const index = scope.space('value').findIndex((value) => !value.used);
  if (index !== -1) fail(end, 'value-unused', { index });
  return componentType(scope);
}

function componentType({ store, imports, exports, binder }: Scope): ComponentType {
  return store.componentType(imports, exports, binder);
}

/** A new scope with `definitions`. */
function defined(
  kind: ScopeKind,
  definitions: readonly (Definition | Declaration)[],
  parent: Scope | null,
  context: ValidationContext,
): Scope {
  const scope = new Scope(kind, parent, context);
  for (const definition of definitions) {
    context.store.begin(definition.offset);
    define(scope, definition);
  }
  return scope;
}

function define(scope: Scope, definition: Definition | Declaration): void {
  const { context } = scope;
  const { offset } = definition;
  switch (definition.kind) {
    case 'core-module': {
      const { range } = definition;
      const info = readCoreModule(context.bytes, range);
      context.modules.set(range.start, info);
      scope.add('core module', embeddedModuleType(info));
      break;
    }
    case 'core-instance':
      scope.add('core instance', coreInstance(scope, definition.expr, offset));
      break;
    case 'core-type':
      defineCoreType(scope, definition.type, offset);
      break;
    case 'component':
      scope.add('component', component(definition.component, scope, context));
      break;
    case 'instance':
      scope.add('instance', instanceOf(scope, definition.expr, offset));
      break;
    case 'alias':
      if (scope.kind !== 'component') checkAliasSort(definition.alias, offset);
      defineAlias(scope, definition.alias, offset);
      break;
    case 'type':
      scope.add('type', resolveDefType(scope, definition.type, offset));
      break;
    case 'canon':
      defineCanon(scope, definition.canon, offset);
      break;
    case 'start':
      valueRules(context).defineStart(scope, definition);
      break;
    case 'import':
      declare(scope, 'import', definition.name, definition.type, offset);
      break;
    case 'export':
      if ('item' in definition) defineExport(scope, definition.name, definition.item, definition.type, offset);
      else declare(scope, 'export', definition.name, definition.type, offset);
      break;
    case 'value':
      valueRules(context).defineValue(scope, definition);
  }
}

function valueRules({ values }: ValidationContext): ValueRules {
  if (values === undefined) throw new TypeError('the rules for values have not been loaded: await compile() first');
  return values;
}

/** Alias declarators have fewer sorts than alias definitions. */
function checkAliasSort({ kind, sort }: Alias, offset: number): void {
  const other = kind === 'outer' ? 'core type' : 'instance';
  if (kind === 'core-export' || (sort !== 'type' && sort !== other)) fail(offset, 'type-alias-sort', { sort });
}

/** Resolves a `deftype`. */
function resolveDefType(scope: Scope, type: DefType, offset: number): AnyType {
  switch (type.kind) {
    case 'func':
      return resolveFuncType(scope, type, offset);
    case 'resource':
      return resolveResourceType(scope, type.rep, type.dtor, offset);
    case 'component-type':
      return componentType(defined('component type', type.declarations, scope, scope.context));
    case 'instance-type': {
      const { store, exports, binder } = defined('instance type', type.declarations, scope, scope.context);
      return store.instanceType(exports, binder);
    }
    default:
      return resolveDefValType(scope, type, offset);
  }
}
