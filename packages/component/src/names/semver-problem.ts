/** What keeps a text from being a `valid semver` (semver.ts). In: the text. Out: words. Loaded with the texts of errors. */

const digits = /^[0-9]+/;
const identifier = /^[0-9A-Za-z-]*$/;

const parts = ['major', 'minor', 'patch'] as const;

/** What keeps `text` from being a `valid semver`; `null` when it is one. */
export function semverProblem(text: string): string | null {
  if (text === '') return 'empty string, expected a semver version';
  let rest = text;
  for (const part of parts) {
    const number = digits.exec(rest)?.[0];
    if (number === undefined) return unexpected(rest, `${part} version number`);
    if (number.length > 1 && number.startsWith('0')) return `invalid leading zero in ${part} version number`;
    rest = rest.slice(number.length);
    if (part === 'patch') break;
    if (!rest.startsWith('.')) return unexpected(rest, `${part} version number`);
    rest = rest.slice(1);
  }
  if (rest.startsWith('-')) {
    const plus = rest.indexOf('+');
    const problem = identifiers(plus === -1 ? rest.slice(1) : rest.slice(1, plus), 'pre-release identifier', true);
    if (problem !== null) return problem;
    rest = plus === -1 ? '' : rest.slice(plus);
  }
  if (rest.startsWith('+')) return identifiers(rest.slice(1), 'build metadata', false);
  return rest === '' ? null : unexpected(rest, 'patch version number');
}

function unexpected(rest: string, where: string): string {
  const char = rest.codePointAt(0);
  if (char === undefined) return `unexpected end of input while parsing ${where}`;
  return `unexpected character '${String.fromCodePoint(char)}' while parsing ${where}`;
}

function identifiers(text: string, where: string, numbers: boolean): string | null {
  for (const segment of text.split('.')) {
    if (segment === '') return `empty identifier segment in ${where}`;
    if (!identifier.test(segment)) return `unexpected character in ${where} '${segment}'`;
    if (numbers && segment.length > 1 && segment.startsWith('0') && digits.exec(segment)?.[0] === segment) {
      return `invalid leading zero in ${where}`;
    }
  }
  return null;
}
