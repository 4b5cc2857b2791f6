/**
 * Functions as the draft of the JS API has them. In: a function of `@gangway/host`, or one of the embedder, and its type.
 * Out: the same with the draft's values and errors.
 */
import type { ComponentPlan, FuncTypeIndex, TypeIndex } from '@gangway/component/plan';
import { ArgumentError, located, publicError } from '../../abi/argument-error.ts';
import { ComponentError as HostError } from '../../abi/result-error.ts';
import type { JsFunction } from '../../call/requests.ts';
import { rethrow } from '../engine-errors.ts';
import type { Conversion, Conversions } from './values.ts';

/** JS-Reference.md, "The WebAssembly namespace": thrown for a `result` that is an error. */
export class ComponentError extends Error {
  readonly #data: unknown;
  constructor(message: string = '', data?: unknown) {
    super(message);
    this.#data = data;
  }
  /** The error, converted. */
  get data(): unknown {
    return this.#data;
  }
  static {
    Object.defineProperty(ComponentError.prototype, 'name', {
      value: 'ComponentError',
      writable: true,
      configurable: true,
    });
    Object.defineProperty(ComponentError.prototype, 'data', { enumerable: true });
    Object.defineProperty(ComponentError, 'length', { value: 0 });
  }
}

/** How a function's result is returned: a `result` is taken apart. */
interface Results {
  readonly throws: boolean;
  /** Null without a value. */
  readonly ok: Conversion | null;
  readonly error: Conversion | null;
}

function resultsOf(plan: ComponentPlan, result: TypeIndex | null, conversions: Conversions): Results {
  const of = (index: TypeIndex | null): Conversion | null => (index === null ? null : conversions.of(index));
  const type = result === null ? null : plan.types[result]!;
  return type?.kind === 'result'
    ? { throws: true, ok: of(type.ok), error: of(type.err) }
    : { throws: false, ok: of(result), error: null };
}

/**
 * JS-Reference.md, "invoke a component function": arguments that are missing are `undefined`. What comes back is a value of
 * `@gangway/host`.
 */
export function invoker(
  plan: ComponentPlan,
  type: FuncTypeIndex,
  conversions: Conversions,
  func: JsFunction,
): (args: readonly unknown[]) => unknown {
  const { params, result } = plan.funcTypes[type]!;
  const { error } = resultsOf(plan, result, conversions);
  const takes = params.map((param) => ({ name: param.name, convert: conversions.of(param.type).in }));
  const fail = (thrown: unknown): never => {
    if (!(thrown instanceof HostError)) return rethrow(thrown);
    const data = error?.out ? error.out(thrown.payload) : thrown.payload;
    throw new ComponentError(thrown.message, data);
  };
  return (args) => {
    const values = takes.map(({ name, convert }, i) => {
      try {
        return convert(args[i]);
      } catch (thrown) {
        throw publicError(located(thrown, name));
      }
    });
    let value: unknown;
    try {
      value = func(...values);
    } catch (thrown) {
      return fail(thrown);
    }
    return plan.funcTypes[type]!.async ? Promise.resolve(value).catch(fail) : value;
  };
}

/** JS-Reference.md, "create a JS function for a component function". */
export function exportedFunction(
  plan: ComponentPlan,
  type: FuncTypeIndex,
  conversions: Conversions,
  func: JsFunction,
  name: string,
  takesSelf: boolean,
): JsFunction {
  const { params, result, async } = plan.funcTypes[type]!;
  const invoke = invoker(plan, type, conversions, func);
  const { ok } = resultsOf(plan, result, conversions);
  const out = (value: unknown): unknown => (ok === null ? undefined : ok.out === null ? value : ok.out(value));
  const finish = async ? (value: unknown): unknown => (value as Promise<unknown>).then(out) : out;
  // Methods have no `prototype` and are no constructors, as built-in functions are.
  const made = takesSelf
    ? {
        [name](this: unknown, ...args: unknown[]): unknown {
          return finish(invoke([this, ...args]));
        },
      }[name]
    : {
        [name](...args: unknown[]): unknown {
          return finish(invoke(args));
        },
      }[name];
  return Object.defineProperty(made as JsFunction, 'length', {
    value: params.length - (takesSelf ? 1 : 0),
    configurable: true,
  });
}

/** How an imported function calls what the embedder gave: `first` takes `this` from the first parameter. */
export type CallKind =
  | { readonly kind: 'construct' }
  | { readonly kind: 'first' }
  | { readonly kind: 'receiver'; readonly receiver: unknown };

/** JS-Reference.md, "read the function import": the embedder's function as `@gangway/host` takes it. */
export function importedFunction(
  plan: ComponentPlan,
  type: FuncTypeIndex,
  conversions: Conversions,
  callable: JsFunction,
  call: CallKind,
): JsFunction {
  const { params, result, async } = plan.funcTypes[type]!;
  const outs = params.map((param) => conversions.of(param.type).out);
  const { throws, ok, error } = resultsOf(plan, result, conversions);
  const returned = (value: unknown): unknown => {
    if (ok === null) return undefined;
    try {
      return ok.in(value);
    } catch (thrown) {
      throw failure(thrown, 'result');
    }
  };
  const caught = (thrown: unknown): never => {
    if (!throws) throw failure(thrown, '');
    if (error === null) throw new HostError(undefined);
    let payload: unknown;
    try {
      payload = error.in(thrown);
    } catch (problem) {
      throw failure(problem, 'error');
    }
    throw new HostError(payload);
  };
  return (...values) => {
    let value: unknown;
    try {
      const args = values.map((item, i) => (outs[i] ? outs[i](item) : item));
      if (call.kind === 'construct') value = Reflect.construct(callable, args);
      else if (call.kind === 'first') value = Reflect.apply(callable, args[0], args.slice(1));
      else value = Reflect.apply(callable, call.receiver, args);
    } catch (thrown) {
      return caught(thrown);
    }
    return async ? Promise.resolve(value).then(returned, caught) : returned(value);
  };
}

/** What makes a trap of an import: an error that `@gangway/host` cannot take for the error case of a result. */
function failure(thrown: unknown, path: string): unknown {
  const error = thrown instanceof ArgumentError ? publicError(located(thrown, path)) : thrown;
  if (error instanceof Error && !Object.hasOwn(error, 'payload')) return error;
  return new Error('the imported function failed', { cause: error });
}
