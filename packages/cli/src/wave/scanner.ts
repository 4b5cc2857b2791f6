/**
 * A position in WAVE text. In: the text. Out: its tokens, one at a time, as the parser asks for them. Space and comments
 * (`//` to the end of the line) may stand between any two.
 */
import { WaveError } from './wave-error.ts';

const space = /(?:[ \t\r\n]+|\/\/[^\n]*)*/y;
const labelPattern = /%?(?:[a-z][a-z0-9]*|[A-Z][A-Z0-9]*)(?:-(?:[a-z0-9]+|[A-Z0-9]+))*/y;
const numberPattern = /-?(?:inf|(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?![\w.])|nan(?![\w-])/y;

const escapes: Readonly<Record<string, string>> = { "'": "'", '"': '"', '\\': '\\', t: '\t', n: '\n', r: '\r' };

export interface Label {
  readonly name: string;
  /** Whether it was written with a `%`, so that it is no keyword. */
  readonly escaped: boolean;
  readonly offset: number;
}

export class Scanner {
  readonly text: string;
  #at = 0;

  constructor(text: string) {
    this.text = text;
    this.#skip();
  }

  /** Offset of the next token. */
  get offset(): number {
    return this.#at;
  }
  get atEnd(): boolean {
    return this.#at >= this.text.length;
  }

  #skip(): void {
    space.lastIndex = this.#at;
    space.exec(this.text);
    this.#at = Math.max(this.#at, space.lastIndex);
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text);
    if (found === null) return null;
    this.#at = pattern.lastIndex;
    this.#skip();
    return found[0];
  }

  /** For messages: what stands here. */
  describe(): string {
    if (this.atEnd) return 'the end';
    return `'${[...this.text.slice(this.#at, this.#at + 20)].slice(0, 10).join('')}'`;
  }

  fail(expected: string): never {
    throw new WaveError(this.#at, `expected ${expected}, found ${this.describe()}`);
  }

  /** Whether the text goes on with `token`. */
  sees(token: string): boolean {
    return this.text.startsWith(token, this.#at);
  }

  /** Takes `token` if it is next. */
  accept(token: string): boolean {
    if (!this.sees(token)) return false;
    this.#at += token.length;
    this.#skip();
    return true;
  }

  expect(token: string): void {
    if (!this.accept(token)) this.fail(`'${token}'`);
  }

  end(): void {
    if (!this.atEnd) this.fail('the end');
  }

  /** A label, without its `%`; null when none is next. */
  label(): Label | null {
    const offset = this.#at;
    const text = this.#match(labelPattern);
    if (text === null) return null;
    return text.startsWith('%')
      ? { name: text.slice(1), escaped: true, offset }
      : { name: text, escaped: false, offset };
  }

  /** The next label without taking it. */
  peekLabel(): Label | null {
    const at = this.#at;
    const label = this.label();
    this.#at = at;
    return label;
  }

  /** A number as it is written, or null. */
  number(): string | null {
    return this.#match(numberPattern);
  }

  /** A comma-separated list up to `close`; a comma may follow the last item. The opening token has been taken. */
  items(close: string, item: () => void): void {
    while (!this.accept(close)) {
      item();
      if (!this.accept(',') && !this.sees(close)) this.fail(`',' or '${close}'`);
    }
  }

  /** A character in single quotes. */
  character(): string {
    if (!this.sees("'")) this.fail("a character in single quotes ('x')");
    const start = this.#at;
    this.#at += 1;
    if (this.sees("'")) throw new WaveError(start, 'there is no character between the quotes');
    const value = this.#unit("'");
    if (!this.sees("'")) throw new WaveError(start, 'a character is one Unicode scalar value');
    this.#at += 1;
    this.#skip();
    return value;
  }

  /** A string in double quotes, or a multi-line one in three. */
  string(): string {
    if (this.sees('"""')) return this.#multiLine();
    if (!this.sees('"')) this.fail('a string in double quotes');
    this.#at += 1;
    let value = '';
    while (!this.sees('"')) value += this.#unit('"');
    this.#at += 1;
    this.#skip();
    return value;
  }

  /** One character or escape inside quotes. */
  #unit(quote: string): string {
    const code = this.text.codePointAt(this.#at);
    if (code === undefined || code === 0x0a) throw new WaveError(this.#at, `expected ${quote} to end the literal`);
    const start = this.#at;
    const char = String.fromCodePoint(code);
    this.#at += char.length;
    if (char !== '\\') {
      if (code >= 0xd800 && code <= 0xdfff) throw new WaveError(start, 'a lone surrogate is no character');
      return char;
    }
    const letter = this.text[this.#at] ?? '';
    this.#at += 1;
    if (letter === 'u') return this.#unicode(start);
    const value = Object.hasOwn(escapes, letter) ? escapes[letter] : undefined;
    if (value === undefined) throw new WaveError(start, `there is no escape \\${letter}`);
    return value;
  }

  /** `{…}` after `\u`: one to six hexadecimal digits, a Unicode scalar value. */
  #unicode(start: number): string {
    const found = /^\{([0-9a-fA-F]{1,6})\}/.exec(this.text.slice(this.#at, this.#at + 8));
    const code = Number.parseInt(found?.[1] ?? '', 16);
    if (found === null || code > 0x10_ffff || (code >= 0xd800 && code <= 0xdfff)) {
      throw new WaveError(start, 'expected \\u{…} with the number of a Unicode scalar value');
    }
    this.#at += found[0].length;
    return String.fromCodePoint(code);
  }

  /**
   * Between `"""` and a newline, and a newline and `"""`. What stands before the closing quotes is the indentation of
   * every line, which is cut off.
   */
  #multiLine(): string {
    const start = this.#at;
    this.#at += 3;
    if (this.text[this.#at] === '\r') this.#at += 1;
    if (this.text[this.#at] !== '\n') throw new WaveError(start, 'a multi-line string starts on the line after """');
    this.#at += 1;
    let value = '';
    while (!this.sees('"""')) {
      if (this.atEnd) throw new WaveError(start, 'expected """ to end the string');
      if (this.text[this.#at] === '\n') {
        value += '\n';
        this.#at += 1;
      } else if (this.sees('\r\n')) {
        value += '\n';
        this.#at += 2;
      } else {
        // An escaped newline must not be taken for the end of a line.
        const unit = this.#unit('"""');
        value += unit === '\n' ? '\\n' : unit === '\\' ? '\\\\' : unit;
      }
    }
    this.#at += 3;
    this.#skip();
    const last = value.lastIndexOf('\n');
    const indentation = value.slice(last + 1);
    if (!/^[ \t]*$/.test(indentation)) throw new WaveError(start, 'the closing """ stands on a line of its own');
    const lines = last < 0 ? [] : value.slice(0, last).split('\n');
    const text = lines.map((line) => {
      if (line.startsWith(indentation)) return line.slice(indentation.length);
      if (line.trim() === '') return '';
      throw new WaveError(start, 'a line of the string is indented less than its closing """');
    });
    return text.join('\n').replace(/\\([\\n])/g, (_, letter: string) => (letter === 'n' ? '\n' : '\\'));
  }
}
