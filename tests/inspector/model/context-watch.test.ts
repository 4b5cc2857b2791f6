/** What a call does to the bytes of a block. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ContextWatch, changeAt, countChanges, valuesAt } from '../../../packages/inspector/src/model/context-watch.ts';

test('a byte that is put back was changed in between', () => {
  const watch = new ContextWatch(Uint8Array.of(1, 2, 3, 4));
  watch.begin(Uint8Array.of(1, 2, 3, 4));
  watch.observe(Uint8Array.of(9, 2, 3, 5));
  watch.end(Uint8Array.of(1, 2, 3, 6));
  const { watched } = watch;
  assert.equal(
    [0, 1, 2, 3].map((i) => changeAt(watched, i)),
    ['during', 'none', 'none', 'after'],
  );
  assert.equal(countChanges(watched), { after: 1, during: 1 });
  assert.equal(valuesAt(watched, 0, 4), { before: 0x04030201, between: 0x05030209, now: 0x06030201 });
  watch.begin(Uint8Array.of(1, 2, 3, 6));
  watch.end(Uint8Array.of(1, 2, 3, 6));
  assert.equal(countChanges(watch.watched), { after: 0, during: 0 });
  assert.equal(countChanges(watched), { after: 1, during: 1 }, 'what was taken before stays as it was');
});

test('a block that grows counts from 0', () => {
  const watch = new ContextWatch(new Uint8Array(0));
  watch.begin(Uint8Array.of(7, 0));
  watch.observe(Uint8Array.of(7, 5, 1, 0));
  watch.end(Uint8Array.of(7, 5, 0, 0));
  assert.equal(
    [0, 1, 2, 3].map((i) => changeAt(watch.watched, i)),
    ['none', 'after', 'during', 'none'],
  );
});

test.run();
