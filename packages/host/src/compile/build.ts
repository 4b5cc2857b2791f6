/**
 * The front end, as `compile` loads it: from the bytes of a component to a `Component`. In: a component binary, perhaps decoded
 * already. Out: plan, core modules compiled by the engine, trampolines and adapters. Decoding, validation and translation run
 * before the first await, while the engine compiles the core modules; all reading of the bytes that these do is over when
 * `build` returns its promise, unless rules for values have to be loaded.
 *
 * Loaded when something is compiled that no cache has: a program that finds all its components there never parses it.
 */
import { type EmittedComponent, emitAll } from '@gangway/adapter-codegen/emit';
import type { ComponentAst, ComponentPlan } from '@gangway/component';
import {
  type ComponentValue,
  componentValue,
  decode,
  exportedComponents,
  translateValue,
  validate as validateComponent,
} from '@gangway/component/front-end';
import { Engine } from '../engine.ts';
import { InternalError } from '../errors.ts';
import { registerPart } from '../forms/parts.ts';
import { signatures } from '../forms/signatures.ts';
import { linkEmitter, prepareLinking } from '../link/emit-link.ts';
import { findCompatible } from '../link/semver.ts';
import { asBytes, type Bytes } from './as-bytes.ts';
import type { CompileOptions } from './compile.ts';
import { Component } from './component.ts';
import { moduleAt } from './core-modules.ts';
import { featuresOf } from './features-of.ts';
import { nestedPlans } from './nested-plans.ts';
import { linkable, register } from './origins.ts';
import { usesTryTable } from './try-table.ts';

/** The rules for values; loaded when an engine that has their gate open compiles something. */
let valueRules: typeof import('@gangway/component/values') | undefined;

/** Loads what an engine's features take; at once when that is nothing. */
export function loadRules(engine: Engine): Promise<void> | null {
  if (!featuresOf(engine).values || valueRules !== undefined) return null;
  return import('@gangway/component/values').then((rules) => void (valueRules = rules));
}

/** As `compile`. Nobody writes into the bytes; the AST is given when they have been decoded already. */
export async function build(
  engine: Engine,
  bytes: Uint8Array<ArrayBuffer>,
  options: CompileOptions,
  decoded: ComponentAst | null = null,
): Promise<Component> {
  const features = featuresOf(engine);
  const loading = loadRules(engine);
  if (loading !== null) await loading;
  const ast = decoded ?? decode(bytes, { features });
  const compiled = coreModules(ast).map(({ start, end }) => moduleAt(bytes, start, end));
  const { modules } = validateComponent(bytes, ast, { features, values: valueRules });
  const component = await assemble(engine, rootValue(componentValue(bytes, ast, modules), options), new Map());
  // Those that nothing instantiates must be valid as well.
  await Promise.all(compiled);
  return component;
}

/** What the bytes of a valid component are. */
export function validated(engine: Engine, bytes: Uint8Array): ComponentValue {
  const features = featuresOf(engine);
  const ast = decode(bytes, { features });
  return componentValue(bytes, ast, validateComponent(bytes, ast, { features, values: valueRules }).modules);
}

/**
 * Whether the bytes are a valid component. Embedded core modules are asked of the engine. Throws `TypeError` for a component
 * with values, when no engine with that gate open has compiled anything yet.
 */
export function validate(bytes: Bytes, options: CompileOptions = {}): boolean {
  const engine = options.engine ?? Engine.default;
  const view = asBytes(bytes);
  try {
    const ast = decode(view, { features: featuresOf(engine) });
    validateComponent(view, ast, { features: featuresOf(engine), values: valueRules });
    return coreModules(ast).every(({ start, end }) => WebAssembly.validate(view.subarray(start, end)));
  } catch (error) {
    if (error instanceof InternalError || !(error instanceof Error) || !('offset' in error)) throw error;
    return false;
  }
}

/** The component, with what the embedder says of it. */
export function rootValue(value: ComponentValue, { intrinsics }: CompileOptions): ComponentValue {
  return intrinsics === undefined ? value : { ...value, intrinsics };
}

/** Translates and waits for what the plan needs. */
export async function assemble(
  engine: Engine,
  value: ComponentValue,
  components: ReadonlyMap<string, Component>,
): Promise<Component> {
  registerPart('versions', findCompatible);
  const loading = components.size > 0 ? loadRules(engine) : null;
  if (loading !== null) await loading;
  const given = new Map([...components].map(([name, component]) => [name, linkable(component, validated)]));
  if (given.size > 0) {
    const { checkComponents } = await import('../link/check-components.ts');
    checkComponents(value, given, { features: featuresOf(engine), values: valueRules });
  }
  const plan = translateValue(value, { components: given });
  // Now, while the engine compiles the core modules.
  const emitting = emitPlan(engine, plan);
  emitting.catch(() => undefined);
  const made = await assemblePlan(engine, plan, value, given, () => emitting);
  await Promise.all([made.prepare(), prepareLinking(engine)]);
  return made;
}

function emitPlan(engine: Engine, plan: ComponentPlan): Promise<EmittedComponent> {
  const { pointerSize, multiMemory, codegen, lowering } = engine.options;
  return emitAll(plan, { pointerSize, adapters: multiMemory, codegen, lowering, tryTable: usesTryTable(engine) });
}

async function assemblePlan(
  engine: Engine,
  plan: ComponentPlan,
  value: ComponentValue,
  given: ReadonlyMap<string, ComponentValue>,
  emit = () => emitPlan(engine, plan),
): Promise<Component> {
  const sources = sourcesOf(plan, value, given);
  const modules = await Promise.all(
    plan.modules.map(({ source, start, end }) => moduleAt(sources[source]!, start, end)),
  );
  const exported = uniqueByPlan(nestedPlans(plan));
  const exportedValues = exported.length === 0 ? null : exportedComponents(value, { components: given });
  const inner = await Promise.all(
    exported.map(async ({ component, path }) => {
      const nestedValue = exportedValues?.get(path.join(' '));
      if (nestedValue === undefined) throw new InternalError(`no component is exported as "${path.join(' ')}"`);
      return [component, await assemblePlan(engine, component, nestedValue, given)] as const;
    }),
  );
  const nested = new Map(inner);
  const component = new Component({
    engine,
    plan,
    modules,
    emit,
    nested: (exported) => {
      const found = 'import' in exported.component ? undefined : nested.get(exported.component);
      if (found === undefined) throw new InternalError(`the exported component "${exported.name}" was not compiled`);
      return found;
    },
    link: (components) => assemble(engine, value, components),
    linking: linkEmitter(engine),
    signatures: signatures(plan),
  });
  register(component, { bytes: value.bytes, value: () => value, sources });
  return component;
}

/** The same plan may be exported several times. */
export function uniqueByPlan(nested: ReturnType<typeof nestedPlans>): ReturnType<typeof nestedPlans> {
  return [...new Map([...nested].reverse().map((one) => [one.component, one])).values()].reverse();
}

/** The binaries that `PlanModule.source` counts. */
function sourcesOf(
  plan: ComponentPlan,
  value: ComponentValue,
  given: ReadonlyMap<string, ComponentValue>,
): readonly Uint8Array[] {
  return [value.bytes, ...plan.linked.map((name) => given.get(name)!.bytes)];
}

/** The core modules of a component, at any depth. */
export function coreModules(ast: ComponentAst): { readonly start: number; readonly end: number }[] {
  return ast.definitions.flatMap((definition) => {
    if (definition.kind === 'core-module') return [definition.range];
    return definition.kind === 'component' ? coreModules(definition.component) : [];
  });
}
