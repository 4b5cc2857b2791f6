/** What the component imports. */
export function log(message: string): void {
  console.log(`log: ${message}`);
}
