/**
 * Labels: kebab case (Explainer.md `label`, `words`). In: a string. Out: whether it is one.
 *
 * Rejected: one regular expression for all of it. A fragment of digits matches both `word` and `acronym`, so that
 * `a-1-1-…-!` backtracks exponentially.
 */

const word = /^[a-z0-9]+$/;
const wordOrAcronym = /^(?:[a-z0-9]+|[A-Z0-9]+)$/;

/** `label`: words and acronyms joined by hyphens; the first one starts with a letter. */
export function isLabel(text: string): boolean {
  return isJoined(text, wordOrAcronym);
}

/** `words`: a label without acronyms. */
export function isWords(text: string): boolean {
  return isJoined(text, word);
}

function isJoined(text: string, fragment: RegExp): boolean {
  return /^[a-zA-Z]/.test(text) && text.split('-').every((part) => fragment.test(part));
}

/** Name uniqueness, step 1.1: lowercase the acronyms. Labels are ASCII. */
export function lowerLabel(label: string): string {
  return label.toLowerCase();
}
