/** Whether code may be made from text here: a page's Content-Security-Policy may forbid it. */

let answer: boolean | undefined;

/** Asked once, and only where there is text: a policy that forbids it reports the question. */
export function canEvaluate(): boolean {
  if (answer === undefined) {
    try {
      answer = new Function('return true')() as boolean;
    } catch {
      answer = false;
    }
  }
  return answer;
}
