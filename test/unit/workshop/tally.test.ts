import { describe, expect, it } from 'vitest';
import { judged, total } from '../../scripts/tally.mjs';
import { count, together } from '../../scripts/vitestSuite.mjs';

const result = (passed: number, failed: number, skipped: string[] = []) => ({ passed, failed, skipped, output: '' });
const report = (...files: { status: string; tests: string[] }[]) => ({
  testResults: files.map(({ status, tests }) => ({ status, assertionResults: tests.map((each) => ({ status: each, fullName: `test ${each}` })) })),
});

describe('the counts of a test run', () => {
  it('adds up all suites in one plain line', () => {
    const results = [judged('unit', result(3, 1), []), judged('ui', result(2, 0), [])];
    expect(total(results)).toBe('5 passed, 1 failed, 0 skipped');
  });

  it('fails a suite in which nothing ran', () => {
    expect(judged('unit', result(0, 0), [])).toMatchObject({ failed: 1, problems: ['No test ran.'] });
  });

  it('fails a skip without a reason, and names it', () => {
    const judgement = judged('unit', result(3, 0, ['a b']), []);
    expect(judgement).toMatchObject({ passed: 3, failed: 1, skipped: 0 });
    expect(judgement.problems[0]).toContain('"a b"');
  });

  it('lets a skip pass that is named, with a reason, for that suite', () => {
    const named = { suite: 'unit', test: 'a b', reason: 'needs a private network namespace' };
    expect(judged('unit', result(3, 0, ['a b']), [named])).toMatchObject({ passed: 3, failed: 0, skipped: 1, problems: [] });
    expect(judged('ui', result(3, 0, ['a b']), [named]).failed).toBe(1);
    expect(judged('unit', result(3, 0, ['a b']), [{ ...named, reason: ' ' }]).failed).toBe(1);
  });
});

describe('the report of a vitest run', () => {
  it('counts each test by its state', () => {
    const counts = count(report({ status: 'failed', tests: ['passed', 'passed', 'failed'] }, { status: 'passed', tests: ['passed', 'skipped', 'todo', 'pending'] }), 1, '');
    expect(counts).toMatchObject({ passed: 3, failed: 1, skipped: ['test skipped', 'test todo', 'test pending'] });
  });

  it('counts a file that did not load as a failure', () => {
    expect(count(report({ status: 'failed', tests: [] }, { status: 'passed', tests: ['passed'] }), 1, '')).toMatchObject({ passed: 1, failed: 1 });
  });

  it('fails when vitest failed beside all tests, or wrote no report', () => {
    expect(count(report({ status: 'passed', tests: ['passed'] }), 1, 'an unhandled error')).toMatchObject({ failed: 1, output: 'an unhandled error' });
    expect(count(undefined, 1, 'broken config')).toMatchObject({ failed: 1, output: 'broken config' });
  });

  it('counts a file that ran once more as it was then, and the others as they were', () => {
    const file = (name: string, status: string) => ({ name, status, assertionResults: [{ status, fullName: name }] });
    const earlier = { testResults: [file('a', 'failed'), file('b', 'passed'), file('c', 'failed')] };
    expect(count(together(earlier, { testResults: [file('a', 'passed'), file('c', 'failed')] }), 1, '')).toMatchObject({ passed: 2, failed: 1 });
    expect(count(together(earlier, undefined), 1, 'no report')).toMatchObject({ failed: 1, output: 'no report' });
  });
});
