/** Places and their addresses. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type Place,
  paneNames,
  paneOf,
  placeFragment,
  placeOfFragment,
} from '../../../packages/inspector/src/model/place.ts';

const places: readonly Place[] = [
  ...paneNames.map(paneOf),
  { pane: 'structure', node: 'import a:b/c@1.0.0' },
  { pane: 'types', key: 'import a:b/c#[method]blob.read' },
  {
    pane: 'memory',
    ranges: [
      { offset: 16, size: 4 },
      { offset: 24, size: 8 },
    ],
  },
  { pane: 'code', item: 'adapter[0]', ranges: [] },
  { pane: 'code', item: 'trampoline[3]', ranges: [{ offset: 0, size: 4 }] },
  { pane: 'run', func: 'wasi:cli/run@0.2.0#run' },
];

test('every place comes back from its address', () => {
  for (const place of places) assert.equal(placeOfFragment(placeFragment(place)), place, placeFragment(place));
});

test('what is no place is none, and what is broken is the pane', () => {
  assert.is(placeOfFragment('#panes'), null);
  assert.is(placeOfFragment(''), null);
  assert.equal(placeOfFragment('#types/%'), { pane: 'types', key: null });
  assert.equal(placeOfFragment('#memory/nonsense'), { pane: 'memory', ranges: [] });
});

test.run();
