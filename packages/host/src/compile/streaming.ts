/**
 * Decoding while the bytes arrive. In: a response. Out: the bytes of the component and their AST; the engine has been
 * compiling each core module since its last byte was there.
 */
import type { ComponentAst } from '@gangway/component';
import { ComponentStreamDecoder } from '@gangway/component/stream';
import type { Engine } from '../engine.ts';
import { compileModule, keepModules, type ModuleCache } from './core-modules.ts';
import { featuresOf } from './features-of.ts';

export interface Received {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly ast: ComponentAst;
}

/** Throws what `decode` throws. */
export async function receive(engine: Engine, response: Response): Promise<Received> {
  const cache: ModuleCache = new Map();
  const length = Number(response.headers.get('content-length') ?? 0);
  const decoder = new ComponentStreamDecoder({
    features: featuresOf(engine),
    expectedLength: Number.isSafeInteger(length) && length > 0 ? length : 0,
    onModule: (range, bytes) => {
      cache.set(range.start, compileModule(bytes, range.start));
    },
  });
  // None: no bytes.
  const reader = response.body?.getReader();
  let ast: ComponentAst;
  try {
    for (let chunk = await reader?.read(); chunk?.done === false; chunk = await reader?.read())
      decoder.push(chunk.value);
    ast = decoder.end();
  } catch (error) {
    // Nobody wants the rest.
    reader?.cancel().catch(() => undefined);
    throw error;
  }
  const { bytes } = decoder;
  keepModules(bytes, cache);
  return { bytes, ast };
}
