/** Whether code may be made from text here: a page's Content-Security-Policy may forbid it. Asked once. */

let answer: boolean | undefined;

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
