/**
 * `Component`: a compiled component. In: its plan, its core modules compiled by the engine, and the modules that were
 * emitted for it. Out: what instantiation needs, each part made once and on first use, and reflection for the embedder.
 * It can be instantiated any number of times, in any number of stores.
 *
 * Rejected: compiling emitted modules together with the core modules. A component that is only inspected needs none.
 */
import type { EmittedModule } from '@gangway/adapter-codegen/emitted';
import type { ComponentPlan, LoweringIndex, PlanExport, RuntimeImportIndex } from '@gangway/component/plan';
import { VmctxOffsets } from '@gangway/offsets';
import type { CalleeMaker, ExportMaker } from '../call/requests.ts';
import { Engine } from '../engine.ts';
import { InternalError } from '../errors.ts';
import type { ExportPlace, LiftedExport, Refused } from '../forms/forms.ts';
import { Functions, type KeptForms } from '../forms/functions.ts';
import { neededParts } from '../forms/needed-parts.ts';
import { part, partNow } from '../forms/parts.ts';
import type { LinkEmitter } from '../link/links.ts';
import { outline } from '../reflect/outline.ts';
import type { ExternInfo, Reflection } from '../reflect/reflection.ts';
import { type StoredComponent, storedParts } from './stored-component.ts';

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
  /** The core signatures of its trampolines and intrinsics: forms/signatures.ts. */
  readonly signatures: readonly string[];
  /** The generated code of its functions, if it was kept. */
  readonly forms?: KeptForms;
  /** Whether the parts of the host that its instances need were loaded with it. */
  readonly loaded?: boolean;
  /** The component that an export is; `path` are the names that lead to it. */
  readonly nested: (exported: ComponentExport, path: readonly string[]) => Component;
  /** The component, linked with components for its imports; null when it was stored without its binary. */
  readonly link: ((components: ReadonlyMap<string, Component>) => Promise<Component>) | null;
  /** What emits adapters to other instances at run time. Absent: this component does not bring one. */
  readonly linking?: LinkEmitter;
}

/** An exported component of the plan. */
export type ComponentExport = Extract<PlanExport, { readonly kind: 'component' }>;

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
  #prepared: boolean;
  #preparing: Promise<EmittedCode> | undefined;
  #reflection: Reflection | undefined;
  readonly #compiled = new Map<RunnableModule, WebAssembly.Module>();
  readonly #functions: Functions;
  readonly #nested = new Map<ComponentExport, Component>();
  #signatures: readonly number[] | undefined;
  /** By `LoweringIndex`: what it lowers. */
  readonly lowered: readonly RuntimeImportIndex[];

  constructor(parts: ComponentParts) {
    this.engine = parts.engine;
    this.plan = parts.plan;
    this.modules = parts.modules;
    this.offsets = new VmctxOffsets(parts.engine.options.pointerSize, parts.plan.counts);
    const lowered: RuntimeImportIndex[] = [];
    let seesContextSlots = false;
    for (const trampoline of parts.plan.trampolines) {
      if (trampoline.kind === 'lower-import') lowered[trampoline.lowering] = trampoline.import;
      else if (trampoline.kind.startsWith('context.')) seesContextSlots = true;
    }
    this.lowered = lowered;
    this.seesContextSlots = seesContextSlots;
    this.#parts = parts;
    this.#emitted = parts.emitted;
    this.#functions = new Functions(parts);
    const { lowering, stringBuiltins } = parts.engine.options;
    const isUsual = lowering === 'typed' && stringBuiltins !== 'always';
    this.#prepared = isUsual && parts.loaded === true && parts.emitted !== undefined && this.#functions.loaded;
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
    const { listComponent } = await import('../parts/list-component.ts');
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

  /**
   * What it imports, as full types. Where nothing has been compiled, names and kinds only: types take
   * `import '@gangway/host/parts'`.
   */
  get imports(): readonly ExternInfo[] {
    return this.#reflect().imports;
  }
  /** What it exports, likewise. */
  get exports(): readonly ExternInfo[] {
    return this.#reflect().exports;
  }
  #reflect(): Pick<Reflection, 'imports' | 'exports'> {
    const Types = partNow('reflection');
    if (Types === undefined) return outline(this.plan);
    return (this.#reflection ??= new Types(this.plan));
  }

  /**
   * Emits what instantiation needs and loads what its functions need, unless that has been done. An exported component is
   * emitted when it is first used. All that is asynchronous does this by itself.
   */
  prepare(): Promise<EmittedCode> {
    this.#preparing ??= this.#prepare().catch((error) => {
      // What could not be loaded now may be there the next time.
      this.#preparing = undefined;
      throw error;
    });
    return this.#preparing;
  }

  async #prepare(): Promise<EmittedCode> {
    const { stringBuiltins, lowering } = this.engine.options;
    const load = (code: Parameters<typeof neededParts>[1]): Promise<unknown>[] =>
      this.#parts.loaded === true ? [] : neededParts(this.plan, code).map((name) => part(name));
    // All at once: over a network each that waits for another is a round trip.
    const [code] = await Promise.all([
      this.#emitted ?? this.#parts.emit(),
      this.#functions.load(),
      stringBuiltins === 'always' && part('strings'),
      lowering === 'spilled' && part('spilled'),
      ...load({ adapters: [] }),
    ]);
    await Promise.all(load(code));
    this.#emitted = code;
    this.#prepared = true;
    return code;
  }

  /** Whether {@link prepare} has nothing to do. */
  get prepared(): boolean {
    return this.#prepared;
  }

  /** The emitted modules, as bytes. Throws `TypeError` before {@link prepare}. */
  get emitted(): EmittedCode {
    if (this.#emitted === undefined)
      throw new TypeError('the component is not prepared: await component.prepare() first');
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

  /** The specialised code of an export, or why it cannot be called; made once for all instances. */
  exportMaker(place: ExportPlace): ExportMaker | Refused {
    return this.#functions.exportMaker(place);
  }

  /** Where an export is among those of its kind. */
  place(exported: LiftedExport): ExportPlace {
    return this.#functions.place(exported);
  }

  /** The specialised code of a lowered import; made once for all stores. */
  calleeMaker(lowering: LoweringIndex): CalleeMaker {
    return this.#functions.calleeMaker(lowering);
  }

  /** What {@link ComponentParts.signatures} was. */
  get signatureTexts(): readonly string[] {
    return this.#parts.signatures;
  }

  /**
   * By trampoline, and behind them by intrinsic in use: a number for its core type; functions of the same type have the
   * same. What `type_index` holds.
   */
  get signatures(): readonly number[] {
    if (this.#signatures === undefined) {
      const numbers = new Map<string, number>();
      this.#signatures = this.#parts.signatures.map((text) => {
        if (!numbers.has(text)) numbers.set(text, numbers.size);
        return numbers.get(text) as number;
      });
    }
    return this.#signatures;
  }
}
