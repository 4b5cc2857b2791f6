/**
 * Runs the commands of one script, in order. In: a command. Out: its verdict. State between commands: what is defined,
 * instantiated and registered.
 *
 * An assertion passes only when the right kind of error came from us, with the expected message in it. What an engine
 * refuses in a core module counts by its kind, because every engine has its own words.
 */

import { DecodeError, type GangwayError, ValidationError } from '@gangway/host/component';
import { type Component, Instance, LinkError, Trap } from '@gangway/host/runtime';
import type { Assembler } from './assembler.ts';
import type { CallResult, Components } from './components.ts';
import { type Constant, printConstant } from './constant.ts';
import type { Action, Command, Form, Refusal } from './script.ts';
import { ConstantMismatch, coreMatches, coreToJs, matches, show } from './values.ts';
import { failed, passed, skipped, type Verdict } from './verdict.ts';

export interface ExecuteOptions {
  /** Decodes and validates only; what would have to run is skipped. */
  readonly validateOnly?: boolean;
}

type AnyInstance = Instance | WebAssembly.Instance;
type Definition = Component | WebAssembly.Module;

/** The assembler refused a text. */
class Refused extends Error {
  override readonly name = 'Refused';
}

/** A command needs something that an earlier one did not leave: a name that is not there. */
class Missing extends Error {
  override readonly name = 'Missing';
}

const notRun = skipped('not run: only decoding and validation were asked for');

export class Execution {
  readonly #assembler: Assembler;
  readonly #components: Components;
  readonly #validateOnly: boolean;
  readonly #definitions = new Map<string, Definition>();
  readonly #instances = new Map<string, AnyInstance>();
  readonly #registered = new Map<string, AnyInstance>();
  #lastDefinition: Definition | undefined;
  #current: AnyInstance | undefined;

  constructor(assembler: Assembler, components: Components, options: ExecuteOptions = {}) {
    this.#assembler = assembler;
    this.#components = components;
    this.#validateOnly = options.validateOnly ?? false;
  }

  /** Never throws: an error that no command expects is a failure. */
  async run(command: Command): Promise<Verdict> {
    try {
      switch (command.kind) {
        case 'form':
          return await this.#form(command.form);
        case 'instance':
          return this.#validateOnly ? notRun : await this.#instance(command.name, command.of);
        case 'register':
          if (this.#validateOnly) return notRun;
          this.#registered.set(command.as, this.#find(command.instance));
          return passed;
        case 'action':
          if (this.#validateOnly) return notRun;
          await this.#act(command.action);
          return passed;
        case 'return':
          return this.#validateOnly ? notRun : await this.#returns(command.action, command.expected);
        case 'trap':
          return await this.#traps(command.action, command.message);
        case 'exhaustion':
          return this.#validateOnly ? notRun : await this.#exhausts(command.action);
        case 'exception':
          return this.#validateOnly ? notRun : await this.#throws(command.action);
        case 'refusal':
          return await this.#refused(command.assertion, command.form, command.message);
        case 'unknown':
          return skipped(command.reason);
        default:
          return command satisfies never;
      }
    } catch (error) {
      if (error instanceof Refused) return skipped(`the assembler refuses the text: ${error.message}`);
      return failed(expectation(command), describe(error));
    }
  }

  // --- forms -----------------------------------------------------------------------------------------------------------

  async #bytes(form: Form): Promise<Uint8Array<ArrayBuffer>> {
    if (form.source.kind === 'binary') return Uint8Array.from(form.source.bytes);
    const assembled = await this.#assembler.assemble(form.source.text);
    if (assembled.kind === 'refused') throw new Refused(assembled.message);
    return assembled.bytes;
  }

  async #define(form: Form): Promise<Definition> {
    const bytes = await this.#bytes(form);
    const definition = form.sort === 'module' ? new WebAssembly.Module(bytes) : await this.#components.compile(bytes);
    if (form.name !== undefined) this.#definitions.set(form.name, definition);
    this.#lastDefinition = definition;
    return definition;
  }

