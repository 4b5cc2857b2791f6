/**
 * Labels: kebab case (Explainer.md `label`, `words`). In: a string. Out: whether it is one.
 *
 * Rejected: regular expressions. One for all of it needs stack for each fragment of what may be megabytes, one for a fragment
 * needs the text in pieces, and engines compile either at each start.
 */

/** `label`: words and acronyms joined by hyphens; the first one starts with a letter. */
export function isLabel(text: string): boolean {
  return isJoined(text, true);
}

/** `words`: a label without acronyms. */
export function isWords(text: string): boolean {
  return isJoined(text, false);
}

const hyphen = 0x2d;

/** Fragments have at least one character, and letters of one case. */
function isJoined(text: string, acronyms: boolean): boolean {
  let start = 0;
  let hasLower = false;
  let hasUpper = false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === hyphen) {
      if (i === start) return false;
      start = i + 1;
      hasLower = hasUpper = false;
    } else if (unit >= 0x61 && unit <= 0x7a) hasLower = true;
    else if (acronyms && unit >= 0x41 && unit <= 0x5a) hasUpper = true;
    else if (i === 0 || unit < 0x30 || unit > 0x39) return false;
    if (hasLower && hasUpper) return false;
  }
  return start < text.length;
}

/** Name uniqueness, step 1.1: lowercase the acronyms. Labels are ASCII. */
export function lowerLabel(label: string): string {
  return label.toLowerCase();
}
