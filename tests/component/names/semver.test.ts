import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isCanonicalVersion, semverProblem } from '../../../packages/component/src/names/semver.ts';

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
  for (const version of versions) assert.is(semverProblem(version), null, version);
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
  }
});

test('canonical versions end where compatibility does', () => {
  for (const version of ['1', '12', '0.2', '0.0.1', '0.0.0']) assert.ok(isCanonicalVersion(version), version);
  for (const version of ['0', '0.0', '1.2', '0.2.1', '01', '1-a', ''])
    assert.not.ok(isCanonicalVersion(version), version);
});

test.run();