  async #form(form: Form): Promise<Verdict> {
    if (this.#validateOnly) {
      const bytes = await this.#bytes(form);
      if (form.sort === 'module') new WebAssembly.Module(bytes);
      else this.#components.check(bytes);
      return passed;
    }
    // what follows must not find an earlier instance when this one fails
    if (!form.definition) this.#current = undefined;
    const definition = await this.#define(form);
    if (!form.definition) this.#keep(form.name, await this.#instantiate(definition));
    return passed;
  }

  async #instance(name: string | undefined, of: string | undefined): Promise<Verdict> {
    this.#current = undefined;
    const definition = of === undefined ? this.#lastDefinition : this.#definitions.get(of);
    if (definition === undefined) throw new Missing(`there is no definition ${of ?? ''}`);
    this.#keep(name, await this.#instantiate(definition));
    return passed;
  }

  #keep(name: string | undefined, instance: AnyInstance): void {
    this.#current = instance;
    if (name !== undefined) this.#instances.set(name, instance);
  }

  async #instantiate(definition: Definition): Promise<AnyInstance> {
    const imports = Object.fromEntries([...this.#registered].map(([name, instance]) => [name, instance.exports]));
    if (definition instanceof WebAssembly.Module) {
      return new WebAssembly.Instance(definition, imports as WebAssembly.Imports);
    }
    return this.#components.instantiate(definition, imports);
  }

  async #refused(assertion: Refusal, form: Form, message: string): Promise<Verdict> {
    const bytes = await this.#bytes(form);
    const expected = `${assertion.slice('assert_'.length)}: ${JSON.stringify(message)}`;
    try {
      if (assertion !== 'assert_unlinkable') {
        if (form.sort === 'module') new WebAssembly.Module(bytes);
        else if (this.#validateOnly) this.#components.check(bytes);
        else await this.#components.compile(bytes);
        return failed(expected, 'it was accepted');
      }
      if (this.#validateOnly) return notRun;
      await this.#instantiate(await this.#define({ ...form, name: undefined }));
      return failed(expected, 'it was linked');
    } catch (error) {
      return refusedAsExpected(assertion, error, message) ? passed : failed(expected, describe(error));
    }
  }

  // --- actions ---------------------------------------------------------------------------------------------------------

  #find(name: string | undefined): AnyInstance {
    const instance = name === undefined ? this.#current : this.#instances.get(name);
    if (instance === undefined) throw new Missing(`there is no instance${name === undefined ? '' : ` ${name}`}`);
    return instance;
  }

  /** The results: of a component function with its type, of a core function as a list. */
  async #act(action: Action): Promise<CallResult | { readonly core: readonly unknown[] }> {
    const instance = this.#find(action.instance);
    if (instance instanceof Instance) {
      if (action.kind === 'get') throw new ConstantMismatch('`get` is for core modules: components export no globals');
      return this.#components.call(instance, action.name, action.args);
    }
    const item = instance.exports[action.name];
    if (action.kind === 'get') {
      if (!(item instanceof WebAssembly.Global)) throw new ConstantMismatch(`there is no global \`${action.name}\``);
      return { core: [item.value] };
    }
    if (typeof item !== 'function') throw new ConstantMismatch(`there is no function \`${action.name}\``);
    const result: unknown = item(...action.args.map(coreToJs));
    return { core: result === undefined ? [] : Array.isArray(result) ? result : [result] };
  }

  async #returns(action: Action, expected: readonly Constant[]): Promise<Verdict> {
    const wanted = expected.length === 0 ? 'no result' : expected.map(printConstant).join(' ');
    const result = await this.#act(action);
    if ('core' in result) {
      const same =
        result.core.length === expected.length && expected.every((one, i) => coreMatches(one, result.core[i]));
      return same ? passed : failed(wanted, result.core.map(show).join(' ') || 'no result');
    }
    const { value, type } = result;
    const same =
      type === null
        ? expected.length === 0 && value === undefined
        : expected.length === 1 && matches(expected[0]!, value, type);
    return same ? passed : failed(wanted, type === null ? 'no result' : show(value));
  }

  async #traps(target: Action | Form, message: string): Promise<Verdict> {
    const expected = `trap: ${JSON.stringify(message)}`;
    let definition: Definition | undefined;
    if ('sort' in target) {
      if (this.#validateOnly) return this.#form(target);
      definition = await this.#define({ ...target, name: undefined });
    } else if (this.#validateOnly) return notRun;
    try {
      if (definition !== undefined) {
        await this.#instantiate(definition);
        return failed(expected, 'it was instantiated');
      }
      const result = await this.#act(target as Action);
      return failed(expected, 'core' in result ? result.core.map(show).join(' ') : show(result.value));
    } catch (error) {
      const engine = error instanceof WebAssembly.RuntimeError && !isOfComponent(target, definition, this.#current);
      const ours = error instanceof Trap && error.message.includes(message);
      return engine || ours ? passed : failed(expected, describe(error));
    }
  }

  async #exhausts(action: Action): Promise<Verdict> {
    try {
      await this.#act(action);
      return failed('the call stack exhausted', 'it returned');
    } catch (error) {
      const same = error instanceof RangeError || (error instanceof Trap && error.code === 'stack-overflow');
      return same ? passed : failed('the call stack exhausted', describe(error));
    }
  }

  async #throws(action: Action): Promise<Verdict> {
    try {
      await this.#act(action);
      return failed('an exception', 'it returned');
    } catch (error) {
      return error instanceof WebAssembly.Exception ? passed : failed('an exception', describe(error));
    }
  }
}

function isOfComponent(
  target: Action | Form,
  definition: Definition | undefined,
  current: AnyInstance | undefined,
): boolean {
  if ('sort' in target) return !(definition instanceof WebAssembly.Module);
  return current instanceof Instance;
}

/** Whether an error is the one that the assertion is about. */
function refusedAsExpected(assertion: Refusal, error: unknown, message: string): boolean {
  switch (assertion) {
    case 'assert_malformed':
      return isOurs(error, DecodeError, message) || error instanceof WebAssembly.CompileError;
    case 'assert_invalid':
      return isOurs(error, ValidationError, message) || error instanceof WebAssembly.CompileError;
    case 'assert_unlinkable':
      return isOurs(error, LinkError, message) || error instanceof WebAssembly.LinkError;
    default:
      return assertion satisfies never;
  }
}

function isOurs(error: unknown, kind: abstract new (...args: never[]) => GangwayError, message: string): boolean {
  return error instanceof kind && error.message.includes(message);
}

function expectation(command: Command): string {
  switch (command.kind) {
    case 'form':
      return command.form.definition
        ? `a valid ${command.form.sort}`
        : `a ${command.form.sort} that can be instantiated`;
    case 'return':
      return command.expected.length === 0 ? 'no result' : command.expected.map(printConstant).join(' ');
    case 'trap':
      return `trap: ${JSON.stringify(command.message)}`;
    default:
      return 'no error';
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return `thrown: ${show(error)}`;
  const cause = error.cause instanceof Error ? ` (cause: ${error.cause.name}: ${error.cause.message})` : '';
  return `${error.name}: ${error.message}${cause}`.replaceAll('\n', ' ');
}
