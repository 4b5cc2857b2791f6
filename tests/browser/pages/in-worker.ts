/** Runs in a worker: compiles and calls a component, then one that the page has compiled and sent. */
import { Component, instantiate, instantiateStreaming, type StoredComponent } from '@gangway/host';

interface Log {
  run(text: string): string;
}

const worker = globalThis as unknown as {
  onmessage: ((event: MessageEvent<StoredComponent>) => void) | null;
  postMessage(message: unknown): void;
};

/** What the policy of the worker forbade: the engine's question whether code may be evaluated, or nothing. */
const violations: string[] = [];
globalThis.addEventListener('securitypolicyviolation', (event) => {
  violations.push(`${event.effectiveDirective} ${event.blockedURI}`);
});

const logged: string[] = [];
const log = (text: string): number => logged.push(text);
const url = new URL('/components/log.wasm', import.meta.url);

worker.onmessage = async ({ data }) => {
  try {
    const { instance } = await instantiateStreaming<Log>(fetch(url), { log });
    const sent = await instantiate<Log>(Component.from(data), { log });
    const results = [instance.exports.run('streamed'), sent.exports.run('sent')];
    // Events of the policy are delivered after the code that caused them.
    await new Promise((resolve) => setTimeout(resolve, 50));
    worker.postMessage({ results, logged, violations });
  } catch (error) {
    worker.postMessage({ error: String(error) });
  }
};
worker.postMessage('ready');
