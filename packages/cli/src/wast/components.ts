/**
 * Components for scripts: from bytes to results of calls. In: bytes, constants. Out: JavaScript values, or the errors of
 * `@gangway/host` as they are.
 */

import { allFeatures, type Definition, decode, type Features, validate } from '@gangway/host/component';
import {
  type Component,
  Engine,
  type EngineOptions,
  type ExternInfo,
  type FuncInfo,
  type Instance,
  type ValueInfo,
} from '@gangway/host/runtime';
import type { Constant } from './constant.ts';
import { ConstantMismatch, toJs } from './values.ts';

/** The gates that the specification's own tests are written for: all of them open but the one for nested names. */
const features: Features = Object.freeze({ ...allFeatures, 'nested-names': false });

/** The result of a call, with its type; null when the function has none. */
export interface CallResult {
  readonly value: unknown;
  readonly type: ValueInfo | null;
}

export class Components {
  readonly #engine: Engine;
  readonly #aheadOfTime: boolean;

  /** `options`: all but the features, which the scripts need as they are. */
  constructor(options: EngineOptions = {}, { aheadOfTime = false }: { readonly aheadOfTime?: boolean } = {}) {
    this.#engine = new Engine({ ...options, features });
    this.#aheadOfTime = aheadOfTime;
  }

  /** Decodes and validates, and has the engine judge the core modules. */
  check(bytes: Uint8Array<ArrayBuffer>): void {
    const ast = decode(bytes, { features });
    validate(bytes, ast, { features });
    compileModules(bytes, ast.definitions);
  }

  /** The compiler is loaded when it is needed: checking does without the code generator, which takes long to load. */
  async compile(bytes: Uint8Array<ArrayBuffer>): Promise<Component> {
    const { compile } = await import('@gangway/host');
    const component = await compile(bytes, { engine: this.#engine });
    if (!this.#aheadOfTime) return component;
    const { aheadOfTime } = await import('./ahead-of-time.ts');
    return aheadOfTime(component);
  }

  /** Every instance gets a store of its own: a trap in one must not lock the others of the script. */
  async instantiate(component: Component, imports: Readonly<Record<string, unknown>>): Promise<Instance> {
    const { instantiate } = await import('@gangway/host');
    return instantiate(component, imports);
  }

  /**
   * Calls an export and waits for its result. A result type comes out as `{ tag, val }`, whatever the function does with it
   * in JavaScript. Throws {@link ConstantMismatch} when there is no such function or the arguments cannot be meant for it.
   */
  async call(instance: Instance, name: string, args: readonly Constant[]): Promise<CallResult> {
    const type = exportedFunction(instance.component.exports, name);
    const func = instance.getFunc(name);
    if (type === undefined || func === undefined)
      throw new ConstantMismatch(`there is no exported function \`${name}\``);
    if (type.params.length !== args.length)
      throw new ConstantMismatch(`\`${name}\` has ${type.params.length} parameters`);
    const values = args.map((arg, i) => toJs(arg, type.params[i]!.type));
    if (type.result?.kind !== 'result') return { value: await func(...values), type: type.result };
    const { ok, err } = type.result;
    try {
      const val = await func(...values);
      return { value: ok === null ? { tag: 'ok' } : { tag: 'ok', val }, type: type.result };
    } catch (error) {
      if (!(error instanceof Error) || !Object.hasOwn(error, 'payload')) throw error;
      const { payload } = error as Error & { payload: unknown };
      return { value: err === null ? { tag: 'err' } : { tag: 'err', val: payload }, type: type.result };
    }
  }
}

function exportedFunction(exports: readonly ExternInfo[], name: string): FuncInfo | undefined {
  const found = exports.find((one) => one.name === name);
  return found?.kind === 'func' ? found.type : undefined;
}

function compileModules(bytes: Uint8Array<ArrayBuffer>, definitions: readonly Definition[]): void {
  for (const definition of definitions) {
    if (definition.kind === 'component') compileModules(bytes, definition.component.definitions);
    else if (definition.kind === 'core-module') {
      new WebAssembly.Module(bytes.subarray(definition.range.start, definition.range.end));
    }
  }
}
