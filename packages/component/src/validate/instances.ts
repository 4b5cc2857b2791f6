/**
 * Component instances (Explainer.md#instance-definitions). In: an instance expression. Out: the type of the instance, with
 * the arguments substituted for the imports and fresh resources for those that the component defines.
 */

import type { InstanceExpr } from '../binary/ast.ts';
import { fail } from '../fail.ts';
import { nameExtern } from './extern-names.ts';
import { externOfItem } from './externs.ts';
import { COPY_STEPS } from './limits.ts';
import { NameContext, type Scope } from './scope.ts';
import { Substitution } from './substitution.ts';
import { Matching } from './subtype.ts';
import type { ComponentType, Extern, InstanceType } from './types.ts';

/** Adds the instance that `expr` makes. */
export function defineInstance(scope: Scope, expr: InstanceExpr, offset: number): void {
  scope.instances.push(
    expr.kind === 'instantiate' ? instantiateExpr(scope, expr, offset) : inlineInstance(scope, expr),
  );
}

function instantiateExpr(scope: Scope, expr: InstanceExpr & { kind: 'instantiate' }, offset: number): InstanceType {
  const component = scope.component(expr.component, offset);
  const args = new Map<string, Extern>();
  for (const { name, item, offset: at } of expr.args) {
    const extern = externOfItem(scope, item, at);
    if (args.has(name)) fail(at, 'arg-conflict', { name });
    args.set(name, extern);
  }
  return instantiate(scope, component, args, offset);
}

/** What instantiating `component` with `args` gives; arguments that nothing imports are ignored. */
function instantiate(
  scope: Scope,
  component: ComponentType,
  args: ReadonlyMap<string, Extern>,
  offset: number,
): InstanceType {
  const { store } = scope;
  const { binder } = component;
  const substitution = new Substitution(store, { binder, into: scope.binder, imported: false });
  const matching = new Matching(store, substitution, { binder, imported: true });
  for (const [name, extern] of component.imports) {
    const given = args.get(name);
    if (given === undefined) fail(offset, 'arg-missing', { name });
    const reason = matching.extern(given, extern);
    if (reason !== null) fail(offset, 'arg-type', { name, reason });
  }
  store.step(COPY_STEPS * component.exports.size);
  const exports = new Map<string, Extern>();
  for (const [name, extern] of component.exports) exports.set(name, substitution.extern(extern));
  return store.instanceType(exports, null);
}

/** An instance of preceding definitions. Its types keep the names that they have. */
function inlineInstance(scope: Scope, expr: InstanceExpr & { kind: 'exports' }): InstanceType {
  const names = new NameContext();
  const exports = new Map<string, Extern>();
  for (const { name, item, offset } of expr.exports) {
    const extern = externOfItem(scope, item, offset);
    nameExtern(names, scope.features, 'export', name, extern, false);
    exports.set(name.name, extern);
  }
  return scope.store.instanceType(exports, null);
}
