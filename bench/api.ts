/** What every driver offers: the exports of the world `calls`, with the values that the Bytecode Alliance's tools use. */

export interface Bits {
  a: boolean;
  b: boolean;
  c: boolean;
}
export interface Point {
  x: number;
  y: number;
  label: string;
}
export type Choice = { tag: 'a'; val: number } | { tag: 'b'; val: number } | { tag: 'c' };
export interface Thing {
  add(by: number): number;
  [Symbol.dispose](): void;
}

export interface Calls {
  add(a: number, b: number): number;
  add64(a: bigint, b: bigint): bigint;
  mix(a: number, b: number, c: boolean): number;
  flip(a: Bits): Bits;
  turn(a: string): string;
  callScalar(n: number): number;
  callLog(n: number): void;
  callBump(counter: Counter, n: number): number;
  echo(text: string): string;
  sum(numbers: Uint32Array): number;
  numbers(n: number): Float64Array;
  echoBytes(data: Uint8Array): Uint8Array;
  echoPoints(points: Point[]): Point[];
  attempt(a: Choice): number;
  maybe(a: [number, string] | undefined): [number, string] | undefined;
  things: { Thing: new (rep: number) => Thing };
}

/** The host's resource: every driver gives the guest this class. */
export class Counter {
  value = 0;
  bump(by: number): number {
    this.value = (this.value + by) | 0;
    return by;
  }
}

export const host = {
  scalar: (x: number): number => x,
  log: (text: string): void => {
    if (text.length !== 16) throw new Error(`logged ${text.length} characters`);
  },
};

/** A driver: how it is called in the table, and how it is started. */
export interface Driver {
  readonly name: string;
  start(component: Uint8Array<ArrayBuffer>, core: Uint8Array<ArrayBuffer>): Promise<Calls>;
}
