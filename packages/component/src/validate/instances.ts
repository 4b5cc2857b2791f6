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
import type { Extern, InstanceType } from './types.ts';

/** The type of the instance that `expr` makes. */
export function instanceOf(scope: Scope, expr: InstanceExpr, offset: number): InstanceType {
  const { store } = scope;
  const exports = new Map<string, Extern>();
  if (expr.kind === 'instantiate') instantiate(scope, expr, exports, offset);
  else inlineExports(scope, expr, exports);
  return store.instanceType(exports, null);
}

/** Arguments that nothing imports are ignored. */
function instantiate(
  scope: Scope,
  expr: InstanceExpr & { kind: 'instantiate' },
  exports: Map<string, Extern>,
  offset: number,
): void {
  const { store } = scope;
  const component = scope.at('component', expr.component, offset);
  const args = new Map<string, Extern>();
  for (const { name, item, offset: at } of expr.args) {
    const extern = externOfItem(scope, item, at);
    if (args.has(name)) fail(at, 'arg-conflict', { name });
    args.set(name, extern);
  }
  const { binder } = component;
  const substitution = new Substitution(store, { binder, into: scope.binder, imported: false });
  const matching = new Matching(substitution, { binder, imported: true });
  for (const [name, extern] of component.imports) {
    const given = args.get(name);
    if (given === undefined) fail(offset, 'arg-missing', { name });
    const reason = matching.extern(given, extern);
    if (reason !== null) fail(offset, 'arg-type', { name, reason });
  }
  store.step(COPY_STEPS * component.exports.size);
  for (const [name, extern] of component.exports) exports.set(name, substitution.extern(extern));
}

/** Preceding definitions. Their types keep the names that they have. */
function inlineExports(scope: Scope, expr: InstanceExpr & { kind: 'exports' }, exports: Map<string, Extern>): void {
  const names = new NameContext();
  for (const { name, item, offset } of expr.exports) {
    const extern = externOfItem(scope, item, offset);
    nameExtern(names, scope.context.features, 'export', name, extern, false);
    exports.set(name.name, extern);
  }
}
