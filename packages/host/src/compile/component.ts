/**
 * `Component`: a compiled component. In: its plan, its core modules compiled by the engine, and the modules that were
 * emitted for it. Out: what instantiation needs, each part made once and on first use, and reflection for the embedder.
 * It can be instantiated any number of times, in any number of stores.
 *
 * Rejected: compiling emitted modules together with the core modules. A component that is only inspected needs none.
 */
import type { EmittedModule } from '@gangway/adapter-codegen/emitted';
import { type FuncAbi, funcAbi } from '@gangway/component/abi';
import { intrinsicCoreType, intrinsics } from '@gangway/component/intrinsics';
import { camelCase, parseExternName } from '@gangway/component/names';
import type { ComponentPlan, FuncTypeIndex, LoweringIndex, OptionsIndex, PlanExport } from '@gangway/component/plan';
import { VmctxOffsets } from '@gangway/offsets';
import { seesContextSlots } from '../call/context-slots.ts';
import { exportCall } from '../call/export-call.ts';
import { loweringCallee } from '../call/lowering-callee.ts';
import { needsTasks } from '../call/needs-tasks.ts';
import type { CalleeMaker, ExportMaker } from '../call/requests.ts';
import { Engine } from '../engine.ts';
import { InternalError } from '../errors.ts';
import type { LinkEmitter } from '../link/links.ts';
import { type ExternInfo, Reflection } from '../reflect/reflection.ts';
import { listComponent, type StoredComponent, storedParts } from './stored-component.ts';

/** An emitted module as bytes, as the engine's module, or both. One that was stored has no bytes. */
export type RunnableModule = Omit<EmittedModule, 'bytes'> &
  (EmittedModule | { readonly bytes?: undefined; readonly module: WebAssembly.Module });

/** The modules that the code generator makes for a component. */
export interface EmittedCode {
  /** Null when the component has no trampolines. */
  readonly trampolines: RunnableModule | null;
  /** Null when it lowers no imports. */
  readonly callees: RunnableModule | null;
  /** By `AdapterModuleIndex`. */
  readonly adapters: readonly RunnableModule[];
}

export interface ComponentParts {
  readonly engine: Engine;
  readonly plan: ComponentPlan;
  /** By `StaticModuleIndex`. */
  readonly modules: readonly WebAssembly.Module[];
  /** Called at most once. */
  readonly emit: () => Promise<EmittedCode>;
  /** What `emit` would return, when it is there already. */
  readonly emitted?: EmittedCode;
  /** The component that an export is; `path` are the names that lead to it. */
  readonly nested: (exported: ComponentExport, path: readonly string[]) => Component;
  /** The component, linked with components for its imports; null when it was stored without its binary. */
  readonly link: ((components: ReadonlyMap<string, Component>) => Promise<Component>) | null;
  /** What emits adapters to other instances at run time. Absent: this component does not bring one. */
  readonly linking?: LinkEmitter;
}

/** An exported component of the plan. */
export type ComponentExport = Extract<PlanExport, { readonly kind: 'component' }>;

/** A lifted export of the plan. */
export type LiftedExport = Extract<PlanExport, { readonly kind: 'lifted-func' }>;

export class Component {
  readonly engine: Engine;
  readonly plan: ComponentPlan;
  readonly modules: readonly WebAssembly.Module[];
  /** Whether its instances can see the context slots of their tasks. */
  readonly seesContextSlots: boolean;
  /** Layout of the vmctx of its instances. */
  readonly offsets: VmctxOffsets;
  readonly #parts: ComponentParts;
  #emitted: EmittedCode | undefined;
  #emitting: Promise<EmittedCode> | undefined;
  #reflection: Reflection | undefined;
  readonly #compiled = new Map<RunnableModule, WebAssembly.Module>();
  readonly #exportMakers = new Map<LiftedExport, ExportMaker>();
  readonly #calleeMakers: CalleeMaker[] = [];
  readonly #nested = new Map<ComponentExport, Component>();
  #signatures: readonly number[] | undefined;

