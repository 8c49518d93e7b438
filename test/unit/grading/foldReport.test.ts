import { describe, expect, it } from 'vitest';
import { foldReport, type Grading } from '../../../src/grading/foldReport.ts';
import type { RunnerEnd } from '../../../src/runtime/superviseRunner.ts';
import type { Exercise } from '../../../src/shared/lab.ts';
import type { FailureKind } from '../../../src/shared/report.ts';
import type { CheckOutcome } from '../../../src/shared/rpc.ts';

const exercise = {
  id: 'shed-load',
  checks: [{ id: 'a', title: 'A', points: 1 }, { id: 'b', title: 'B', points: 2 }],
  hints: { known: 'Look there.' },
} as unknown as Exercise;
const end: RunnerEnd = { reason: 'finished', exitCode: 0, exitSignal: null, halted: false, log: '', exceeded: null, strays: 0 };
const passed = (id: string): CheckOutcome => ({ id, outcome: 'passed', durationMs: 5, steps: ['Start'] });
const failed = (id: string, kind: FailureKind, hint?: string): CheckOutcome => ({ id, outcome: 'failed', durationMs: 5, steps: ['Start', 'Ask'], failure: { kind, message: 'M', ...(hint !== undefined && { hint }) } });

function report(outcomes: CheckOutcome[], more: Partial<Grading> = {}) {
  return foldReport({ request: { exercise: { lab: '05', exercise } }, seed: 7, outcomes, done: { output: 'out', evidence: null }, failed: null, cancelled: false, end, durationMs: 9, ...more });
}

describe('a report', () => {
  it('of checks that passed has all points', () => {
    expect(report([passed('a'), passed('b')])).toMatchObject({ version: 1, lab: '05', exercise: 'shed-load', verdict: 'passed', points: 3, of: 3, seed: 7, output: 'out' });
  });

  it('gives a failure its steps and the text of its hint', () => {
    const { verdict, points, checks } = report([passed('a'), failed('b', 'wrong-answer', 'known')]);
    expect([verdict, points]).toEqual(['failed', 1]);
    expect(checks[1]).toMatchObject({ title: 'B', failure: { kind: 'wrong-answer', steps: ['Start', 'Ask'], hint: { id: 'known', text: 'Look there.' } } });
  });

  it('has a hint of its own for what any program may fail by, unless the check names one', () => {
    expect(report([failed('a', 'did-not-listen'), passed('b')]).checks[0]?.failure?.hint?.text).toContain('process.env.PORT');
    expect(report([failed('a', 'did-not-listen', 'known'), passed('b')]).checks[0]?.failure?.hint?.text).toBe('Look there.');
    for (const kind of ['syntax', 'crashed', 'hung', 'leaked'] as const) expect(report([failed('a', kind), passed('b')]).checks[0]?.failure?.hint?.id).toBe(kind);
    expect(report([failed('a', 'wrong-answer'), passed('b')]).checks[0]?.failure?.hint).toBeUndefined();
  });

  it('blames the lab for a hint that does not exist', () => {
    const { verdict, checks } = report([passed('a'), failed('b', 'wrong-answer', 'unknown')]);
    expect(verdict).toBe('our-fault');
    expect(checks[1]?.failure?.message).toMatch(/names the hint "unknown"/);
  });

  it.each([
    [['wrong-answer', 'unfit-machine'], 'failed'],
    [['unfit-machine', 'our-fault'], 'our-fault'],
    [['unfit-machine', null], 'unfit-machine'],
    [['syntax', null], 'failed'],
  ] as const)('of %j is %s', (kinds, verdict) => {
    expect(report(kinds.map((kind, i) => (kind ? failed('ab'[i]!, kind) : passed('ab'[i]!)))).verdict).toBe(verdict);
  });

  it('shows a check without an outcome as skipped', () => {
    expect(report([failed('a', 'did-not-listen')]).checks.map(({ outcome }) => outcome)).toEqual(['failed', 'skipped']);
  });

  it('of a grading that was cancelled is neither passed nor failed', () => {
    expect(report([passed('a')], { cancelled: true, done: null, end: { ...end, reason: 'cancelled' } })).toMatchObject({ verdict: 'cancelled', points: 1 });
  });

  it('of a runner that broke down says how, at the check it was at', () => {
    const { verdict, checks } = report([passed('a')], { done: null, end: { ...end, exitCode: 134, log: 'last words' } });
    expect(verdict).toBe('our-fault');
    expect(checks[0]?.outcome).toBe('passed');
    expect(checks[1]?.failure).toMatchObject({ kind: 'our-fault', stack: 'last words', message: expect.stringMatching(/exit code 134/) });
  });

  it('of a job that failed has its message, and the stack where it is a bug', () => {
    const human = report([], { done: null, failed: { type: 'failed', message: 'There is no file check.ts', human: true, stack: 'S' } });
    expect(human.checks[0]?.failure).toMatchObject({ kind: 'our-fault', message: expect.stringMatching(/not your fault: There is no file/) });
    expect(human.checks[0]?.failure?.stack).toBeUndefined();
    expect(report([], { done: null, failed: { type: 'failed', message: 'x', human: false, stack: 'S' } }).checks[0]?.failure?.stack).toBe('S');
  });

  it('of a program that took too much is the learner’s', () => {
    const { verdict, checks } = report([passed('a')], { done: null, end: { ...end, exitSignal: 'SIGKILL', exceeded: { what: 'memory', amount: 2 * 2 ** 30 } } });
    expect(verdict).toBe('failed');
    expect(checks[1]?.failure).toMatchObject({ kind: 'leaked', message: 'Your program used 2048 MiB of memory and was ended.', expected: 'at most 1024 MiB', actual: '2048 MiB' });
  });
});
