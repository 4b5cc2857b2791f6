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
import {
  type ExportPlace,
  type Form,
  type LiftedExport,
  liftedExports,
  type PartForms,
  type PartTexts,
  type Refused,
} from './forms.ts';
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
  /** By the export's index. */
  readonly #exports: (ExportMaker | Refused)[] = [];
  readonly #callees: CalleeMaker[] = [];
  #loaded: boolean;
  #places: Map<LiftedExport, ExportPlace> | undefined;

  constructor(init: FunctionsInit) {
    this.#init = init;
    const { forms } = init;
    this.#loaded = forms !== undefined && contents(forms) === FORMS;
  }

  /** Whether the parts that its functions need have been loaded for it. */
  get loaded(): boolean {
    return this.#loaded;
  }

  /** Loads them. */
  async load(): Promise<void> {
    if (this.#loaded) return;
    const { engine, plan, forms } = this.#init;
    let needsClosures = true;
    // What has been generated has a form; what has none is too large for it, and the policy need not be asked for that.
    if (forms !== undefined) {
      const has = contents(forms);
      const evaluates = (has & TEXTS) !== 0 && engine.options.evaluate;
      if (evaluates) await part('evaluate');
      needsClosures = (has & NONE) !== 0 || ((has & TEXTS) !== 0 && !evaluates);
    } else if (engine.options.evaluate) {
      needsClosures = !(await part('generator')).covers(plan);
    }
    if (needsClosures) await part('closures');
    this.#loaded = true;
  }

  exportMaker({ exported, index, name }: ExportPlace): ExportMaker | Refused {
    let maker = this.#exports[index];
    if (maker === undefined) {
      const { plan, forms } = this.#init;
      const kept = forms?.exports[index] ?? null;
      maker =
        this.#made<ExportMaker, Refused>(kept) ??
        this.#generator(kept)?.exportMaker(plan, exported, name) ??
        partNow('closures')?.exportMaker(plan, exported, name) ??
        unprepared(name);
      this.#exports[index] = maker;
    }
    return maker;
  }

  calleeMaker(lowering: LoweringIndex): CalleeMaker {
    let maker = this.#callees[lowering];
    if (maker === undefined) {
      const { plan, forms, signatures } = this.#init;
      const kept = forms?.callees[lowering] ?? null;
      const typed =
        this.#made<TypedCalleeMaker, null>(kept, plan.counts.lowerings) ??
        this.#generator(kept)?.calleeMaker(plan, lowering) ??
        partNow('closures')?.calleeMaker(plan, lowering) ??
        unprepared(`lowering ${lowering}`);
      const { trampolines } = plan;
      for (let i = 0; i < trampolines.length; i++) {
        const one = trampolines[i]!;
        if (one.kind === 'lower-import' && one.lowering === lowering) {
          maker = loweringCallee(signatures[i]!, one.options, typed);
        }
      }
      if (maker === undefined) throw new InternalError(`no trampoline lowers ${lowering}`);
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
  #made<M, R>(kept: Form<M> | string | R | null, lowerings = 0): M | R | null {
    if (typeof kept === 'function') return (kept as Form<M>)();
    if (typeof kept !== 'string') return kept;
    return this.#init.engine.options.evaluate ? (partNow('evaluate')?.<M>(kept, lowerings) ?? null) : null;
  }

  place(exported: LiftedExport): ExportPlace {
    this.#places ??= new Map(liftedExports(this.#init.plan).map((place) => [place.exported, place]));
    const place = this.#places.get(exported);
    if (place === undefined) throw new InternalError(`"${exported.name}" is no export of the component`);
    return place;
  }
}

/** What there is among the functions of a plan: code of an ES module (or what says why not), text, neither. */
const FORMS = 1;
const TEXTS = 2;
const NONE = 4;

function contents({ exports, callees }: KeptForms): number {
  let found = FORMS;
  for (const list of [exports, callees]) {
    for (const one of list) found |= one === null ? NONE : typeof one === 'string' ? TEXTS : FORMS;
  }
  return found;
}

function unprepared(name: string): never {
  return needPart('closures', `the functions of the component ("${name}")`) as never;
}