  constructor(parts: ComponentParts) {
    this.engine = parts.engine;
    this.plan = parts.plan;
    this.modules = parts.modules;
    this.offsets = new VmctxOffsets(parts.engine.options.pointerSize, parts.plan.counts);
    this.seesContextSlots = seesContextSlots(parts.plan);
    this.#parts = parts;
    this.#emitted = parts.emitted;
  }

  /**
   * The component of {@link Component.toTransferable}, or of what `gangway compile` has written. Throws `RangeError` for what
   * another version of gangway has made, `TypeError` when it does not suit the engine's options.
   */
  static from(stored: StoredComponent, options: { readonly engine?: Engine } = {}): Component {
    const { pointerSize } = stored.manifest;
    const engine = options.engine ?? (pointerSize === 8 ? new Engine({ pointerSize }) : Engine.default);
    return new Component(storedParts(stored, engine, (parts) => new Component(parts)));
  }

  /**
   * The component as plain data and `WebAssembly.Module`s, for `postMessage` to a worker, where {@link Component.from} takes
   * it. Nothing is transferred away: it can be sent any number of times. Throws `TypeError` while it still has to be linked.
   */
  async toTransferable(): Promise<StoredComponent> {
    const { manifest, modules } = await listComponent(this);
    return {
      manifest,
      modules: modules.map((listed) =>
        listed.kind === 'core'
          ? (listed.component.modules[listed.index] as WebAssembly.Module)
          : listed.component.compiled(listed.emitted),
      ),
    };
  }

  /** The name that the binary gives itself, if it does. */
  get name(): string | null {
    return this.plan.name;
  }

  /** What it imports, as full types. */
  get imports(): readonly ExternInfo[] {
    return this.#reflect().imports;
  }
  /** What it exports, as full types. */
  get exports(): readonly ExternInfo[] {
    return this.#reflect().exports;
  }
  #reflect(): Reflection {
    return (this.#reflection ??= new Reflection(this.plan));
  }

