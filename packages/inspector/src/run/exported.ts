/** What a component exports that can be called, and its resource types in an order that page and worker agree on. */
import type { Component, ExternInfo, FuncInfo, ResourceInfo } from '@gangway/host';

export interface ExportedFunction {
  /** Names from the root's export down. */
  readonly path: readonly string[];
  readonly type: FuncInfo;
}

/** All functions that can be called, those of interfaces included. */
export function exportedFunctions(component: Component): ExportedFunction[] {
  const list = (exports: readonly ExternInfo[], path: readonly string[]): ExportedFunction[] =>
    exports.flatMap((one) => {
      const here = [...path, one.name];
      if (one.kind === 'func') return [{ path: here, type: one.type }];
      return one.kind === 'instance' ? list(one.exports, here) : [];
    });
  return list(component.exports, []);
}

/** The resource types of imports and exports, by first appearance. */
export function resourceOrder(component: Component): readonly ResourceInfo[] {
  const found = new Set<ResourceInfo>();
  const walk = (externs: readonly ExternInfo[]): void => {
    for (const one of externs) {
      if (one.kind === 'resource') found.add(one.resource);
      else if (one.kind === 'instance') walk(one.exports);
    }
  };
  walk(component.imports);
  walk(component.exports);
  return [...found];
}
