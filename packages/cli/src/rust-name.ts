/**
 * Names of Rust's older mangling, which is C++'s: `_ZN7kitchen4main17h0be79a1aff24c210E`. In: a symbol. Out: `kitchen::main`, as
 * in the source; the symbol itself when it is none of these. C++ names are in a module's name section as in the source already,
 * the newer mangling (`_R…`) is left as it is: it can be read, and its grammar has substitutions.
 */

const escapes: Readonly<Record<string, string>> = {
  C: ',',
  SP: '@',
  BP: '*',
  RF: '&',
  LT: '<',
  GT: '>',
  LP: '(',
  RP: ')',
};

/** `$LT$`, `$u20$`, `..`: what an identifier cannot have. */
const unescaped = (part: string): string =>
  part
    .replace(/^_(?=\$)/, '')
    .replaceAll('..', '::')
    .replace(/\$(u([0-9a-f]{1,5})|[A-Z]{1,2})\$/g, (text, name: string, hex?: string) =>
      hex === undefined ? (escapes[name] ?? text) : String.fromCodePoint(Number.parseInt(hex, 16)),
    );

/** The last part of a Rust symbol: `h` and a hash of 16 digits. */
const hash = /^h[0-9a-f]{16}$/;

export function rustName(symbol: string): string {
  if (!symbol.startsWith('_ZN')) return symbol;
  const parts: string[] = [];
  let at = 3;
  while (symbol[at] !== 'E') {
    const digits = /^\d+/.exec(symbol.slice(at))?.[0];
    if (digits === undefined) return symbol;
    const start = at + digits.length;
    at = start + Number(digits);
    parts.push(symbol.slice(start, at));
    // A length that goes beyond the symbol ends here too.
    if (at >= symbol.length) return symbol;
  }
  return hash.test(parts.pop() ?? '') ? parts.map(unescaped).join('::') : symbol;
}
