/**
 * Errors as the command line shows them. In: whatever a command threw. Out: one message for standard error, and the exit
 * code: 134 for a trap (what a shell shows for an aborted program), 2 for bad usage, 1 for everything else.
 */
import { GangwayError, Trap } from '@gangway/host/runtime';
import { UsageError } from './command.ts';
import { guestFrames } from './guest-frames.ts';
import { WaveError } from './wave/wave-error.ts';

export const exitCodes = { failure: 1, usage: 2, trap: 134 } as const;

export interface Report {
  readonly message: string;
  readonly exitCode: number;
}

/** Thrown by commands for what is wrong with a file or its contents: the message says it all. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly code = 'command';
}

const systemTexts: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of the path is no directory',
  EADDRINUSE: 'the address is in use',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'there is no such name',
};

/** What the operating system says about a path or an address, in words. */
export function systemText(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return Object.hasOwn(systemTexts, code) ? (systemTexts[code] as string) : String((error as Error).message);
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const stack = error.stack ?? `${error.name}: ${error.message}`;
  if (error.cause === undefined) return stack;
  const cause = stackOf(error.cause) || String(error.cause);
  // A trap has the frames of the engine's error that is its cause.
  const [header = '', ...frames] = cause.split('\n');
  return `${stack}\ncaused by ${frames.length > 0 && stack.endsWith(frames.join('\n')) ? header : cause}`;
}

/** `command` is its name, for the hint after a usage error. */
export function report(error: unknown, command: string | null, debug: boolean): Report {
  const stack = debug ? `\n${stackOf(error)}` : '';
  if (error instanceof UsageError || error instanceof WaveError) {
    const where = command === null ? 'gangway' : `gangway ${command}`;
    return { message: `${where}: ${error.message}\nTry '${where} --help'.${stack}\n`, exitCode: exitCodes.usage };
  }
  if (error instanceof Trap) {
    const guest = guestFrames(error.stack ?? '').map((frame) => `\n  at ${frame}`);
    const calls = error.componentStack.map((frame) => `\n  in ${frame.function ?? 'a function'} of ${frame.instance}`);
    const where = debug ? [...calls, stack] : guest;
    return { message: `gangway: ${error.message}${where.join('')}\n`, exitCode: exitCodes.trap };
  }
  if (error instanceof CommandError || error instanceof GangwayError) {
    return { message: `gangway: ${error.message}${stack}\n`, exitCode: exitCodes.failure };
  }
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { message: `gangway: ${text}${stack}\n`, exitCode: exitCodes.failure };
}
