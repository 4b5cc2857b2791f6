/** The console. In: pieces of output. Out: a log that keeps its end in view, and forgets its beginning when it is long. */
import type { OutputKind } from '../run/protocol.ts';
import { html } from './dom.ts';

/** Characters that are kept. */
const MAX_LENGTH = 60_000;

export interface Console {
  readonly element: HTMLElement;
  /** It is seen after the next {@link Console.flush}. */
  print(kind: OutputKind, text: string): void;
  flush(): void;
  clear(): void;
}

export function makeConsole(): Console {
  const element = html('pre', { class: 'console', role: 'log', tabindex: 0, 'aria-label': 'Console' });
  let pieces: { readonly kind: OutputKind; readonly text: string; readonly span: HTMLElement | null }[] = [];
  let length = 0;
  return {
    element,
    print(kind, text) {
      pieces.push({ kind, text, span: null });
      length += text.length;
      while (length > MAX_LENGTH && pieces.length > 1) {
        const first = pieces.shift()!;
        length -= first.text.length;
        first.span?.remove();
      }
    },
    flush() {
      if (pieces.every(({ span }) => span !== null)) return;
      pieces = pieces.map((piece) => {
        if (piece.span !== null) return piece;
        const span = html('span', { class: piece.kind }, piece.text);
        element.append(span);
        return { ...piece, span };
      });
      element.scrollTop = element.scrollHeight;
    },
    clear() {
      element.replaceChildren();
      pieces = [];
      length = 0;
    },
  };
}
