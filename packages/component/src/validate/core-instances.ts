/**
 * Core instances (Explainer.md#instance-definitions). In: a core instance expression. Out: what the instance exports.
 * Arguments are checked against what the module imports.
 */

import type { CoreInstanceExpr } from '../binary/ast.ts';
import { fail } from '../fail.ts';
import { coreItemProblem } from './core-subtype.ts';
import { type CoreItem, coreItemSize } from './core-types.ts';
import type { CoreInstance, Scope } from './scope.ts';

/** The core instance that `expr` makes. */
export function coreInstance(scope: Scope, expr: CoreInstanceExpr, offset: number): CoreInstance {
  return expr.kind === 'instantiate' ? instantiate(scope, expr, offset) : inlineInstance(scope, expr);
}

function instantiate(scope: Scope, expr: CoreInstanceExpr & { kind: 'instantiate' }, offset: number): CoreInstance {
  const { imports, exports } = scope.at('core module', expr.module, offset);
  const args = new Map<string, CoreInstance>();
  for (const { name, instance, offset: at } of expr.args) {
    const given = scope.at('core instance', instance, at);
    if (args.has(name)) fail(at, 'core-arg-conflict', { name });
    args.set(name, given);
  }
  for (const { module, name, item } of imports.values()) {
    const instance = args.get(module);
    if (instance === undefined) fail(offset, 'core-arg-missing', { name: module });
    const given = instance.get(name);
    if (given === undefined) fail(offset, 'core-arg-export', { module, name });
    scope.store.step(coreItemSize(item));
    const reason = coreItemProblem(given, item);
    if (reason !== null) fail(offset, 'core-arg-type', { module, name, reason });
  }
  return exports;
}

function inlineInstance(scope: Scope, expr: CoreInstanceExpr & { kind: 'exports' }): CoreInstance {
  const exports = new Map<string, CoreItem>();
  for (const { name, item, offset } of expr.exports) {
    const { sort, index } = item;
    if (sort === 'type' || sort === 'module' || sort === 'instance') return fail(offset, 'core-sort', { sort });
    const found = scope.at(`core ${sort}`, index, offset);
    if (exports.has(name)) fail(offset, 'core-export-conflict', { name });
    exports.set(name, found);
  }
  return exports;
}
