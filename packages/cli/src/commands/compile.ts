/** `gangway compile`: writes a component as modules that run without decoding and without generating code. */
import type { Command } from '../command.ts';
import { engineOptions, linkOption } from '../engine-options.ts';

export const compileFile: Command = {
  name: 'compile',
  summary: 'write a component as an ES module and core modules, ready to run',
  usage: ['-o DIR [options] FILE'],
  text: `
Files in DIR:
  NAME.js            compile() and instantiate(imports, options), for Node, Deno, Bun, browsers and bundlers
  NAME.workerd.js    the same, with its .wasm files imported: for workers that may not compile at run time
  NAME.d.ts          types of both
  NAME.forms.js      lift and lower of its functions, as JavaScript
  NAME.plan.json     the plan, and which module is what
  NAME.core0.wasm …  the component's own core modules
  NAME.trampolines.wasm, NAME.adapters-0.wasm …
                     what was emitted, and beside each its text (.wat)
They import @gangway/host only: its runtime, helpers, and the parts that the component needs.`,
  options: [
    { name: 'output', short: 'o', value: 'DIR', text: 'write the files into this directory' },
    { name: 'name', value: 'NAME', text: 'what the files are called (default: as FILE)' },
    { name: 'pointer-size', value: '4|8', text: 'bytes of a pointer slot in the vmctx (default: 4)' },
    linkOption,
    ...engineOptions,
  ],
  run: async (invocation) => (await import('../actions/compile.ts')).run(invocation),
};
