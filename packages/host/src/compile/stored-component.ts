/**
 * A compiled component as something that can be kept or sent: a manifest (plain data: JSON, structured clone) and the core
 * modules that it counts. In: a prepared component. Out: manifest and modules; and back again, without decoder and code
 * generator.
 *
 * Three things share this form: what `gangway compile` writes, what an engine's cache keeps, and what goes to a worker.
 *
 * Rejected: a plan of its own for each exported component. They are inside the root's plan, in its exports.
 */
import type { EmittedModule } from '@gangway/adapter-codegen/emitted';
import { type ComponentPlan, PLAN_VERSION } from '@gangway/component/plan';
import type { Engine } from '../engine.ts';
import { InternalError } from '../errors.ts';
import type { PartForms, PartTexts } from '../forms/forms.ts';
import { type Parts, registerParts } from '../forms/parts.ts';
import type { Component, ComponentParts, EmittedCode, RunnableModule } from './component.ts';

/** Bumped when an older manifest can no longer be read, or the code that was generated with it no longer runs. */
export const MANIFEST_VERSION = 3;

/** An emitted module without its bytes. */
export interface StoredModule extends Omit<EmittedModule, 'bytes'> {
  /** Index in the list of modules. */
  readonly module: number;
}

/** What belongs to one plan: the root's, or that of an exported component. */
export interface StoredPart {
  /** Names of exports from the root down; empty for the root. */
  readonly path: readonly string[];
  /** By `StaticModuleIndex`: index in the list of modules. */
  readonly modules: readonly number[];
  readonly trampolines: StoredModule | null;
  readonly callees: StoredModule | null;
  /** By `AdapterModuleIndex`. */
  readonly adapters: readonly StoredModule[];
  /** See forms/signatures.ts. */
  readonly signatures: readonly string[];
  /** Generated code of its functions, where that is kept as text. */
  readonly texts?: PartTexts;
}

export interface Manifest {
  readonly manifest: typeof MANIFEST_VERSION;
  /** Bytes of a pointer slot in the vmctx that the emitted modules are for. */
  readonly pointerSize: 4 | 8;
  readonly plan: ComponentPlan;
  /** The root first. */
  readonly parts: readonly StoredPart[];
}

/** A manifest with its modules. Structured clone keeps both. */
export interface StoredComponent {
  readonly manifest: Manifest;
  readonly modules: readonly WebAssembly.Module[];
  /** By part of the manifest: generated code of its functions, as an ES module has it. */
  readonly forms?: readonly PartForms[];
  /** Parts of the host that it needs and an ES module has loaded. */
  readonly parts?: Partial<Parts>;
}

/**
 * What a `Component` is made from. `make` makes those of its exported components. Throws `RangeError` for what another
 * version of gangway has stored, `TypeError` when it does not belong to the engine's options.
 */
export function storedParts(
  stored: StoredComponent,
  engine: Engine,
  make: (parts: ComponentParts) => Component,
): ComponentParts {
  const { manifest, parts } = stored;
  if (parts !== undefined) registerParts(parts);
  checkManifest(manifest, engine);
  return partsAt(stored, engine, make, manifest.plan, []);
}

/** Of the component that is exported at `path`; `plan` is its own. */
function partsAt(
  stored: StoredComponent,
  engine: Engine,
  make: (parts: ComponentParts) => Component,
  plan: ComponentPlan,
  path: readonly string[],
): ComponentParts {
  const { manifest, modules } = stored;
  const key = path.join(' ');
  const index = manifest.parts.findIndex((part) => part.path.join(' ') === key);
  const part = manifest.parts[index];
  if (part === undefined) throw new InternalError(`the component "${key}" was not stored`);
  const { trampolines, callees, adapters, signatures } = part;
  const forms = stored.forms?.[index] ?? part.texts;
  const module = (index: number): WebAssembly.Module => {
    const found = modules[index];
    if (found === undefined) throw new RangeError(`the stored component has no module ${index}`);
    return found;
  };
  const emitted = (one: StoredModule): RunnableModule => ({ ...one, module: module(one.module) });
  const code: EmittedCode = {
    trampolines: trampolines && emitted(trampolines),
    callees: callees && emitted(callees),
    adapters: adapters.map(emitted),
  };
  return {
    engine,
    plan,
    modules: part.modules.map(module),
    emit: () => Promise.resolve(code),
    emitted: code,
    signatures,
    ...(forms && { forms }),
    loaded: stored.parts !== undefined,
    nested: ({ component }, inner) => {
      if ('import' in component) throw new InternalError('an imported component has no plan');
      return make(partsAt(stored, engine, make, component, [...path, ...inner]));
    },
    link: null,
  };
}

function checkManifest(manifest: Manifest, engine: Engine): void {
  if (manifest.manifest !== MANIFEST_VERSION || manifest.plan.version !== PLAN_VERSION) {
    throw new RangeError('the component was compiled by another version of gangway: compile it again');
  }
  const { pointerSize } = engine.options;
  if (manifest.pointerSize !== pointerSize) {
    throw new TypeError(`the component was compiled for pointerSize ${manifest.pointerSize}, not ${pointerSize}`);
  }
}
