/**
 * Labels: kebab case (Explainer.md `label`, `words`). In: a string. Out: whether it is one.
 *
 * Rejected: a regular expression. A fragment of digits matches both `word` and `acronym`, so that `a-1-1-…-!` backtracks
 * exponentially.
 */

const letter = { lower: 1, upper: 2, digit: 3, other: 0 } as const;

function charClass(code: number): number {
  if (code >= 0x61 && code <= 0x7a) return letter.lower;
  if (code >= 0x41 && code <= 0x5a) return letter.upper;
  if (code >= 0x30 && code <= 0x39) return letter.digit;
  return letter.other;
}

/** `label`: words and acronyms joined by hyphens; the first one starts with a letter. */
export function isLabel(text: string): boolean {
  return fragments(text, true);
}

/** `words`: a label without acronyms. */
export function isWords(text: string): boolean {
  return fragments(text, false);
}

function fragments(text: string, acronyms: boolean): boolean {
  let first = true;
  let length = 0;
  /** The case of the fragment's letters so far. */
  let letters = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x2d) {
      if (length === 0) return false;
      first = false;
      length = 0;
      letters = 0;
      continue;
    }
    const kind = charClass(code);
    if (kind === letter.other) return false;
    if (kind === letter.digit) {
      if (first && length === 0) return false;
    } else {
      if (kind === letter.upper && !acronyms) return false;
      if (letters !== 0 && letters !== kind) return false;
      letters = kind;
    }
    length++;
  }
  return length > 0;
}

/** Name uniqueness, step 1.1: lowercase the acronyms. Labels are ASCII. */
export function lowerLabel(label: string): string {
  return label.toLowerCase();
}
