/** Stands for the assembler in pages: the server of the tests assembles. */
export async function parse(text: string): Promise<Uint8Array> {
  const response = await fetch('/assemble', { method: 'POST', body: text });
  if (!response.ok) throw new Error(await response.text());
  return new Uint8Array(await response.arrayBuffer());
}
