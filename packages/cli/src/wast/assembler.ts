/**
 * Text to binary. In: the text of one module or component. Out: its bytes, or why the assembler refused it.
 *
 * The assembler is somebody else's: jco's `parse`. It is needed for scripts only, so it is no dependency of the command but
 * asked for when it is missing. Rejected: an assembler of our own (two of them are well kept).
 */

/** What `parse` of an assembler makes of a text. Throws with the assembler's message. */
type Parse = (text: string) => Uint8Array | Promise<Uint8Array>;

export type Assembled =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'refused'; readonly message: string };

/** No assembler can be loaded. */
export class AssemblerMissing extends Error {
  override readonly name = 'AssemblerMissing';
  constructor(cause: unknown) {
    super(
      'scripts need an assembler of the text format: install one with `npm install --save-dev @bytecodealliance/jco`',
      { cause },
    );
  }
}

/** Package names are variables here, so that neither bundlers nor the type checker insist on what may be missing. */
const firstPackage: string = '@bytecodealliance/jco';
/** An older release whose assembler knows `cancellable`, which later ones do not. */
const secondPackage: string = 'jco-transpile-0.11/wasm-tools';

async function load(name: string): Promise<Parse> {
  const module: { parse?: unknown } = await import(name);
  if (typeof module.parse !== 'function') throw new TypeError(`${name} has no \`parse\``);
  return module.parse as Parse;
}

export class Assembler {
  readonly #parse: Parse;
  #second: Promise<Parse | undefined> | undefined;

  private constructor(parse: Parse) {
    this.#parse = parse;
  }

  /** Loads the assembler. Throws {@link AssemblerMissing}. */
  static async load(): Promise<Assembler> {
    try {
      return new Assembler(await load(firstPackage));
    } catch (error) {
      throw new AssemblerMissing(error);
    }
  }

  /** Throws {@link AssemblerMissing} when {@link load} would, without the time that loading takes. */
  static check(): void {
    try {
      import.meta.resolve(firstPackage);
    } catch (error) {
      throw new AssemblerMissing(error);
    }
  }

  async assemble(text: string): Promise<Assembled> {
    try {
      return await run(this.#parse, text);
    } catch (error) {
      const message = refusal(error);
      this.#second ??= load(secondPackage).catch(() => undefined);
      const second = await this.#second;
      // What one refuses because it is older or newer, the other may take; what is wrong, both refuse.
      if (second !== undefined) {
        try {
          return await run(second, text);
        } catch {
          return { kind: 'refused', message };
        }
      }
      return { kind: 'refused', message };
    }
  }
}

async function run(parse: Parse, text: string): Promise<Assembled> {
  return { kind: 'bytes', bytes: Uint8Array.from(await parse(text)) };
}

/** The message in what the assembler throws: an error value whose text is inside the print of a structure. */
function refusal(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const custom = /Custom\("((?:[^"\\]|\\.)*)"\)/.exec(text)?.[1];
  if (custom !== undefined) return custom.replaceAll('\\"', '"');
  return /kind: Lex\((.*?)\) \}/.exec(text)?.[1] ?? text.split('\n')[0]!;
}
