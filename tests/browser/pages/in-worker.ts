/** Runs in a worker: compiles and calls a component, then one that the page has compiled and sent. */
import { Component, instantiate, instantiateStreaming, type StoredComponent } from '@gangway/host';

interface Log {
  run(text: string): string;
}

const worker = globalThis as unknown as {
  onmessage: ((event: MessageEvent<StoredComponent>) => void) | null;
  postMessage(message: unknown): void;
};

const logged: string[] = [];
const log = (text: string): number => logged.push(text);
const url = new URL('/components/log.wasm', import.meta.url);

worker.onmessage = async ({ data }) => {
  try {
    const { instance } = await instantiateStreaming<Log>(fetch(url), { log });
    const sent = await instantiate<Log>(Component.from(data), { log });
    worker.postMessage({ results: [instance.exports.run('streamed'), sent.exports.run('sent')], logged });
  } catch (error) {
    worker.postMessage({ error: String(error) });
  }
};
worker.postMessage('ready');
