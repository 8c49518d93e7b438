import { beforeEach, describe, expect, it } from 'vitest';
import sinon from 'sinon';
import type * as vscode from 'vscode';
import type { Grading } from '../../../src/vscode/grading.ts';
import { Findings, rangeIn } from '../../../src/vscode/findings.ts';
import { tellRun } from '../../../src/vscode/testResults.ts';
import { exercise, failure, report } from './fixtures.ts';
import * as fake from './vscodeFake.ts';

const uri = fake.Uri.file('/home/me/backend-labs/01-test/fix-it.ts');
const text = 'const server = 1;\nserver.listen(1);\n';
const grading = (change: Partial<Grading> = {}): Grading => ({ exercise, uri: uri as unknown as vscode.Uri, text, report: report('failed'), by: 'command', ...change });
const found = (): fake.Diagnostic[] => fake.diagnostics.get(uri.toString()) ?? [];

let findings: Findings;
beforeEach(() => {
  fake.resetFake();
  findings = new Findings();
  return () => findings.dispose();
});

describe('what grading found', () => {
  it('stands at its line, with expected and seen, and with the hint as related information', () => {
    fake.openFake(uri, text);
    findings.show(grading());
    expect(found()).toHaveLength(1);
    expect(found()[0]).toMatchObject({ message: 'Two clients got no answer.\nexpected: 3 answers\nseen: 1 answer', severity: 0, source: 'Backend Labs', code: 'fix-it/answers' });
    expect(found()[0]?.range).toMatchObject({ start: { line: 1, character: 2 }, end: { line: 1, character: 8 } });
    expect(found()[0]?.relatedInformation?.map(({ message, location }) => [message, location.range.start.line])).toEqual([['The listener is made here.', 0], ['Hint: Look at listen().', 1]]);
  });

  it('goes at the next edit', () => {
    const document = fake.openFake(uri, text);
    findings.show(grading());
    document.edit(`${text}\n`);
    expect(found()).toEqual([]);
  });

  it('is not shown on text that was edited while it was graded', () => {
    fake.openFake(uri, `// new\n${text}`);
    findings.show(grading());
    expect(found()).toEqual([]);
  });

  it('is replaced by the next grading', () => {
    findings.show(grading());
    expect(found()).toHaveLength(1);
    findings.show(grading({ report: report('passed') }));
    expect(found()).toEqual([]);
  });

  it('warns, and accuses nobody, where nothing was decided', () => {
    findings.show(grading({ report: report('unfit-machine') }));
    expect(found()[0]?.severity).toBe(1);
  });
});

describe('a range of a report', () => {
  const lines = ['// a comment', '', 'import x;', ''];
  it('falls on the first line of code where the report names none', () => {
    expect(rangeIn(lines, undefined)).toMatchObject({ start: { line: 2, character: 0 }, end: { line: 2, character: 9 } });
  });
  it('stays inside the text', () => {
    expect(rangeIn(lines, { line: 90, column: 0, endLine: 95, endColumn: 2 })).toMatchObject({ start: { line: 3 }, end: { line: 3 } });
    expect(rangeIn([], undefined)).toMatchObject({ start: { line: 0 }, end: { line: 0 } });
  });
});

describe('a test run', () => {
  const item = (id: string): unknown => ({ id, children: new Map(['listens', 'answers'].map((check) => [`${id}/${check}`, { id: `${id}/${check}`, children: new Map() }])) });
  const tell = (change: Partial<Grading>) => {
    const run = { passed: sinon.stub(), failed: sinon.stub(), errored: sinon.stub(), skipped: sinon.stub(), appendOutput: sinon.stub() };
    tellRun(run as unknown as vscode.TestRun, item('01-test/fix-it') as vscode.TestItem, grading(change));
    return run;
  };

  it('gets each check with its duration, and a failure with expected, actual, place and hint', () => {
    const run = tell({});
    sinon.assert.calledOnceWithMatch(run.passed, { id: '01-test/fix-it/listens' }, 12);
    sinon.assert.calledOnceWithMatch(run.failed, { id: '01-test/fix-it/answers' }, { expectedOutput: '3 answers', actualOutput: '1 answer' }, 12);
    const message = run.failed.firstCall.args[1] as fake.TestMessage;
    expect(message.message).toBe('Two clients got no answer.\n\nHint: Look at listen().');
    expect(message.location?.range.start.line).toBe(1);
  });

  it('is told the steps and what the program printed, with the line ends that it wants', () => {
    const run = tell({ report: { ...report('failed'), output: 'one\ntwo\n' } });
    const output = run.appendOutput.getCalls().map(({ args }) => args[0] as string).join('');
    expect(output).toContain('1. connected\r\n2. waited\r\nTwo clients got no answer.\r\nexpected: 3 answers\r\nseen: 1 answer\r\nat /home/me/backend-labs/01-test/fix-it.ts:2:3\r\nHint: Look at listen().\r\n');
    expect(output).toContain('one\r\ntwo\r\n');
    expect(output).not.toMatch(/[^\r]\n/);
  });

  it('leads from the frames of a crash into the file', () => {
    const stack = 'RangeError: no\n    at Server.open (fix-it.ts:4:8)\n    at async Promise.all (fix-it.ts:6:1)\n    at fix-it.ts:9:2';
    const message = tell({ report: report('failed', { ...failure, kind: 'crashed', stack }) }).failed.firstCall.args[1] as fake.TestMessage;
    expect(message.stackTrace?.map(({ label, position }) => [label, position.line, position.character])).toEqual([['Server.open', 3, 7], ['Promise.all', 5, 0], ['at the top level', 8, 1]]);
  });

  it('errs, and does not fail, where nothing was decided', () => {
    const run = tell({ report: report('our-fault', { ...failure, kind: 'our-fault' }) });
    sinon.assert.notCalled(run.failed);
    sinon.assert.calledOnce(run.errored);
  });
});
