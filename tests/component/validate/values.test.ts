/** Value definitions and start functions (🪙). The assembler has no text for them: the binaries are written out. */
import { allFeatures, decode, defaultFeatures, ValidationError, validate } from '@gangway/component';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const preamble = [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00];

function section(id: number, ...contents: number[]): number[] {
  return [id, contents.length, ...contents];
}

function judge(...sections: number[][]): string | null {
  const bytes = Uint8Array.from([...preamble, ...sections.flat()]);
  try {
    validate(bytes, decode(bytes, { features: allFeatures }), { features: allFeatures });
    return null;
  } catch (error) {
    if (error instanceof ValidationError) return error.detail;
    throw error;
  }
}

const exportValue = (name: string, index: number): number[] => section(11, 1, 0, 1, name.charCodeAt(0), 0x02, index, 0);

/** One value of the primitive type with opcode `type`, exported. */
function value(type: number, ...bytes: number[]): string | null {
  return judge(section(12, 1, type, bytes.length, ...bytes), exportValue('v', 0));
}

/** One value of the type that `definition` encodes, exported. */
function typed(definition: readonly number[], ...bytes: number[]): string | null {
  const types = section(7, 1, ...definition);
  // a record needs a name to be exported
  const named = section(11, 1, 0, 1, 0x74, 0x03, 0, 0);
  return judge(types, named, section(12, 1, 1, bytes.length, ...bytes), exportValue('v', 0));
}

test('primitives', () => {
  assert.is(value(0x7f, 1), null);
  assert.is(value(0x7d, 255), null);
  assert.is(value(0x7c, 0x80, 0x80, 0x7e), null, 's16: -32768');
  assert.is(value(0x79, 0xff, 0xff, 0xff, 0xff, 0x0f), null, 'u32: 2^32 - 1');
  assert.is(value(0x76, 0, 0, 0xc0, 0x7f), null, 'f32: the canonical NaN');
  assert.is(value(0x74, 0xf0, 0x9f, 0x98, 0x80), null, 'char: U+1F600');
  assert.is(value(0x73, 2, 0x68, 0x69), null, 'string: hi');
});

test('bytes that encode no value of the type', () => {
  const problems: readonly [string | null, string][] = [
    [value(0x7f, 2), 'invalid byte 0x2'],
    [value(0x7d), 'unexpected end'],
    [value(0x7d, 1, 2), '1 bytes left over'],
    [value(0x7b, 0x80, 0x80, 0x04), 'integer too large'],
    [value(0x79, 0xff, 0xff, 0xff, 0xff, 0x1f), 'integer too large'],
    [value(0x79, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00), 'integer representation too long'],
    [value(0x76, 1, 0, 0xc0, 0x7f), 'NaN that is not canonical'],
    [value(0x75, 0, 0, 0, 0, 0, 0, 0xf8, 0xff), 'NaN that is not canonical'],
    [value(0x74, 0xed, 0xa0, 0x80), 'malformed UTF-8'],
    [value(0x73, 1, 0xff), 'malformed UTF-8'],
    [value(0x73, 9, 0x61), 'unexpected end'],
  ];
  for (const [problem, expected] of problems) assert.ok(problem?.includes(expected), `'${expected}' in '${problem}'`);
});

test('compound types', () => {
  assert.is(typed([0x72, 2, 1, 0x61, 0x7f, 1, 0x62, 0x7d], 1, 7), null, 'record');
  assert.is(typed([0x70, 0x7b], 2, 1, 2), null, 'list of u16');
  assert.is(typed([0x67, 0x7d, 3], 1, 2, 3), null, 'fixed-length list');
  assert.is(typed([0x6b, 0x7d], 0), null, 'none');
  assert.is(typed([0x6b, 0x7d], 1, 5), null, 'some');
  assert.is(typed([0x6a, 0, 1, 0x7d], 0), null, 'ok');
  assert.is(typed([0x6a, 0, 1, 0x7d], 1, 5), null, 'error');
  assert.is(typed([0x6e, 2, 1, 0x61, 1, 0x62], 3), null, 'flags');
  assert.is(typed([0x6d, 2, 1, 0x61, 1, 0x62], 1), null, 'enum');
  assert.is(typed([0x63, 0x7d, 0x7f], 1, 9, 0), null, 'map');
  assert.ok(typed([0x6d, 2, 1, 0x61, 1, 0x62], 2)?.includes('case 2 of 2'));
  assert.ok(typed([0x66, 1, 0x7d], 0)?.includes('a stream cannot be written as a value'));
});

test('every value is used exactly once', () => {
  const twice = section(11, 2, 0, 1, 0x61, 0x02, 0, 0, 0, 1, 0x62, 0x02, 0, 0);
  assert.ok(judge(section(12, 1, 0x7f, 1, 0))?.includes('value index 0 was not used'));
  assert.ok(judge(section(12, 1, 0x7f, 1, 0), twice)?.includes('value 0 cannot be used more than once'));
});

test('start functions', () => {
  const types = section(7, 1, 0x40, 1, 1, 0x70, 0x7f, 0x00, 0x79); // (func (param "p" bool) (result u32))
  const imports = section(10, 1, 0, 1, 0x66, 0x01, 0);
  const arg = section(12, 1, 0x7f, 1, 1);
  assert.is(judge(types, imports, arg, section(9, 0, 1, 0, 1), exportValue('r', 1)), null);
  assert.ok(judge(types, imports, arg, section(9, 0, 0, 1))?.includes('requires 1 arguments, found 0'));
  assert.ok(judge(types, imports, arg, section(9, 0, 1, 0, 0))?.includes('has 1 results, found 0'));
  assert.ok(
    judge(types, imports, section(12, 1, 0x7d, 1, 1), section(9, 0, 1, 0, 1))?.includes(
      'expected primitive `bool` found primitive `u8`',
    ),
  );
});

test('the gate', () => {
  const bytes = Uint8Array.from([...preamble, ...section(12, 1, 0x7f, 1, 0)]);
  assert.throws(() => decode(bytes, { features: defaultFeatures }), /values/);
});

test.run();
