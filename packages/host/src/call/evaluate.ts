/**
 * Whether code may be made from text here: a page's Content-Security-Policy may forbid it.
 *
 * A page can read a policy of its own head, and none that came in a header. So where the head says nothing it is tried, which
 * a header's policy that forbids it reports: once a realm. There is no way to ask without: every one that a browser has
 * (`Function`, `eval`, timers with text, modules from addresses that hold their text) is an attempt. `evaluate: 'never'` does
 * not ask, and neither do components that were compiled ahead of time into ES modules.
 */

let answer: boolean | undefined;

/** Asked once, and only where there is text. */
export function canEvaluate(): boolean {
  if (answer === undefined) {
    try {
      answer = !headForbids() && (new Function('return true')() as boolean);
    } catch {
      answer = false;
    }
  }
  return answer;
}

/** CSP, "EnsureCSPDoesNotBlockStringCompilation", for policies in `meta` elements. */
function headForbids(): boolean {
  if (typeof document === 'undefined') return false;
  const found = document.querySelectorAll<HTMLMetaElement>('head > meta[http-equiv="content-security-policy" i]');
  return Array.from(found).some(({ content }) => {
    const directives = content.toLowerCase().split(';');
    const sources = (name: string): string | undefined =>
      directives.find((directive) => directive.trim().split(/\s/)[0] === name);
    const scripts = sources('script-src') ?? sources('default-src');
    return scripts?.includes("'unsafe-eval'") === false || sources('require-trusted-types-for') !== undefined;
  });
}
