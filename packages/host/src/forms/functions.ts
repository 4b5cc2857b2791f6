/**
 * The functions of a component: who makes the specialised code of an export or a callee. In: what was kept of generated
 * code, and the parts that have been loaded. Out: makers, each made once.
 *
 * The order: an ES module's code, kept text where code may be evaluated, the generator likewise, closures.
 */
import type { ComponentPlan, LoweringIndex } from '@gangway/component/plan';
import { loweringCallee, type TypedCalleeMaker } from '../call/lowering-callee.ts';
import type { CalleeMaker, ExportMaker } from '../call/requests.ts';
import type { Engine } from '../engine.ts';
import { InternalError } from '../errors.ts';
import { type Form, type LiftedExport, liftedExports, type PartForms, type PartTexts, type Refused } from './forms.ts';
import { needPart, type Parts, part, partNow } from './parts.ts';

/** Generated code as functions, or as texts. */
export type KeptForms = PartForms | PartTexts;

export interface FunctionsInit {
  readonly engine: Engine;
  readonly plan: ComponentPlan;
  /** By `TrampolineIndex`; see forms/signatures.ts. */
  readonly signatures: readonly string[];
  readonly forms?: KeptForms;
}

export class Functions {
  readonly #init: FunctionsInit;
  readonly #exports = new Map<LiftedExport, ExportMaker | Refused>();
  readonly #callees: CalleeMaker[] = [];
  #loaded = false;
  #places: Map<LiftedExport, number> | undefined;

  constructor(init: FunctionsInit) {
    this.#init = init;
  }

  /** Whether the parts that its functions need have been loaded for it. */
  get loaded(): boolean {
    return this.#loaded;
  }

  /** Loads them. */
  async load(): Promise<void> {
    await this.#load();
    this.#loaded = true;
  }

  async #load(): Promise<void> {
    const { engine, plan, forms } = this.#init;
    // What has been generated has a form; what has none is too large for it, and the policy need not be asked for that.
    if (forms !== undefined) {
      const evaluates = hasTexts(forms) && engine.options.evaluate;
      if (evaluates) await part('evaluate');
      if (isComplete(forms) && (evaluates || !hasTexts(forms))) return;
    } else if (engine.options.evaluate) {
      const generator = await part('generator');
      if (generator.covers(plan)) return;
    }
    await part('closures');
  }

  /** `name`: for frames of a trap. */
  exportMaker(exported: LiftedExport, name: string): ExportMaker | Refused {
    let maker = this.#exports.get(exported);
    if (maker === undefined) {
      const { plan, forms } = this.#init;
      const kept = forms?.exports[this.#place(exported)] ?? null;
      maker =
        this.#made<ExportMaker, Refused>(kept) ??
        this.#generator(kept)?.exportMaker(plan, exported, name) ??
        partNow('closures')?.exportMaker(plan, exported, name) ??
        unprepared(name);
      this.#exports.set(exported, maker);
    }
    return maker;
  }

  calleeMaker(lowering: LoweringIndex): CalleeMaker {
    let maker = this.#callees[lowering];
    if (maker === undefined) {
      const { plan, forms, signatures } = this.#init;
      const kept = forms?.callees[lowering] ?? null;
      const typed =
        this.#made<TypedCalleeMaker, null>(kept) ??
        this.#generator(kept)?.calleeMaker(plan, lowering) ??
        partNow('closures')?.calleeMaker(plan, lowering) ??
        unprepared(`lowering ${lowering}`);
      const index = plan.trampolines.findIndex((one) => one.kind === 'lower-import' && one.lowering === lowering);
      const trampoline = plan.trampolines[index];
      if (trampoline?.kind !== 'lower-import') throw new InternalError(`no trampoline lowers ${lowering}`);
      maker = loweringCallee(signatures[index]!, trampoline.options, typed);
      this.#callees[lowering] = maker;
    }
    return maker;
  }

  /** The generator, where it may be used. What has other forms, but not this one, is too large for it. */
  #generator(kept: unknown): Parts['generator'] | undefined {
    if (kept === null && this.#init.forms !== undefined) return undefined;
    const loaded = partNow('generator');
    return loaded !== undefined && this.#init.engine.options.evaluate ? loaded : undefined;
  }

  /** `R`: what stands for a function that cannot be called. */
  #made<M, R>(kept: Form<M> | string | R | null): M | R | null {
    if (typeof kept === 'function') return (kept as Form<M>)();
    if (typeof kept !== 'string') return kept;
    return this.#init.engine.options.evaluate ? (partNow('evaluate')?.<M>(kept) ?? null) : null;
  }

  #place(exported: LiftedExport): number {
    this.#places ??= new Map(liftedExports(this.#init.plan).map((place, i) => [place.exported, i]));
    const place = this.#places.get(exported);
    if (place === undefined) throw new InternalError(`"${exported.name}" is no export of the component`);
    return place;
  }
}

function isComplete({ exports, callees }: KeptForms): boolean {
  return !exports.includes(null as never) && !callees.includes(null as never);
}

function hasTexts({ exports, callees }: KeptForms): boolean {
  return [...exports, ...callees].some((one) => typeof one === 'string');
}

function unprepared(name: string): never {
  return needPart('closures', `the functions of the component ("${name}")`) as never;
}
