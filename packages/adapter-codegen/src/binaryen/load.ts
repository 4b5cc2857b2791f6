/** Binaryen, loaded on first use: that takes hundreds of milliseconds. */
import type binaryen from 'binaryen';

/** Binaryen has `Function` at run time; its declarations put it elsewhere. */
export type Binaryen = typeof binaryen & {
  readonly Function: { setLocalName(func: binaryen.FunctionRef, index: number, name: string): void };
};
export type Ref = binaryen.ExpressionRef;

let loading: Promise<Binaryen> | undefined;

/** Loads binaryen once. */
export function loadBinaryen(): Promise<Binaryen> {
  loading ??= import('binaryen').then((loaded) => {
    loaded.default.setDebugInfo(true);
    return loaded.default as unknown as Binaryen;
  });
  return loading;
}
