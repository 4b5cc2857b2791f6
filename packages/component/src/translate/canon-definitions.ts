/**
 * Canonical definitions (Explainer.md#canonical-abi). In: a definition and the scope that it stands in. Out: a lifted function or a
 * core function, as an item: equal definitions are one item, so that the plan has each lowering, adapter and set of options once.
 */
import { funcAbi } from '../abi/func-abi.ts';
import type { FlatType } from '../abi/layout.ts';
import type { CanonOption, CoreValType, Definition } from '../binary/ast.ts';
import { InternalError, UnsupportedError } from '../errors.ts';
import type { ComponentInstanceIndex, FuncTypeIndex } from '../plan.ts';
import type { UnsupportedCanon } from '../unsupported.ts';
import { builtinType } from '../validate/builtins.ts';
import type {
  AdapterItem,
  ContextItem,
  CoreItem,
  FuncEntity,
  ImportedFunc,
  IntrinsicItem,
  LiftedFunc,
  LowerImportItem,
  Options,
  ResourceBuiltinItem,
  UnsupportedItem,
} from './entities.ts';
import { at, optionItems, type Scope } from './entities.ts';
import type { TypeEvaluator } from './evaluate-types.ts';
import type { TypeTable } from './type-table.ts';

/** How deep lowered functions may be lifted and lowered again. */
const MAX_DEPTH = 500;

export class CanonDefinitions {
  readonly #types: TypeEvaluator;
  readonly #table: TypeTable;
  readonly #interned = new Map<string, CoreItem | Options>();
  readonly #itemIds = new Map<CoreItem, number>();
  readonly #lifted = new Map<string, LiftedFunc>();

  constructor(types: TypeEvaluator, table: TypeTable) {
    this.#types = types;
    this.#table = table;
  }

  /** Pushes what `definition` defines in a component instance into its scope. */
  define(scope: Scope, instance: ComponentInstanceIndex, definition: Definition & { readonly kind: 'canon' }): void {
    const { canon, offset } = definition;
    switch (canon.kind) {
      case 'lift': {
        const type = this.#types.func(scope, canon.type);
        const func = at(scope.coreFuncs, canon.func, 'core func');
        scope.funcs.push(this.#lift(type, func, this.#options(scope, instance, canon.options)));
        break;
      }
      case 'lower': {
        const func = at(scope.funcs, canon.func, 'func');
        scope.coreFuncs.push(this.#lower(func, this.#options(scope, instance, canon.options), offset));
        break;
      }
      case 'resource.new':
      case 'resource.rep':
      case 'resource.drop': {
        const { kind } = canon;
        const resource = this.#types.resource(scope, canon.type);
        const item = this.intern(`${kind} ${resource} ${instance}`, (): ResourceBuiltinItem => {
          return { kind, resource, instance };
        });
        scope.coreFuncs.push(item);
        break;
      }
      case 'context.get':
      case 'context.set': {
        const { kind, slot } = canon;
        const type = canon.type === 'i64' ? 'i64' : 'i32';
        scope.coreFuncs.push(this.intern(`${kind} ${type} ${slot}`, (): ContextItem => ({ kind, type, slot })));
        break;
      }
      case 'thread.spawn-ref':
        throw new UnsupportedError(offset, 'canon thread.spawn-ref is not supported');
      default: {
        const { params, results } = builtinType(canon);
        const type = { params: params.map(flatType), results: results.map(flatType) };
        scope.coreFuncs.push(this.#unsupported(canon.kind, type, instance, null));
      }
    }
  }

  #lift(type: FuncTypeIndex, func: CoreItem, options: Options): LiftedFunc {
    const key = `${type} ${this.#itemId(func)} ${options.id}`;
    let lifted = this.#lifted.get(key);
    if (lifted === undefined) {
      lifted = { kind: 'lifted-func', type, func, options, name: null };
      this.#lifted.set(key, lifted);
    }
    return lifted;
  }

  /** A core function that traps when it is called. */
  #unsupported(
    canon: UnsupportedCanon,
    { params, results }: Pick<UnsupportedItem, 'params' | 'results'>,
    instance: ComponentInstanceIndex,
    func: ImportedFunc | null,
  ): UnsupportedItem {
    const callee = func === null ? '' : JSON.stringify(func.path);
    const key = `unsupported ${canon} ${params.join(' ')} -> ${results.join(' ')} ${instance} ${callee}`;
    return this.intern(key, (): UnsupportedItem => {
      return { kind: 'unsupported', canon, params, results, instance, func };
    });
  }

  /** What of a lowering needs tasks; null when it can run. */
  #needsTasks(func: FuncEntity, options: Options): UnsupportedCanon | null {
    const type = this.#table.funcTypes[func.type];
    if (options.async) return 'lower with the option async';
    const lifted = func.kind === 'lifted-func';
    if (lifted ? func.options.async : type?.async === true) return 'lower of an async function';
    return type !== undefined && this.#table.passesAsyncValues(type)
      ? 'lower of a function with streams, futures or error contexts'
      : null;
  }

