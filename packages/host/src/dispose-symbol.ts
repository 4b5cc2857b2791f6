/** `Symbol.dispose`, or what stands for it in engines without it (the same stand-in as in the Bytecode Alliance's shims). */
export const disposeSymbol: typeof Symbol.dispose =
  (Symbol as { dispose?: typeof Symbol.dispose }).dispose ?? (Symbol.for('dispose') as typeof Symbol.dispose);

/** Lets `using` end instances of a class as its `dispose` does. The class declares `[Symbol.dispose]` itself. */
export function disposable({ prototype }: { readonly prototype: { dispose(): void } }): void {
  Object.defineProperty(prototype, disposeSymbol, { value: prototype.dispose, writable: true, configurable: true });
}
