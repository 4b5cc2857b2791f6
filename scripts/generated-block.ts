/**
 * Blocks of the documentation that scripts write: what stands between `<!-- generated: NAME -->` and `<!-- end -->`.
 * In: a text and a block's content. Out: the text with that block filled.
 */

/** `content(name)` is null for a block that somebody else writes. */
export function fillBlocks(text: string, content: (name: string) => string | null): string {
  return text.replaceAll(/<!-- generated: (.+?) -->\n.*?<!-- end -->/gs, (whole, name: string) => {
    const made = content(name);
    return made === null ? whole : `<!-- generated: ${name} -->\n\n${made}\n\n<!-- end -->`;
  });
}
