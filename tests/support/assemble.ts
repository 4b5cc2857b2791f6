/** Component text → component binary, by the Bytecode Alliance's own assembler (`parse` of jco). Nothing is kept on disk. */
import { parse } from '@bytecodealliance/jco';
import { allFeatures } from '@gangway/component/features';
import { type Component, compile, Engine, type EngineOptions, type Instance, instantiate } from '@gangway/host';

const assembled = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();

/** Assembles text; the same text is assembled once a process. */
export function assemble(text: string): Promise<Uint8Array<ArrayBuffer>> {
  let bytes = assembled.get(text);
  if (bytes === undefined) {
    bytes = Promise.resolve(parse(text)).then((result) => new Uint8Array(result));
    assembled.set(text, bytes);
  }
  return bytes;
}

/** Everything that the specification has a gate for, and checks of every vmctx slot. */
export const debugEngine = new Engine({ debug: true, features: allFeatures });

export function engineWith(options: EngineOptions): Engine {
  return new Engine({ debug: true, features: allFeatures, ...options });
}

/** A component from its text. */
export async function component(text: string, engine: Engine = debugEngine): Promise<Component> {
  return compile(await assemble(text), { engine });
}

/** Exports in tests: whatever is there can be called, constructed and looked into. */
export interface Dynamic {
  (...args: unknown[]): Dynamic;
  new (...args: unknown[]): Dynamic & Disposable;
  [Symbol.dispose](): void;
  readonly [name: string]: Dynamic;
}
export interface DynamicExports {
  readonly [name: string]: Dynamic;
}

/** An instance from a component's text. */
export async function instance(
  text: string,
  imports: Parameters<typeof instantiate>[1] = {},
  engine: Engine = debugEngine,
): Promise<Instance<DynamicExports>> {
  return instantiate<DynamicExports>(await component(text, engine), imports);
}
