/**
 * What the page gives to a component for imports that are not WASI's. In: what it imports, and answers as WAVE texts. Out:
 * an imports object whose functions write each call to the console and return the answer.
 */
import { parseValue, printValue } from '@gangway/cli/wave';
import { camelCase, parseExternName, pascalCase } from '@gangway/component/names';
import type { Component, ExternInfo, FuncInfo, ImportsObject, ValueInfo } from '@gangway/host';
import { sampleText } from './value-text.ts';

/** An imported function that the page answers for. */
export interface AnsweredImport {
  /** `log`, `acme:db/store#get`. */
  readonly name: string;
  readonly type: FuncInfo;
}

export interface PageHost {
  /** Writes a line to the console. */
  log(line: string): void;
  /** Called whenever the component has called out; `name` says what. */
  calledOut(name: string): void;
  /** The WAVE text that the function answers with; undefined: none was given. */
  answer(name: string): string | undefined;
}

type Answered = (...args: unknown[]) => unknown;
type PageResource = new (...args: unknown[]) => object;

/** The functions that {@link pageImports} answers for. */
export function answeredImports(component: Component, isSupplied: (name: string) => boolean): AnsweredImport[] {
  return component.imports.flatMap((one): AnsweredImport[] => {
    if (isSupplied(one.name)) return [];
    if (one.kind === 'func') return [{ name: one.name, type: one.type }];
    if (one.kind !== 'instance') return [];
    return one.exports.flatMap((inner) =>
      inner.kind === 'func' ? [{ name: `${one.name}#${inner.name}`, type: inner.type }] : [],
    );
  });
}

export function pageImports(
  component: Component,
  isSupplied: (name: string) => boolean,
  host: PageHost,
): ImportsObject {
  const classes = new Map<unknown, PageResource>();
  const classOf = (resource: unknown): PageResource => {
    const known = classes.get(resource) ?? class extends Object {};
    classes.set(resource, known);
    return known;
  };
  const show = (type: ValueInfo, value: unknown): string => {
    try {
      return printValue(type, value);
    } catch {
      return String(value);
    }
  };
  const answered =
    (name: string, type: FuncInfo): Answered =>
    (...args) => {
      const texts = type.params.map((param, i) => show(param.type, args[i]));
      host.log(`${name}(${texts.join(', ')})`);
      host.calledOut(name);
      return type.result === null ? undefined : answerOf(type.result, host.answer(name), classOf);
    };
  function resourceClass(resource: unknown, name: string, path: string, scope: readonly ExternInfo[]): PageResource {
    const made = classOf(resource);
    for (const one of scope) {
      if (one.kind !== 'func') continue;
      const parts = parseExternName(one.name);
      if ((parts.kind !== 'method' && parts.kind !== 'static') || parts.resource !== name) continue;
      const call = answered(`${path}${one.name}`, one.type);
      const property = camelCase(parts.label);
      const target = parts.kind === 'method' ? (made.prototype as object) : made;
      const value =
        parts.kind === 'static'
          ? call
          : function (this: object, ...args: unknown[]): unknown {
              return call(this, ...args);
            };
      Object.defineProperty(target, property, { value, configurable: true });
    }
    return made;
  }
  function members(externs: readonly ExternInfo[], path: string): [string, unknown][] {
    return externs.flatMap((one): [string, unknown][] => {
      if (one.kind === 'resource') {
        const made = resourceClass(one.resource, one.name, path, externs);
        return [[path === '' ? one.name : pascalCase(one.name), made]];
      }
      if (one.kind === 'instance') return [[one.name, Object.fromEntries(members(one.exports, `${one.name}#`))]];
      if (one.kind !== 'func' || one.name.startsWith('[')) return [];
      return [[path === '' ? one.name : camelCase(one.name), answered(`${path}${one.name}`, one.type)]];
    });
  }
  const wanted = component.imports.filter((one) => !isSupplied(one.name));
  return Object.fromEntries(members(wanted, '')) as ImportsObject;
}

/** The value of an answer; the error case of a function's own result is thrown. */
function answerOf(type: ValueInfo, text: string | undefined, classOf: (resource: unknown) => PageResource): unknown {
  if (type.kind === 'own') return new (classOf(type.resource))();
  const value = parseValue(type, text ?? sampleText(type));
  if (type.kind !== 'result') return value;
  const { tag, val } = value as { readonly tag: 'ok' | 'err'; readonly val?: unknown };
  if (tag === 'ok') return val;
  throw Object.assign(new Error('the answer is an error'), { payload: val });
}
