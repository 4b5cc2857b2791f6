/** A text that is no WAVE value of the wanted type. `offset` in UTF-16 code units. */
export class WaveError extends Error {
  override readonly name = 'WaveError';
  readonly code = 'wave';
  readonly offset: number;
  readonly detail: string;
  constructor(offset: number, detail: string) {
    super(`at column ${offset + 1}: ${detail}`);
    this.offset = offset;
    this.detail = detail;
  }
}
