/**
 * A component that runs, in the worker. In: the component, and what the page gives to it. Out: calls, with what they do to
 * the context memory. After a trap nothing in a store can be entered: the next call makes a new instance.
 */
import { parseValue, printValue } from '@gangway/cli/wave';
import { camelCase } from '@gangway/component/names';
import {
  type ImportsObject,
  type Instance,
  instanceLinks,
  instantiate,
  Store,
  Trap,
  type ValueInfo,
} from '@gangway/host';
import { exitStatus, isWasiImport } from '@gangway/wasi';
import { engine } from '../engine.ts';
import { type Member, StoreWatch } from '../model/blocks.ts';
import type { LinkAdapter } from '../model/emitted.ts';
import { type Offer, offerOf, servedImports } from './compose.ts';
import { exportedFunctions, resourceOrder } from './exported.ts';
import type { OpenedComponent } from './open-component.ts';
import { pageImports } from './page-imports.ts';
import { type PageWasi, pageWasi } from './page-wasi.ts';
import type { Argument, Held, Outcome, OutputKind, RunSettings } from './protocol.ts';

export interface SessionHost {
  print(kind: OutputKind, text: string): void;
  /** Called whenever the component has called out; `name` says what. */
  calledOut(name: string): void;
  /** Called before a program sleeps. */
  waiting(): void;
}

/** Settings are those of the call that runs; imports read them when they are called. */
interface Running {
  readonly instance: Instance;
  readonly watch: StoreWatch;
  readonly wasi: PageWasi;
}

export class Session {
  readonly #opened: OpenedComponent;
  readonly #host: SessionHost;
  #running: Running | null = null;
  #settings: RunSettings | null = null;
  readonly #held = new Map<number, unknown>();
  #nextHeld = 1;

  constructor(opened: OpenedComponent, host: SessionHost) {
    this.#opened = opened;
    this.#host = host;
  }

  get watch(): StoreWatch | null {
    return this.#running?.watch ?? null;
  }
  /** How the instance is connected to those of the other components. */
  get links(): readonly LinkAdapter[] {
    const links = this.#running === null ? [] : instanceLinks(this.#running.instance);
    const { plugs } = this.#opened;
    return links.map(({ trampoline, adapter, callee }) => {
      const found = plugs.find(({ component }) => component === callee);
      return { trampoline, callee: found?.name ?? callee.name ?? 'another component', bytes: adapter.bytes };
    });
  }
  get files(): readonly (readonly [string, string])[] {
    return this.#running?.wasi.files() ?? [];
  }

  /** Makes a new instance in a store of its own, after those of the components that it is linked with. */
  async renew(settings: RunSettings): Promise<void> {
    const { component, plugs } = this.#opened;
    this.#settings = settings;
    this.#running = null;
    this.#held.clear();
    const { calledOut, waiting, print } = this.#host;
    const all = [component, ...plugs.map((plug) => plug.component)];
    const names = [...new Set(all.flatMap((one) => one.imports.map(({ name }) => name)))].filter(isWasiImport);
    const wasi = await pageWasi(names, settings.wasi, {
      stdout: (text) => print('stdout', text),
      stderr: (text) => print('stderr', text),
      calledOut,
      waiting,
    });
    const host = {
      log: (line: string) => print('imported', `${line}\n`),
      answer: (name: string) => this.#settings?.answers[name],
      calledOut,
    };
    const store = new Store({ engine });
    const offers: Offer[] = [];
    const members: Member[] = [];
    const make = async (one: (typeof all)[number]): Promise<Instance> => {
      const served = servedImports(one, offers);
      const own = pageImports(one, (name) => isWasiImport(name) || served.has(name), host);
      const system = names.filter((name) => one.imports.some((wanted) => wanted.name === name));
      const imports = {
        ...own,
        ...Object.fromEntries(system.map((name) => [name, wasi.imports[name]])),
        ...Object.fromEntries(served),
      } as ImportsObject;
      return instantiate(one, imports, { store });
    };
    for (const { name, component: plug } of plugs) {
      const instance = await make(plug);
      offers.push(offerOf(plug, instance));
      members.push({ title: name, component: plug, instance });
    }
    const instance = await make(component);
    members.unshift({ title: component.name ?? 'the component', component, instance });
    this.#running = { instance, watch: new StoreWatch(members, store), wasi };
  }

