import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isCanonicalVersion, isVersion } from '../../../packages/component/src/names/semver.ts';
import { semverProblem } from '../../../packages/component/src/names/semver-problem.ts';

test('valid versions', () => {
  const versions = [
    '0.0.0',
    '1.2.3',
    '123456.7890.488',
    '0.0.0+abcd-efg',
    '0.0.0-abcd.1.2+efg.4.ee.5',
    '1.0.0-0a.0',
    '1.0.0--',
    '1.0.0+001',
  ];
  for (const version of versions) {
    assert.is(semverProblem(version), null, version);
    assert.ok(isVersion(version), version);
  }
});

test('what is wrong with others', () => {
  const problems: readonly [string, string][] = [
    ['', 'empty string'],
    ['.', "unexpected character '.'"],
    ['1.', 'unexpected end of input'],
    ['1', 'unexpected end of input'],
    ['1.2', 'unexpected end of input'],
    ['1.2.', 'unexpected end of input'],
    ['01.2.3', 'leading zero in major'],
    ['1.2.03', 'leading zero in patch'],
    ['1.2.3-01', 'leading zero in pre-release'],
    ['1.2.3-', 'empty identifier segment'],
    ['1.2.3-a..b', 'empty identifier segment'],
    ['1.2.3+', 'empty identifier segment'],
    ['1.2.3-é', 'unexpected character'],
    ['1.2.3x', "unexpected character 'x'"],
    ['1.2.3+a+b', 'unexpected character'],
    ['1.😀.3', "unexpected character '😀'"],
  ];
  for (const [version, problem] of problems) {
    const found = semverProblem(version);
    assert.ok(found?.includes(problem), `${version}: ${found}`);
    assert.not.ok(isVersion(version), version);
  }
});

test('both say the same of any text', () => {
  const text = fc.array(fc.constantFrom('0', '1', '10', '01', 'a', 'Z', '-', '.', '+', 'é', ' ', '\n'), {
    maxLength: 14,
  });
  fc.assert(
    fc.property(text, fc.boolean(), (parts, valid) => {
      const version = `${valid ? '1.0.0' : ''}${parts.join('')}`;
      assert.is(isVersion(version), semverProblem(version) === null, version);
    }),
    { numRuns: 3000 },
  );
});

test('canonical versions end where compatibility does', () => {
  for (const version of ['1', '12', '0.2', '0.0.1', '0.0.0']) assert.ok(isCanonicalVersion(version), version);
  for (const version of ['0', '0.0', '1.2', '0.2.1', '01', '1-a', ''])
    assert.not.ok(isCanonicalVersion(version), version);
});

test.run();
