/** The engine option `stringBuiltins`, end to end: who instantiates the strings module, when, and that strings are the same. */
import { instantiate } from '@gangway/host';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { component, engineWith } from '../support/assemble.ts';
import { greeter } from '../support/greeter.ts';

const text = greeter();

/** Runs `body`; how many instances of the strings module were made meanwhile. */
async function counting(body: () => Promise<void>): Promise<number> {
  const { Instance } = WebAssembly;
  let made = 0;
  WebAssembly.Instance = class extends Instance {
    constructor(module: WebAssembly.Module, imports?: WebAssembly.Imports) {
      super(module, imports);
      if (imports !== undefined && 'guest' in imports && 'store' in this.exports) made++;
    }
  };
  try {
    await body();
  } finally {
    WebAssembly.Instance = Instance;
  }
  return made;
}

const names = ['Ada', 'Zoë', '☃', '𝄞', '', 'x'.repeat(200), 'a\ud800b'];

for (const evaluate of ['auto', 'never'] as const) {
  async function start(stringBuiltins: 'auto' | 'always' | 'never'): Promise<(calls: number) => void> {
    const logged: string[] = [];
    const engine = engineWith({ stringBuiltins, evaluate });
    const { exports } = await instantiate<{ greet(name: string): string }>(await component(text, engine), {
      log: (message: string) => logged.push(message),
    });
    return (calls) => {
      for (let i = 0; i < calls; i++) {
        const name = names[i % names.length]!;
        const wanted = `hello, ${name.toWellFormed()}`;
        assert.is(exports.greet(name), wanted);
        assert.is(logged.pop(), wanted);
      }
    };
  }

  // The first test: the part has not been loaded yet.
  if (evaluate === 'auto') {
    test('auto, in a program that does not return to the event loop', async () => {
      const greet = await start('auto');
      const { Instance } = WebAssembly;
      let made = 0;
      WebAssembly.Instance = class extends Instance {
        constructor(module: WebAssembly.Module, imports?: WebAssembly.Imports) {
          super(module, imports);
          made++;
        }
      };
      try {
        greet(300);
      } finally {
        WebAssembly.Instance = Instance;
      }
      assert.is(made, 2);
    });
  }

  test(`never: ${evaluate}`, async () => {
    const made = await counting(async () => (await start('never'))(300));
    assert.is(made, 0);
  });

  test(`always, from the first: ${evaluate}`, async () => {
    // The import's options have no realloc, the export's do: an instance each.
    const made = await counting(async () => (await start('always'))(1));
    assert.is(made, 2);
  });

  test(`auto, once strings are used often: ${evaluate}`, async () => {
    let greet: (calls: number) => void;
    assert.is(
      await counting(async () => {
        greet = await start('auto');
        greet(40);
      }),
      0,
    );
    const made = await counting(async () => {
      greet(150);
      await new Promise((resolve) => setTimeout(resolve, 200));
      greet(300);
    });
    assert.is(made, 2);
  });
}

test.run();
