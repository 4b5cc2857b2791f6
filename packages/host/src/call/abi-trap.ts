/**
 * What lift, lower and the handle operations throw when the specification says "trap". It carries the code and the detail
 * words only: no stack, no text. It never leaves the host: `callExport` hands it to {@link HostRuntime.translate}, which
 * makes the `Trap` of it, and a lowering callee hands it to {@link HostRuntime.record}.
 */
import type { TrapCode } from '@gangway/component/traps';

export class AbiTrap {
  readonly code: TrapCode;
  /** Detail words (u32), as the table of traps explains them. */
  readonly a: number;
  readonly b: number;
  constructor(code: TrapCode, a = 0, b = 0) {
    this.code = code;
    this.a = a;
    this.b = b;
  }
}

/** For use in expressions. */
export function trap(code: TrapCode, a = 0, b = 0): never {
  throw new AbiTrap(code, a, b);
}
