/** Runs in a worker: compiles with the Cache Storage that its name says, damages what is there between, and answers. */
import { Engine, instantiate, storageCache } from '@gangway/host';

const { name, postMessage } = globalThis as unknown as { name: string; postMessage(message: unknown): void };

try {
  const bytes = await (await fetch('/components/linked.wasm')).arrayBuffer();
  let answer = 0;
  for (let round = 0; round < 5; round++) {
    const engine = new Engine({ cache: storageCache(name) });
    answer = (await instantiate<{ run(): number }>(bytes, {}, { engine })).instance.exports.run();
    if (round === 4) break;
    const storage = await caches.open(name);
    for (const entry of await storage.keys()) await storage.put(entry, new Response(new Uint8Array(round * 10)));
  }
  postMessage(answer);
} catch (error) {
  postMessage(String(error));
}
