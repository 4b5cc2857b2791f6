// A worker needs what runs components only, not what compiles them. Import maps do not reach workers: this is an address.
import { Component, InstancePre } from '../../packages/host/dist/browser/runtime.js';

addEventListener('message', async ({ data: { compiled, first, end } }) => {
  const { exports } = await InstancePre.link(Component.from(compiled)).instantiate();
  postMessage(exports.count(first, end));
});
