/**
 * In: types of a plan. Out: TypeScript types of the values that the host makes of them and accepts for them.
 */
import { bindingIdentifier, fieldNames, propertyText, quote } from '../names/js-names.ts';
import type { ComponentPlan, PlanFuncType, PlanType, ResourceIndex, TypeIndex } from '../plan.ts';

/** Names that the declarations use themselves: a type of the component cannot have them. */
const used: readonly string[] = [
  'AsyncIterable',
  'BigInt64Array',
  'BigUint64Array',
  'Float32Array',
  'Float64Array',
  'Int16Array',
  'Int32Array',
  'Int8Array',
  'Map',
  'Promise',
  'ReadableStream',
  'Symbol',
  'Uint16Array',
  'Uint32Array',
  'Uint8Array',
  'WebAssembly',
];

/** The identifiers of one scope, each given out once. */
export class Identifiers {
  /** Those that are taken. */
  readonly names: Set<string>;

  constructor(taken: Iterable<string>) {
    this.names = new Set([...used, ...taken]);
  }

  /** `wanted`, or the first of `others` that is free, or `wanted` with a number. */
  add(wanted: string, others: readonly string[]): string {
    const candidates = [wanted, ...others].map(bindingIdentifier);
    let name = candidates.find((candidate) => !this.names.has(candidate));
    for (let i = 2; name === undefined; i++) {
      const numbered = `${candidates[0]}_${i}`;
      if (!this.names.has(numbered)) name = numbered;
    }
    this.names.add(name);
    return name;
  }
}

/** What a type is called where it is used. */
export interface Names {
  /** Null for a type without a name. */
  type(index: TypeIndex): string | null;
  resource(index: ResourceIndex): string;
}

/** The typed arrays that lists of numbers are. */
const arrays: Readonly<Partial<Record<PlanType['kind'], string>>> = {
  u8: 'Uint8Array',
  s8: 'Int8Array',
  u16: 'Uint16Array',
  s16: 'Int16Array',
  u32: 'Uint32Array',
  s32: 'Int32Array',
  u64: 'BigUint64Array',
  s64: 'BigInt64Array',
  f32: 'Float32Array',
  f64: 'Float64Array',
};

export class TypeScriptTypes {
  readonly #plan: Pick<ComponentPlan, 'types'>;
  readonly #names: Names;

  constructor(plan: Pick<ComponentPlan, 'types'>, names: Names) {
    this.#plan = plan;
    this.#names = names;
  }

  /** The type at `index`, by its name when it has one. */
  text(index: TypeIndex): string {
    return this.#names.type(index) ?? this.#written(this.#at(index));
  }

  /** The parameter list without its parentheses. */
  params(params: PlanFuncType['params']): string {
    const names = fieldNames(params.map((param) => param.name)).map(bindingIdentifier);
    const seen = new Set<string>();
    return params
      .map((param, i) => {
        let name = names[i] as string;
        while (seen.has(name)) name += '_';
        seen.add(name);
        return `${name}: ${this.text(param.type)}`;
      })
      .join(', ');
  }

  /** What a function returns; the error case of a result is thrown. */
  returned(type: PlanFuncType): string {
    const result = type.result === null ? null : this.#at(type.result);
    const text =
      result === null || type.result === null
        ? 'void'
        : result.kind === 'result'
          ? result.ok === null
            ? 'void'
            : this.text(result.ok)
          : this.text(type.result);
    return type.async ? `Promise<${text}>` : text;
  }

  /** The declaration of a named type; `label` is its name in the component. */
  definition(name: string, label: string, type: PlanType): string[] {
    const doc = `/** \`${type.kind} ${label}\` */`;
    switch (type.kind) {
      case 'record':
      case 'flags':
        return [doc, `export interface ${name} {`, ...this.#members(type).map((line) => `  ${line}`), '}'];
      case 'variant':
      case 'enum': {
        const cases = this.#cases(type).map((line) => `  | ${line}`);
        return [doc, `export type ${name} =`, ...cases.slice(0, -1), `${cases.at(-1)};`];
      }
      default:
        return [`export type ${name} = ${this.#written(type)};`];
    }
  }

  #at(index: TypeIndex): PlanType {
    return this.#plan.types[index] as PlanType;
  }

  #optional(index: TypeIndex | null): string {
    return index === null ? 'undefined' : this.text(index);
  }

  #written(type: PlanType): string {
    switch (type.kind) {
      case 'bool':
        return 'boolean';
      case 's8':
      case 'u8':
      case 's16':
      case 'u16':
      case 's32':
      case 'u32':
      case 'f32':
      case 'f64':
        return 'number';
      case 's64':
      case 'u64':
        return 'bigint';
      case 'char':
      case 'string':
        return 'string';
      case 'error-context':
        // A resource or type of the component may be called `error`.
        return 'globalThis.Error';
      case 'list':
        return arrays[this.#at(type.element).kind] ?? `${parenthesised(this.text(type.element))}[]`;
      case 'tuple':
        return `[${type.types.map((part) => this.text(part)).join(', ')}]`;
      case 'record':
      case 'flags':
        return `{ ${this.#members(type).join(' ')} }`;
      case 'variant':
      case 'enum':
        return this.#cases(type).join(' | ');
      case 'option': {
        const inner = this.text(type.type);
        if (this.#at(type.type).kind === 'option')
          return `{ tag: 'some'; val: ${inner} } | { tag: 'none'; val?: undefined }`;
        return `${inner} | undefined`;
      }
      case 'result':
        return [
          payload('ok', type.ok, this.#optional(type.ok)),
          payload('err', type.err, this.#optional(type.err)),
        ].join(' | ');
      case 'map':
        return `Map<${this.text(type.key)}, ${this.text(type.value)}>`;
      case 'own':
      case 'borrow':
        return this.#names.resource(type.resource);
      case 'future':
        return `Promise<${type.element === null ? 'void' : this.text(type.element)}>`;
      case 'stream': {
        if (type.element === null) return 'AsyncIterable<undefined>';
        return `AsyncIterable<${this.#at(type.element).kind === 'u8' ? 'Uint8Array' : this.text(type.element)}>`;
      }
      default:
        return type satisfies never;
    }
  }

  /** The properties of a record or of flags. */
  #members(type: PlanType & { readonly kind: 'record' | 'flags' }): string[] {
    if (type.kind === 'flags') return fieldNames(type.names).map((name) => `${propertyText(name)}?: boolean;`);
    const names = fieldNames(type.fields.map((field) => field.name));
    return type.fields.map((field, i) => {
      const name = propertyText(names[i] as string);
      const isOption = this.#at(field.type).kind === 'option';
      return `${name}${isOption ? '?' : ''}: ${this.text(field.type)};`;
    });
  }

  /** The members of the union for a variant or an enum. */
  #cases(type: PlanType & { readonly kind: 'variant' | 'enum' }): string[] {
    if (type.kind === 'enum') return type.names.map(quote);
    return type.cases.map((item) => payload(item.name, item.type, this.#optional(item.type)));
  }
}

function payload(tag: string, type: TypeIndex | null, text: string): string {
  return type === null ? `{ tag: ${quote(tag)}; val?: undefined }` : `{ tag: ${quote(tag)}; val: ${text} }`;
}

/** Unions need parentheses before `[]`. */
function parenthesised(text: string): string {
  return /[|&]/.test(text) ? `(${text})` : text;
}
