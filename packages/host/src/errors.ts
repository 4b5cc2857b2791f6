/**
 * The errors that an embedder of `host` meets. In: what went wrong, and where. Out: classes with a stable `code`.
 *
 * Rejected: subclasses of `WebAssembly.RuntimeError` and `WebAssembly.LinkError`. Engines give those a meaning of their
 * own (a guest's `catch_all` may see them), and `instanceof` would no longer tell our checks from the engine's.
 */
import { GangwayError } from '@gangway/component/errors';
import { type TrapCode, trapText } from '@gangway/component/traps';

export {
  BinaryError,
  DecodeError,
  GangwayError,
  InternalError,
  UnsupportedError,
  unreachable,
  ValidationError,
} from '@gangway/component/errors';
export type { TrapCode } from '@gangway/component/traps';

/** One call on the way to a trap, as people know it. */
export interface ComponentFrame {
  /** The component instance that was called: its name in the component, or `#` and its index. */
  readonly instance: string;
  /** The export, when the embedder called it; null for a call from another component. */
  readonly function: string | null;
}

/**
 * Execution ended in a way that the guest cannot go on from. The store that it happened in is locked: no instance in it
 * can be entered again.
 *
 * `cause` is what the embedder's own function threw when that is the reason, otherwise the engine's error if there is one.
 */
export class Trap extends GangwayError {
  override readonly name = 'Trap';
  /** Stable code, from the table in `@gangway/component/traps`. */
  readonly code: TrapCode;
  /** Calls between components and host that were under way, innermost first. */
  readonly componentStack: readonly ComponentFrame[];

  /** `text` replaces the code's own text; every message starts with `wasm trap: `. */
  constructor(
    code: TrapCode,
    options: ErrorOptions & { text?: string; a?: number; b?: number; componentStack?: readonly ComponentFrame[] } = {},
  ) {
    const text = options.text ?? trapText(code, options.a);
    super(
      text.startsWith('wasm trap') ? text : `wasm trap: ${text}`,
      'cause' in options ? { cause: options.cause } : {},
    );
    this.code = code;
    this.componentStack = options.componentStack ?? [];
  }
}

/** What the embedder supplies does not fit what the component imports. */
export class LinkError extends GangwayError {
  override readonly name = 'LinkError';
  override readonly code = 'link';
  /** Names from the root's import down: `['wasi:io/streams@0.2.0', '[method]output-stream.write']`. */
  readonly path: readonly string[];
  /** What the component expects there, as WIT-like text: `func(a: string) -> u32`. */
  readonly expected: string;

  constructor(path: readonly string[], expected: string, problem: string) {
    super(`import ${path.map((name) => `"${name}"`).join(' / ')}: ${problem} (expected ${expected})`);
    this.path = path;
    this.expected = expected;
  }
}

/** Something was used whose store or instance has been disposed. */
export class DisposedError extends GangwayError {
  override readonly name = 'DisposedError';
  override readonly code = 'disposed';
}
