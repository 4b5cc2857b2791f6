/**
 * `Engine`: what many components and stores share: one resolved options object. In: some options. Out: all of them, with
 * the defaults of the one table below, and what detection said of this JavaScript engine.
 *
 * Rejected: a global default that can be changed. Two libraries in one page would meet in it.
 */
import type { Features } from '@gangway/component/features';
import type { CodeCache } from './cache/code-cache.ts';
import { canEvaluate } from './call/evaluate.ts';

export interface EngineOptions {
  /** The specification's gated features; `compile` looks at them. Default: what the specification has on. */
  readonly features?: Partial<Features>;
  /** Bytes of a pointer slot in the vmctx: 4 or 8. Default 4. */
  readonly pointerSize?: 4 | 8;
  /** Fills vmctx slots with a poison, so that reading one too early or setting one twice is an error. Default off. */
  readonly debug?: boolean;
  /** Which form of a host trampoline guests get: core values in registers, or spilled to memory. Default `typed`. */
  readonly lowering?: 'typed' | 'spilled';
  /**
   * `auto` generates JavaScript for lift and lower where the page's policy allows it, which it finds out by trying: a
   * Content-Security-Policy in a header reports that once. `never` uses closures, and does not try. Default `auto`.
   */
  readonly evaluate?: 'auto' | 'never';
  /**
   * What writes trampolines and adapters: the `direct` writer starts at once; `binaryen` is the reference, and takes
   * hundreds of milliseconds to load. `auto` is `direct`. Default `auto`.
   */
  readonly codegen?: 'auto' | 'binaryen' | 'direct';
  /** Adapters that address several memories: `auto` asks the engine; `never` copies in JavaScript. Default `auto`. */
  readonly multiMemory?: 'auto' | 'never';
  /**
   * Strings of up to about a hundred characters by the engine's js-string builtins where it has them: `auto` once a guest
   * uses strings often, `always` from the first, `never`: by loops. Default `auto`.
   */
  readonly stringBuiltins?: 'auto' | 'always' | 'never';
  /**
   * How exceptions of guests are caught that have any: `auto` asks the engine for `try_table`; `never` writes the form that
   * came before it, for older engines. Default `auto`.
   */
  readonly tryTable?: 'auto' | 'never';
  /** Where `compile` looks for what it has made before, and keeps what it makes. Default: nowhere. */
  readonly cache?: CodeCache;
}

/** The options, all of them. */
export interface ResolvedOptions {
  /** As they were given. */
  readonly features: Partial<Features>;
  readonly pointerSize: 4 | 8;
  readonly debug: boolean;
  readonly lowering: 'typed' | 'spilled';
  /** Whether code may be generated and evaluated here. */
  readonly evaluate: boolean;
  readonly codegen: 'auto' | 'binaryen' | 'direct';
  /** Whether one module may have several memories here. */
  readonly multiMemory: boolean;
  readonly stringBuiltins: 'auto' | 'always' | 'never';
  /** What was asked for: the engine is asked when something is emitted. */
  readonly tryTable: 'auto' | 'never';
}

export class Engine {
  readonly options: ResolvedOptions;
  readonly cache: CodeCache | null;

  /** Throws `TypeError` for an option that does not exist or has a value that it cannot have. */
  constructor(options: EngineOptions = {}) {
    for (const name of Object.keys(options)) checkOption(name, options[name as keyof EngineOptions]);
    this.cache = options.cache ?? null;
    const { evaluate = 'auto', multiMemory = 'auto' } = options;
    this.options = Object.freeze({
      features: { ...options.features },
      pointerSize: options.pointerSize ?? 4,
      debug: options.debug ?? false,
      lowering: options.lowering ?? 'typed',
      codegen: options.codegen ?? 'auto',
      stringBuiltins: options.stringBuiltins ?? 'auto',
      tryTable: options.tryTable ?? 'auto',
      // The engine is asked about these two when it matters: a policy that forbids evaluating code reports the question.
      get evaluate() {
        return evaluate === 'auto' && canEvaluate();
      },
      get multiMemory() {
        return multiMemory === 'auto' && hasMultiMemory();
      },
    });
  }

  /** The engine that is used where none is given. */
  static get default(): Engine {
    return (defaultEngine ??= new Engine());
  }
}

let defaultEngine: Engine | undefined;

/** The values of those that have few. */
const choices: Readonly<Record<string, readonly unknown[]>> = {
  pointerSize: [4, 8],
  debug: [false, true],
  lowering: ['typed', 'spilled'],
  evaluate: ['auto', 'never'],
  codegen: ['auto', 'binaryen', 'direct'],
  multiMemory: ['auto', 'never'],
  stringBuiltins: ['auto', 'always', 'never'],
  tryTable: ['auto', 'never'],
};

function checkOption(name: string, value: unknown): void {
  if (name === 'features') return;
  if (name === 'cache') {
    const cache = value as Partial<CodeCache> | null | undefined;
    if (cache == null || (typeof cache.get === 'function' && typeof cache.put === 'function')) return;
    throw new TypeError("engine option 'cache' must have the methods get and put");
  }
  const allowed = Object.hasOwn(choices, name) ? choices[name] : undefined;
  if (allowed === undefined) throw new TypeError(`unknown engine option '${name}'`);
  if (value !== undefined && !allowed.includes(value)) {
    throw new TypeError(`engine option '${name}' must be ${allowed.map((v) => JSON.stringify(v)).join(' or ')}`);
  }
}

let multipleMemories: boolean | undefined;

/** Asks the engine with the smallest module that has two memories. */
function hasMultiMemory(): boolean {
  multipleMemories ??= WebAssembly.validate(
    // Magic and version; memory section (5), 5 bytes: two memories without maximum, of 0 pages.
    new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 5, 5, 2, 0, 0, 0, 0]),
  );
  return multipleMemories;
}
