/**
 * What stands where in the text of an emitted module. In: the text that wabt writes, folded. Out: its functions, which of
 * them an export names, and what of the vmctx a function reads and writes, the functions that it calls included.
 *
 * Rejected: a parser of the text format. The text has one shape, that of one writer.
 */

export interface WatFunction {
  readonly name: string;
  /** Offsets in the text of the module, from its parenthesis on. */
  readonly from: number;
  readonly to: number;
}

export interface VmctxAccess {
  /** Bytes from the start of the vmctx. */
  readonly offset: number;
  readonly bytes: number;
  readonly kind: 'load' | 'store';
  /** Where the instruction stands, in the text of the module. */
  readonly at: number;
}

export class WatIndex {
  readonly text: string;
  readonly #functions = new Map<string, WatFunction>();

  constructor(text: string) {
    this.text = text;
    const starts = /^ {2}\(func \$(\S+)/gm;
    for (let found = starts.exec(text); found !== null; found = starts.exec(text)) {
      const from = found.index + 2;
      // The next definition at the same depth, or the end of the module.
      const next = text.indexOf('\n  (', from);
      const to = next < 0 ? text.lastIndexOf(')') : next;
      this.#functions.set(found[1] as string, { name: found[1] as string, from, to });
    }
  }

  get functions(): readonly WatFunction[] {
    return [...this.#functions.values()];
  }

  /** The function that is exported as `name`. */
  exported(name: string): WatFunction | undefined {
    const mark = `(export "${name}" (func $`;
    const at = this.text.indexOf(mark);
    if (at < 0) return undefined;
    return this.#functions.get(this.text.slice(at + mark.length, this.text.indexOf(')', at)));
  }

  /**
   * Loads and stores whose address is the vmctx, or the cell of an instance in it. What a trap stores when it happens is
   * left out: every function could do it.
   */
  accesses(func: WatFunction): VmctxAccess[] {
    const found = new Map<string, VmctxAccess>();
    this.#collect(func, 0, found, new Set());
    return [...found.values()].sort((a, b) => a.offset - b.offset);
  }

  #collect(func: WatFunction, instance: number, found: Map<string, VmctxAccess>, seen: Set<string>): void {
    const key = `${func.name} ${instance}`;
    if (seen.has(key)) return;
    seen.add(key);
    const body = this.text.slice(func.from, func.to);
    const access =
      /\((i32|i64)\.(load|store)(8|16|32)?(?:_[su])?(?: \$\S+)?(?: offset=(\d+))?(?: align=\d+)?\s+\((?:global\.get \$(?:context\.)?vmctx|local\.get \$(vmctx|cell))\)/g;
    for (const one of body.matchAll(access)) {
      const [, type, kind, width, offset = '0', base] = one;
      const at = Number(offset) + (base === 'cell' ? instance * 16 : 0);
      const bytes = width === undefined ? (type === 'i64' ? 8 : 4) : Number(width) / 8;
      const place = func.from + one.index;
      found.set(`${kind} ${at} ${place}`, { offset: at, bytes, kind: kind as VmctxAccess['kind'], at: place });
    }
    const call = /\(call \$([^\s()]+)(?:\s+\((?:global|local)\.get \$(?:context\.)?vmctx\)\s+\(i32\.const (\d+)\))?/g;
    for (const [, name = '', argument] of body.matchAll(call)) {
      const callee = this.#functions.get(name);
      if (callee === undefined || name === 'trap' || name.startsWith('trap.')) continue;
      this.#collect(callee, argument === undefined ? instance : Number(argument), found, seen);
    }
  }
}