  async call(path: readonly string[], args: readonly Argument[], settings: RunSettings): Promise<Outcome> {
    this.#settings = settings;
    try {
      if (this.#running === null || this.#running.instance.store.trap !== null) await this.renew(settings);
    } catch (error) {
      return this.#outcomeOf(null, error);
    }
    const { instance, watch } = this.#running as Running;
    const found = exportedFunctions(this.#opened.component).find((one) => one.path.join('#') === path.join('#'));
    const func = instance.getFunc(...path);
    if (func === undefined || found === undefined) {
      return { kind: 'failed', message: `${path.join(' ')} cannot be called` };
    }
    watch.begin();
    try {
      const values = args.map((arg, i) => this.#argument(found.type.params[i]!.type, arg));
      const value: unknown = await func(...values);
      return this.#valueOutcome(found.type.result, value);
    } catch (error) {
      return this.#outcomeOf(found.type.result, error);
    } finally {
      watch.end();
    }
  }

  #argument(type: ValueInfo, argument: Argument): unknown {
    if ('text' in argument) return parseValue(type, argument.text);
    if (!this.#held.has(argument.held)) throw new Error('this resource is gone: it belonged to an earlier instance');
    return this.#held.get(argument.held);
  }

  #valueOutcome(type: ValueInfo | null, value: unknown): Outcome {
    if (type === null) return { kind: 'value', text: 'returned', held: [] };
    const shown = type.kind === 'result' ? { tag: 'ok', val: value } : value;
    const held: Held[] = [];
    this.#keep(type, shown, held);
    const text = type.kind === 'own' ? `${held[0]?.label}, kept for later calls` : printValue(type, shown);
    return { kind: 'value', text, held };
  }

  /** Resources in a value are kept, so that later calls can take them. */
  #keep(type: ValueInfo, value: unknown, held: Held[]): void {
    const tagged = value as { readonly tag?: string; readonly val?: unknown } | undefined;
    switch (type.kind) {
      case 'own': {
        const id = this.#nextHeld++;
        this.#held.set(id, value);
        const label = `${type.resource.name ?? 'resource'} #${id}`;
        held.push({ id, label, type: resourceOrder(this.#opened.component).indexOf(type.resource) });
        break;
      }
      case 'option':
        if (type.type.kind === 'option') {
          if (tagged?.tag === 'some') this.#keep(type.type, tagged.val, held);
        } else if (value !== undefined && value !== null) this.#keep(type.type, value, held);
        break;
      case 'result': {
        const inner = tagged?.tag === 'ok' ? type.ok : type.err;
        if (inner !== null) this.#keep(inner, tagged?.val, held);
        break;
      }
      case 'list':
        if (Array.isArray(value)) for (const one of value) this.#keep(type.element, one, held);
        break;
      case 'tuple':
        type.types.forEach((one, i) => {
          this.#keep(one, (value as readonly unknown[])[i], held);
        });
        break;
      case 'record':
        for (const field of type.fields) {
          this.#keep(field.type, (value as Readonly<Record<string, unknown>>)[camelCase(field.name)], held);
        }
        break;
      default:
    }
  }

  #outcomeOf(type: ValueInfo | null, error: unknown): Outcome {
    const status = exitStatus(error);
    if (status !== null) return { kind: 'exit', code: status.code };
    if (error instanceof Trap) {
      this.#held.clear();
      const { message, code, componentStack: stack, cause } = error;
      return {
        kind: 'trap',
        trap: {
          message,
          code,
          stack: stack.map((frame) => ({ instance: frame.instance, function: frame.function })),
          cause: cause instanceof Error && code === 'host-error' ? String(cause) : null,
          engine: coreFrames(error.stack ?? ''),
        },
      };
    }
    if (error instanceof Error && Object.hasOwn(error, 'payload')) {
      const val = (error as Error & { readonly payload: unknown }).payload;
      return { kind: 'error', text: type === null ? 'err' : printValue(type, { tag: 'err', val }) };
    }
    return { kind: 'failed', message: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

/** The lines of an engine's stack that are in core code, without the addresses that the engine gives to modules. */
function coreFrames(stack: string): string {
  const frames = stack.split('\n').flatMap((line) => {
    const [, inner, at] =
      /^\s*(?:at )?(.*?)\s*[(@]?(?:wasm:|https?:|blob:).*?(?:wasm-function\[\d+\]:)(0x[0-9a-f]+)\)?$/.exec(line) ?? [];
    return inner === undefined ? [] : [`${inner.replace(/[.@]+$/, '')} at byte ${at} of its module`];
  });
  return frames.join('\n');
}
