/**
 * Canonical definitions (Explainer.md#canonical-abi). In: a definition and the scope that it stands in. Out: a lifted function or a
 * core function, as an item: equal definitions are one item, so that the plan has each lowering, adapter and set of options once.
 */
import { funcAbi } from '../abi/func-abi.ts';
import type { Canon, CanonOption, Definition } from '../binary/ast.ts';
import { UnsupportedError } from '../errors.ts';
import type { ComponentInstanceIndex } from '../plan.ts';
import { put } from '../put.ts';
import type { UnsupportedCanon } from '../unsupported.ts';
import { builtinType } from '../validate/builtins.ts';
import type { CoreItem, FuncEntity, ItemOption, LiftedFunc, Options, Scope, UnsupportedItem } from './entities.ts';
import { found, optionItems } from './entities.ts';
import type { TypeTable } from './type-table.ts';

/** How deep lowered functions may be lifted and lowered again. */
const MAX_DEPTH = 500;

export class CanonDefinitions {
  /** Whether a lifted function has been lowered. */
  hasAdapters = false;
  /** By their parts in words. */
  readonly #interned = new Map<string, CoreItem | Options | LiftedFunc>();
  /** Stand for what interned items refer to. */
  readonly #numbers = new Map<object, number>();

  /** Pushes what `definition` defines in a component instance into its scope. */
  define(scope: Scope, instance: ComponentInstanceIndex, definition: Definition & { readonly kind: 'canon' }): void {
    const { canon, offset } = definition;
    if (canon.kind === 'lift') {
      const { type } = scope.type('func-type', canon.type);
      const func = scope.at('core func', canon.func);
      const options = this.#options(scope, instance, canon.options);
      scope.push('func', this.#intern({ kind: 'lifted-func', type, func, options, name: null }));
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
        const { resource } = scope.type('resource', canon.type);
        return this.#intern({ kind: canon.kind, resource, instance });
      }
      case 'context.get':
      case 'context.set':
        return this.#intern({ kind: canon.kind, type: canon.type === 'i64' ? 'i64' : 'i32', slot: canon.slot });
      case 'thread.spawn-ref':
        throw new UnsupportedError(offset, 'canon thread.spawn-ref is not supported');
      default: {
        // Only `thread.spawn-ref` has parameters that are no numbers.
        const { params, results } = builtinType(canon) as FlatFunc;
        return this.#intern({ kind: 'unsupported', canon: canon.kind, params, results, instance, func: null });
      }
    }
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
    const canon = this.#needsTasks(table, func, options);
    if (canon !== null) {
      const { flatParams: params, flatResults: results } = funcAbi(table, func.type, options, 'lower');
      const { instance } = options;
      const imported = func.kind === 'imported-func' ? func : null;
      return this.#intern({ kind: 'unsupported', canon, params, results, instance, func: imported });
    }
    switch (func.kind) {
      case 'imported-func':
        return this.#intern({ kind: 'lower-import', func, options });
      case 'lifted-func': {
        const items = [func.func, ...optionItems(func.options), ...optionItems(options)];
        const depth = 1 + Math.max(...items.map((item) => (item.kind === 'adapter' ? item.depth : 0)));
        if (depth > MAX_DEPTH) {
          throw new UnsupportedError(offset, `functions are lifted and lowered again more than ${MAX_DEPTH} times`);
        }
        this.hasAdapters = true;
        return this.#intern({ kind: 'adapter', lower: { type: func.type, options }, lift: func, depth });
      }
      case 'intrinsic-func':
        return this.#intern({ kind: 'intrinsic', intrinsic: func.intrinsic });
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
    return this.#intern({ kind: 'options', instance, stringEncoding, items, address, async });
  }

  /** What was made before of the same parts, or `made`. Parts that have a kind must be the same object. */
  #intern<T extends CoreItem | Options | LiftedFunc>(made: T): T {
    const word = (part: unknown): unknown => {
      if (typeof part !== 'object' || part === null) return part;
      if ('kind' in part) return this.#numbers.get(part) ?? put(this.#numbers, part, this.#numbers.size);
      return Object.values(part).map(word).join();
    };
    const key = Object.values(made).map(word).join(' ');
    return (this.#interned.get(key) ?? put(this.#interned, key, made)) as T;
  }
}

/** A core function type that consists of numbers. */
type FlatFunc = Pick<UnsupportedItem, 'params' | 'results'>;