  /** Emits what instantiation needs, unless that has been done. An exported component is emitted when it is first used. */
  async prepare(): Promise<EmittedCode> {
    this.#emitting ??= this.#parts.emit();
    return (this.#emitted = await this.#emitting);
  }

  /** The emitted modules, as bytes. Throws `TypeError` before {@link prepare}. */
  get emitted(): EmittedCode {
    if (this.#emitted === undefined) throw new TypeError('the component is not prepared yet: await prepare() first');
    return this.#emitted;
  }

  /** An emitted module, compiled. They are small: synchronous compilation is allowed everywhere. */
  compiled(emitted: RunnableModule): WebAssembly.Module {
    if (emitted.bytes === undefined) return emitted.module;
    let module = this.#compiled.get(emitted);
    if (module === undefined) {
      try {
        module = new WebAssembly.Module(emitted.bytes);
      } catch (cause) {
        throw new InternalError(`the engine refuses the emitted module "${emitted.name}"`, { cause });
      }
      this.#compiled.set(emitted, module);
    }
    return module;
  }

  /** An exported component; the same one each time. */
  nested(exported: ComponentExport, path: readonly string[]): Component {
    let component = this.#nested.get(exported);
    if (component === undefined) {
      component = this.#parts.nested(exported, path);
      this.#nested.set(exported, component);
    }
    return component;
  }

  /** The exported component that the names of exports lead to, from this one down. */
  nestedAt(path: readonly string[]): Component {
    let { exports } = this.plan;
    let found: PlanExport | undefined;
    for (const name of path) {
      found = exports.find((exported) => exported.name === name);
      exports = found?.kind === 'instance' ? found.exports : [];
    }
    if (found?.kind !== 'component') throw new InternalError(`no component is exported as "${path.join(' ')}"`);
    return this.nested(found, path);
  }

  /**
   * The component with `components` for its component imports (by import name; nested in an instance: names joined by a
   * space). Throws `TypeError` when it was stored without its binary.
   */
  link(components: ReadonlyMap<string, Component>): Promise<Component> {
    if (this.#parts.link === null) throw new TypeError('a stored component cannot be linked with components any more');
    return this.#parts.link(components);
  }

  /** The code generator for adapters between its instances and others, if it came with one. */
  get linking(): LinkEmitter | null {
    return this.#parts.linking ?? null;
  }

  /** The function type as one side of a call sees it. */
  abi(type: FuncTypeIndex, options: OptionsIndex, direction: 'lift' | 'lower'): FuncAbi {
    return funcAbi(this.plan, type, this.plan.options[options]!, direction);
  }

  /** The specialised code of an export, or why it cannot be called; made once for all instances. */
  exportMaker(exported: LiftedExport, path: readonly string[]): ExportMaker | string {
    let maker = this.#exportMakers.get(exported);
    if (maker === undefined) {
      const name = path.join('#');
      const problem = needsTasks(this.plan, exported, name);
      if (problem !== null) return problem;
      const abi = this.abi(exported.type, exported.options, 'lift');
      maker = exportCall({ name, abi, evaluate: this.#evaluate });
      this.#exportMakers.set(exported, maker);
    }
    return maker;
  }

  /** The specialised code of a lowered import; made once for all stores. */
  calleeMaker(lowering: LoweringIndex): CalleeMaker {
    const known = this.#calleeMakers[lowering];
    if (known !== undefined) return known;
    const trampoline = this.plan.trampolines.find((t) => t.kind === 'lower-import' && t.lowering === lowering);
    if (trampoline?.kind !== 'lower-import') throw new InternalError(`no trampoline lowers ${lowering}`);
    const { path } = this.plan.runtimeImports[trampoline.import]!;
    const parts = parseExternName(path.at(-1) as string);
    const maker = loweringCallee({
      name: path.join('#'),
      ...(parts.kind === 'method' ? { method: camelCase(parts.label) } : {}),
      abi: this.abi(trampoline.type, trampoline.options, 'lower'),
      options: trampoline.options,
      evaluate: this.#evaluate,
    });
    this.#calleeMakers[lowering] = maker;
    return maker;
  }

  get #evaluate(): 'auto' | 'never' {
    return this.engine.options.evaluate ? 'auto' : 'never';
  }

  /**
   * By trampoline, and behind them by intrinsic in use: a number for its core type; functions of the same type have the
   * same. What `type_index` holds.
   */
  get signatures(): readonly number[] {
    if (this.#signatures === undefined) {
      const numbers = new Map<string, number>();
      const { trampolines, intrinsics: used = [] } = this.plan;
      const texts = [
        ...trampolines.map((trampoline) => this.#signature(trampoline)),
        ...used.map((index) => {
          const { params, results } = intrinsicCoreType(intrinsics[index]!);
          return `${params.join(' ')} -> ${results.join(' ')}`;
        }),
      ];
      this.#signatures = texts.map((text) => {
        if (!numbers.has(text)) numbers.set(text, numbers.size);
        return numbers.get(text) as number;
      });
    }
    return this.#signatures;
  }

  #signature(trampoline: ComponentPlan['trampolines'][number]): string {
    switch (trampoline.kind) {
      case 'lower-import': {
        const { flatParams, flatResults } = this.abi(trampoline.type, trampoline.options, 'lower');
        return `${flatParams.join(' ')} -> ${flatResults.join(' ')}`;
      }
      case 'resource.new':
      case 'resource.rep':
        return 'i32 -> i32';
      case 'resource.drop':
        return 'i32 -> ';
      case 'context.get':
        return ` -> ${trampoline.type}`;
      case 'context.set':
        return `${trampoline.type} -> `;
      case 'unsupported':
        return `${trampoline.params.join(' ')} -> ${trampoline.results.join(' ')}`;
      default:
        return trampoline satisfies never;
    }
  }
}
