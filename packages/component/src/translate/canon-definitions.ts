/**
 * Canonical definitions (Explainer.md#canonical-abi). In: a definition and the scope that it stands in. Out: a lifted function or a
 * core function, as an item: equal definitions are one item, so that the plan has each lowering, adapter and set of options once.
 */
import { funcAbi } from '../abi/func-abi.ts';
import type { Canon, CanonOption, Definition } from '../binary/ast.ts';
import { UnsupportedError } from '../errors.ts';
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
  ItemOption,
  LiftedFunc,
  LowerImportItem,
  Options,
  ResourceBuiltinItem,
  Scope,
  UnsupportedItem,
} from './entities.ts';
import { found, optionItems } from './entities.ts';
import { memo } from './memo.ts';
import type { TypeTable } from './type-table.ts';

/** How deep lowered functions may be lifted and lowered again. */
const MAX_DEPTH = 500;

export class CanonDefinitions {
  readonly #interned = new Map<string, CoreItem | Options | LiftedFunc>();
  readonly #itemIds = new Map<CoreItem, number>();

  /** Pushes what `definition` defines in a component instance into its scope. */
  define(scope: Scope, instance: ComponentInstanceIndex, definition: Definition & { readonly kind: 'canon' }): void {
    const { canon, offset } = definition;
    if (canon.kind === 'lift') {
      const { type } = scope.type('func-type', canon.type);
      const func = scope.at('core func', canon.func);
      scope.push('func', this.#lift(type, func, this.#options(scope, instance, canon.options)));
    } else scope.push('core func', this.#coreFunc(scope, instance, canon, offset));
  }

  #coreFunc(
    scope: Scope,
    instance: ComponentInstanceIndex,
    canon: Exclude<Canon, { readonly kind: 'lift' }>,
    offset: number,
  ): CoreItem {
    switch (canon.kind) {
      case 'lower': {
        const options = this.#options(scope, instance, canon.options);
        return this.#lower(scope.table, scope.at('func', canon.func), options, offset);
      }
      case 'resource.new':
      case 'resource.rep':
      case 'resource.drop': {
        const { kind } = canon;
        const { resource } = scope.type('resource', canon.type);
        return this.#intern(`${kind} ${resource} ${instance}`, (): ResourceBuiltinItem => {
          return { kind, resource, instance };
        });
      }
      case 'context.get':
      case 'context.set': {
        const { kind, slot } = canon;
        const type = canon.type === 'i64' ? 'i64' : 'i32';
        return this.#intern(`${kind} ${type} ${slot}`, (): ContextItem => ({ kind, type, slot }));
      }
      case 'thread.spawn-ref':
        throw new UnsupportedError(offset, 'canon thread.spawn-ref is not supported');
      default: {
        // Only `thread.spawn-ref` has parameters that are no numbers.
        const { params, results } = builtinType(canon) as FlatFunc;
        return this.#unsupported(canon.kind, { params, results }, instance, null);
      }
    }
  }

  #lift(type: FuncTypeIndex, func: CoreItem, options: Options): LiftedFunc {
    return this.#intern(`lift ${type} ${this.#itemId(func)} ${options.id}`, (): LiftedFunc => {
      return { kind: 'lifted-func', type, func, options, name: null };
    });
  }

  /** A core function that traps when it is called. */
  #unsupported(
    canon: UnsupportedCanon,
    { params, results }: FlatFunc,
    instance: ComponentInstanceIndex,
    func: ImportedFunc | null,
  ): UnsupportedItem {
    const callee = func === null ? '' : JSON.stringify(func.path);
    const key = `unsupported ${canon} ${params.join(' ')} -> ${results.join(' ')} ${instance} ${callee}`;
    return this.#intern(key, (): UnsupportedItem => {
      return { kind: 'unsupported', canon, params, results, instance, func };
    });
  }

  /** What of a lowering needs tasks; null when it can run. */
  #needsTasks(table: TypeTable, func: FuncEntity, options: Options): UnsupportedCanon | null {
    const type = found(table.funcTypes[func.type], 'function type', func.type);
    if (options.async) return 'lower with the option async';
    if (func.kind === 'lifted-func' ? func.options.async : type.async) return 'lower of an async function';
    return table.passesAsyncValues(type) ? 'lower of a function with streams, futures or error contexts' : null;
  }

  #lower(table: TypeTable, func: FuncEntity, options: Options, offset: number): CoreItem {
    if (func.kind === 'abstract-func') return { kind: 'abstract', address: 'i32' };
    const missing = this.#needsTasks(table, func, options);
    if (missing !== null) {
      const { flatParams: params, flatResults: results } = funcAbi(table, func.type, options, 'lower');
      const imported = func.kind === 'imported-func' ? func : null;
      return this.#unsupported(missing, { params, results }, options.instance, imported);
    }
    switch (func.kind) {
      case 'imported-func': {
        const key = `lower ${JSON.stringify(func.path)} ${func.type} ${options.id}`;
        return this.#intern(key, (): LowerImportItem => ({ kind: 'lower-import', func, options }));
      }
      case 'lifted-func': {
        const key = `adapter ${this.#itemId(func.func)} ${func.type} ${func.options.id} ${options.id}`;
        return this.#intern(key, (): AdapterItem => {
          const items = [func.func, ...optionItems(func.options), ...optionItems(options)];
          const depth = 1 + Math.max(...items.map((item) => (item.kind === 'adapter' ? item.depth : 0)));
          if (depth > MAX_DEPTH) {
            const text = `functions are lifted and lowered again more than ${MAX_DEPTH} times`;
            throw new UnsupportedError(offset, text);
          }
          return { kind: 'adapter', lower: { type: func.type, options }, lift: func, depth };
        });
      }
      case 'intrinsic-func': {
        const { intrinsic } = func;
        return this.#intern(`intrinsic ${intrinsic}`, (): IntrinsicItem => ({ kind: 'intrinsic', intrinsic }));
      }
      default:
        return func satisfies never;
    }
  }

  #options(scope: Scope, instance: ComponentInstanceIndex, options: readonly CanonOption[]): Options {
    let stringEncoding: Options['stringEncoding'] = 'utf8';
    let async = false;
    const items: Record<ItemOption, CoreItem | null> = {
      memory: null,
      realloc: null,
      'post-return': null,
      callback: null,
    };
    for (const option of options) {
      if ('index' in option) {
        const { kind, index } = option;
        items[kind] = scope.at(kind === 'memory' ? 'core memory' : 'core func', index);
      } else if (option.kind === 'async') async = true;
      else stringEncoding = option.kind;
    }
    const { memory } = items;
    const address = memory !== null && 'address' in memory ? memory.address : 'i32';
    const ids = Object.values(items).map((item) => (item === null ? '-' : this.#itemId(item)));
    return this.#intern(`options ${instance} ${stringEncoding} ${async} ${ids.join(' ')}`, (): Options => {
      return { id: this.#interned.size, instance, stringEncoding, items, address, async };
    });
  }

  /** What has that key, or what `make` makes of it now. */
  #intern<T extends CoreItem | Options | LiftedFunc>(key: string, make: () => T): T {
    return memo(this.#interned, key, make) as T;
  }

  #itemId(item: CoreItem): number {
    return memo(this.#itemIds, item, () => this.#itemIds.size);
  }
}

/** A core function type that consists of numbers. */
type FlatFunc = Pick<UnsupportedItem, 'params' | 'results'>;
