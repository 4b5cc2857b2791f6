/**
 * Versions in interface names. In: the text behind `@`. Out: whether it is one; semver-problem.ts says what is wrong with others.
 * `valid semver` is that of semver.org 2.0.0; `canonversion` and the split are Explainer.md#-canonical-interface-name.
 */

const number = '(?:0|[1-9]\\d*)';
/** One without letters has no leading zero. */
const preRelease = `(?:${number}|\\d*[A-Za-z-][\\dA-Za-z-]*)`;
const build = '[\\dA-Za-z-]+';
const listOf = (part: string): string => `${part}(?:\\.${part})*`;
let valid: RegExp | undefined;

/** Whether `text` is a `valid semver`. */
export function isVersion(text: string): boolean {
  valid ??= new RegExp(`^${number}\\.${number}\\.${number}(?:-${listOf(preRelease)})?(?:\\+${listOf(build)})?$`);
  return valid.test(text);
}

const canonical = /^(?:[1-9][0-9]*|0\.[1-9][0-9]*|0\.0\.[1-9][0-9]*|0\.0\.0)$/;

/** Whether `text` is a `canonversion`. */
export function isCanonicalVersion(text: string): boolean {
  return canonical.test(text);
}
