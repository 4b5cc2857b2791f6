/** Engines without js-string builtins: they ignore the option, or refuse the module. Strings go by loops there. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { stringAccess } from '../../../packages/host/src/abi/string-access.ts';
import { loadString, storeString } from '../../../packages/host/src/abi/strings.ts';
import { FakeGuest } from './fake-guest.ts';

const engineModule = WebAssembly.Module;

test('an engine that ignores the option leaves imports over', () => {
  let asked = 0;
  // A constructor that takes one argument, as before the builtins.
  WebAssembly.Module = class extends engineModule {
    constructor(bytes: BufferSource) {
      super(bytes);
      asked++;
    }
  } as typeof WebAssembly.Module;
  try {
    const memory = new WebAssembly.Memory({ initial: 1 });
    assert.is(stringAccess(memory, null), null);
    assert.is(stringAccess(new WebAssembly.Memory({ initial: 1 }), null), null);
    assert.is(asked, 1, 'asked once a process');
  } finally {
    WebAssembly.Module = engineModule;
  }
  const guest = new FakeGuest({ strings: true });
  const address = storeString(guest.side_, 'ein schöner Täg☃');
  assert.is(loadString(guest.side_, address, guest.side_.length), 'ein schöner Täg☃');
  assert.is(guest.side_.strings, null);
});

test.run();
