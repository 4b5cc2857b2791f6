/** A worker that is sent a compiled component and calls to make; it answers with the results, and what it loaded. */
import { registerHooks } from 'node:module';
import { parentPort } from 'node:worker_threads';
import type { StoredComponent } from '@gangway/host/runtime';
import type { DynamicExports } from '../support/assemble.ts';
import { notForRuntime } from '../support/loaded.ts';

const loaded: string[] = [];
registerHooks({
  load: (url, context, next) => {
    loaded.push(url);
    return next(url, context);
  },
});
const { Component, InstancePre } = await import('@gangway/host/runtime');

interface Message {
  readonly stored: StoredComponent;
  readonly calls: readonly (readonly [string, ...unknown[]])[];
}

parentPort?.on('message', async ({ stored, calls }: Message) => {
  const pre = InstancePre.link(Component.from(stored), { twice: (x: number) => 2 * x });
  const { exports } = await pre.instantiate<DynamicExports>();
  const results = calls.map(([name, ...args]) => exports[name]!(...args));
  parentPort?.postMessage({ results, forbidden: notForRuntime(loaded) });
});