  #lower(func: FuncEntity, options: Options, offset: number): CoreItem {
    const missing = func.kind === 'abstract-func' ? null : this.#needsTasks(func, options);
    if (missing !== null) {
      const { flatParams: params, flatResults: results } = funcAbi(
        this.#table,
        func.type,
        { ...options, callback: null },
        'lower',
      );
      const imported = func.kind === 'imported-func' ? func : null;
      return this.#unsupported(missing, { params, results }, options.instance, imported);
    }
    switch (func.kind) {
      case 'imported-func': {
        const key = `lower ${JSON.stringify(func.path)} ${func.type} ${options.id}`;
        return this.intern(key, (): LowerImportItem => ({ kind: 'lower-import', func, options }));
      }
      case 'lifted-func': {
        const key = `adapter ${this.#itemId(func.func)} ${func.type} ${func.options.id} ${options.id}`;
        return this.intern(key, (): AdapterItem => {
          const items = [func.func, ...optionItems(func.options), ...optionItems(options)];
          const depth = 1 + Math.max(...items.map((item) => (item.kind === 'adapter' ? item.depth : 0)));
          if (depth > MAX_DEPTH) {
            const text = `functions are lifted and lowered again more than ${MAX_DEPTH} times`;
            throw new UnsupportedError(offset, text);
          }
          return { kind: 'adapter', lower: { type: func.type, options }, lift: func, depth };
        });
      }
      case 'abstract-func':
        return { kind: 'abstract', address: 'i32' };
      case 'intrinsic-func': {
        const { intrinsic } = func;
        return this.intern(`intrinsic ${intrinsic}`, (): IntrinsicItem => ({ kind: 'intrinsic', intrinsic }));
      }
      default:
        return func satisfies never;
    }
  }

  #options(scope: Scope, instance: ComponentInstanceIndex, options: readonly CanonOption[]): Options {
    let stringEncoding: Options['stringEncoding'] = 'utf8';
    let memory: CoreItem | null = null;
    let realloc: CoreItem | null = null;
    let postReturn: CoreItem | null = null;
    let callback: CoreItem | null = null;
    let async = false;
    for (const option of options) {
      switch (option.kind) {
        case 'utf8':
        case 'utf16':
        case 'latin1+utf16':
          stringEncoding = option.kind;
          break;
        case 'memory':
          memory = at(scope.coreMemories, option.index, 'core memory');
          break;
        case 'realloc':
          realloc = at(scope.coreFuncs, option.index, 'core func');
          break;
        case 'post-return':
          postReturn = at(scope.coreFuncs, option.index, 'core func');
          break;
        case 'async':
          async = true;
          break;
        case 'callback':
          callback = at(scope.coreFuncs, option.index, 'core func');
          break;
        default:
          option satisfies never;
      }
    }
    const address = memory !== null && 'address' in memory ? memory.address : 'i32';
    const ids = [memory, realloc, postReturn, callback].map((item) => (item === null ? '-' : this.#itemId(item)));
    const key = `options ${instance} ${stringEncoding} ${async} ${ids.join(' ')}`;
    const known = this.#interned.get(key);
    if (known !== undefined) return known as Options;
    const made: Options = {
      id: this.#interned.size,
      instance,
      stringEncoding,
      memory,
      address,
      realloc,
      postReturn,
      callback,
      async,
    };
    this.#interned.set(key, made);
    return made;
  }

  /** The item of that key, or what `make` makes of it now. */
  intern<T extends CoreItem>(key: string, make: () => T): T {
    const known = this.#interned.get(key);
    if (known !== undefined) return known as T;
    const made = make();
    this.#interned.set(key, made);
    return made;
  }

  #itemId(item: CoreItem): number {
    let id = this.#itemIds.get(item);
    if (id === undefined) this.#itemIds.set(item, (id = this.#itemIds.size));
    return id;
  }
}

/** Only `thread.spawn-ref` has parameters of other types. */
function flatType(type: CoreValType): FlatType {
  if (type === 'i32' || type === 'i64' || type === 'f32' || type === 'f64') return type;
  throw new InternalError('a canonical built-in has a parameter or result that is no number');
}
