/**
 * Compilation without waiting, for the constructor of `WebAssembly.Component` (see install-polyfill.ts). In: a component
 * binary. Out: a `Component` that is ready to be instantiated. It stops the thread: `compile` is what programs should use.
 *
 * Rejected: `compile` on top of this. It has the engine compile core modules on other threads, while it validates.
 */

import { emitAllNow } from '@gangway/adapter-codegen/emit';
import * as rare from '@gangway/adapter-codegen/rare';
import * as resources from '@gangway/adapter-codegen/resources';
import type { ComponentPlan } from '@gangway/component';
import {
  type ComponentValue,
  componentValue,
  decode,
  exportedComponents,
  translateValue,
  validate as validateComponent,
} from '@gangway/component/front-end';
import { explained } from '@gangway/component/texts';
import * as values from '@gangway/component/values';
import { Engine } from '../engine.ts';
import { InternalError } from '../errors.ts';
import { registerAllParts } from '../forms/register-parts.ts';
import { signatures } from '../forms/signatures.ts';
import { linkEmitter } from '../link/emit-link.ts';
import * as adapters from '../parts/link-adapters.ts';
import { asBytes, type Bytes } from './as-bytes.ts';
import { assemble, coreModules, rootValue, uniqueByPlan } from './build.ts';
import type { CompileOptions } from './compile.ts';
import { Component } from './component.ts';
import { coreModuleError } from './core-modules.ts';
import { featuresOf } from './features-of.ts';
import { nestedPlans } from './nested-plans.ts';
import { register } from './origins.ts';
import { usesTryTable } from './try-table.ts';

/**
 * As `compile`, with what it rejects with thrown. The code cache is not asked: it cannot answer at once. What the code
 * generator binaryen would write is written directly. Browsers refuse large core modules on the main thread.
 */
export function compileNow(bytes: Bytes, options: CompileOptions = {}): Component {
  registerAllParts();
  const engine = options.engine ?? Engine.default;
  const view = asBytes(bytes);
  const features = featuresOf(engine);
  const ast = explained(() => decode(view, { features }));
  const valid = explained(() => validateComponent(view, ast, { features, values }));
  const modules = new Map(coreModules(ast).map(({ start, end }) => [start, compileModule(view, start, end)]));
  const value = rootValue(componentValue(view, ast, valid.modules), options);
  return assembleNow(engine, translateValue(value, { components: new Map() }), value, modules);
}

function compileModule(bytes: Uint8Array<ArrayBuffer>, start: number, end: number): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes.subarray(start, end));
  } catch (cause) {
    throw cause instanceof WebAssembly.CompileError ? coreModuleError(cause, start) : cause;
  }
}

function assembleNow(
  engine: Engine,
  plan: ComponentPlan,
  value: ComponentValue,
  modules: ReadonlyMap<number, WebAssembly.Module>,
): Component {
  const { pointerSize, multiMemory, lowering } = engine.options;
  const exported = uniqueByPlan(nestedPlans(plan));
  const inner = exported.length === 0 ? null : exportedComponents(value, { components: new Map() });
  const nested = new Map(
    exported.map(({ component, path }) => {
      const nestedValue = inner?.get(path.join(' '));
      if (nestedValue === undefined) throw new InternalError(`no component is exported as "${path.join(' ')}"`);
      return [component, assembleNow(engine, component, nestedValue, modules)];
    }),
  );
  const emitted = emitAllNow(
    plan,
    { pointerSize, adapters: multiMemory, lowering, tryTable: usesTryTable(engine) },
    { ...rare, ...resources },
  );
  const component = new Component({
    engine,
    plan,
    modules: plan.modules.map(({ start }) => modules.get(start) as WebAssembly.Module),
    emitted,
    emit: async () => emitted,
    nested: (one) => {
      const found = 'import' in one.component ? undefined : nested.get(one.component);
      if (found === undefined) throw new InternalError(`the exported component "${one.name}" was not compiled`);
      return found;
    },
    link: (components) => assemble(engine, value, components),
    linking: linkEmitter(engine, adapters),
    signatures: signatures(plan),
  });
  register(component, { bytes: value.bytes, value: () => value });
  return component;
}
