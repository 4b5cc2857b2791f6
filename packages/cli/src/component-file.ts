/**
 * Files on the command line, before anything is compiled. In: a path, options. Out: its bytes, an engine. What is wrong with a file is
 * a `CommandError` that names the file; the error of the library is its cause.
 */
import { Engine, GangwayError, UnsupportedError } from '@gangway/host/runtime';
import { type Options, UsageError } from './command.ts';
import { CommandError, systemText } from './report.ts';

/** UsageError for a feature that does not exist. */
export async function engineOf(options: Options, more: ConstructorParameters<typeof Engine>[0] = {}): Promise<Engine> {
  const names = options.strings('feature');
  if (names.length === 0) return new Engine(more);
  // The engine itself would refuse an unknown one when it compiles something.
  const { resolveFeatures } = await import('@gangway/component/features');
  try {
    return new Engine({ ...more, features: resolveFeatures(Object.fromEntries(names.map((name) => [name, true]))) });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** The one file that a command works on. */
export function onlyFile(words: readonly string[]): string {
  const [file, ...more] = words;
  if (file === undefined) throw new UsageError('which file?');
  if (more.length > 0) throw new UsageError(`one file at a time, not also ${more.join(' ')}`);
  return file;
}

export async function readBytes(file: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    // Not imported: that would load all of it, streams and promises too (7 ms of Node's start).
    const { buffer, byteOffset, length } = process.getBuiltinModule('node:fs').readFileSync(file);
    // Not a copy: files may be large.
    return new Uint8Array(buffer, byteOffset, length);
  } catch (cause) {
    throw new CommandError(`cannot read ${file}: ${systemText(cause)}`, { cause });
  }
}

/** What to say of bytes that are not a component at all; null when they start like one. */
function notAComponent(bytes: Uint8Array): string | null {
  const [a, b, c, d, version, , layer] = bytes;
  if (a !== 0x00 || b !== 0x61 || c !== 0x73 || d !== 0x6d) {
    return bytes.length === 0 ? 'the file is empty' : 'this is no WebAssembly file (it does not start with "\\0asm")';
  }
  if (version === 1 && layer === 0) {
    return 'this is a core module, not a component (jco new or wasm-tools component new make one of it)';
  }
  return null;
}

/** The error as one about this file. */
export function fileError(file: string, bytes: Uint8Array, cause: unknown): unknown {
  const other = notAComponent(bytes);
  if (other !== null) return new CommandError(`${file}: ${other}`, { cause });
  if (cause instanceof UnsupportedError)
    return new CommandError(`${file}: not supported here: ${cause.message}`, { cause });
  if (cause instanceof GangwayError || cause instanceof WebAssembly.CompileError) {
    return new CommandError(`${file}: ${cause.message}`, { cause });
  }
  return cause;
}
