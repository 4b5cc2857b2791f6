/**
 * Core instances (Explainer.md#instance-definitions). In: a core instance expression. Out: what the instance exports.
 * Arguments are checked against what the module imports.
 */

import type { CoreInstanceExpr, CoreSortIdx } from '../binary/ast.ts';
import { fail } from '../fail.ts';
import { coreItemProblem } from './core-subtype.ts';
import { type CoreItem, coreItemSize } from './core-types.ts';
import type { CoreInstance, Scope } from './scope.ts';

/** Adds the core instance that `expr` makes. */
export function defineCoreInstance(scope: Scope, expr: CoreInstanceExpr, offset: number): void {
  scope.coreInstances.push(
    expr.kind === 'instantiate' ? instantiate(scope, expr, offset) : inlineInstance(scope, expr),
  );
}

function instantiate(scope: Scope, expr: CoreInstanceExpr & { kind: 'instantiate' }, offset: number): CoreInstance {
  const module = scope.coreModule(expr.module, offset);
  const args = new Map<string, CoreInstance>();
  for (const { name, instance, offset: at } of expr.args) {
    const given = scope.coreInstance(instance, at);
    if (args.has(name)) fail(at, 'core-arg-conflict', { name });
    args.set(name, given);
  }
  for (const { module: argument, name, item } of module.imports) {
    const instance = args.get(argument);
    if (instance === undefined) fail(offset, 'core-arg-missing', { name: argument });
    const given = instance.get(name);
    if (given === undefined) fail(offset, 'core-arg-export', { module: argument, name });
    scope.store.step(coreItemSize(item));
    const reason = coreItemProblem(given, item);
    if (reason !== null) fail(offset, 'core-arg-type', { module: argument, name, reason });
  }
  return module.exports;
}

function inlineInstance(scope: Scope, expr: CoreInstanceExpr & { kind: 'exports' }): CoreInstance {
  const exports = new Map<string, CoreItem>();
  for (const { name, item, offset } of expr.exports) {
    const found = coreItem(scope, item, offset);
    if (exports.has(name)) fail(offset, 'core-export-conflict', { name });
    exports.set(name, found);
  }
  return exports;
}

function coreItem(scope: Scope, { sort, index }: CoreSortIdx, offset: number): CoreItem {
  switch (sort) {
    case 'func':
      return scope.coreFunc(index, offset);
    case 'table':
      return scope.coreTable(index, offset);
    case 'memory':
      return scope.coreMemory(index, offset);
    case 'global':
      return scope.coreGlobal(index, offset);
    case 'tag':
      return scope.coreTag(index, offset);
    default:
      return fail(offset, 'core-sort', { sort });
  }
}
