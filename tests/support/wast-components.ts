/**
 * In: the text of a `.wast` script. Out: the text of each `(component …)` and `(component definition …)` at its top
 * level, in order; for tests that want the components of the reference tests and not what is asserted of them.
 */
export function wastComponents(text: string): string[] {
  const components: string[] = [];
  for (const form of forms(text)) {
    if (!/^\(component[\s)]/.test(form)) continue;
    if (/^\(component\s+(\$\S+\s+)?(instance|quote|binary)\b/.test(form)) continue;
    components.push(form.replace(/^\(component\s+definition\b/, '(component'));
  }
  return components;
}

/** The parenthesised forms at the top level; strings and comments are skipped as wholes. */
function* forms(text: string): Generator<string> {
  const token = /"(?:[^"\\]|\\.)*"|;;[^\n]*|\(;|[()]/gs;
  let depth = 0;
  let start = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    if (match[0] === '(;') token.lastIndex = endOfBlockComment(text, match.index);
    else if (match[0] === '(') {
      if (depth++ === 0) start = match.index;
    } else if (match[0] === ')' && --depth === 0) {
      yield text.slice(start, match.index + 1);
    }
  }
}

function endOfBlockComment(text: string, start: number): number {
  const mark = /\(;|;\)/g;
  mark.lastIndex = start;
  let depth = 0;
  for (let match = mark.exec(text); match !== null; match = mark.exec(text)) {
    depth += match[0] === '(;' ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  return text.length;
}
