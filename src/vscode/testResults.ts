import * as vscode from 'vscode';
import type { CheckResult, Failure } from '../shared/report.ts';
import { stepsText } from './failureText.ts';
import { rangeIn } from './findings.ts';
import type { Grading } from './grading.ts';

/** Tells a test run what a grading came to: each check's outcome, how it came to it, and what the program printed. */
export function tellRun(run: vscode.TestRun, item: vscode.TestItem, grading: Grading): void {
  const { report } = grading;
  const lines = grading.text.split('\n');
  for (const check of report.checks) {
    const test = item.children.get(`${item.id}/${check.id}`) ?? item;
    append(run, test, `${check.outcome}: ${check.title}\n${stepsText(check.failure?.steps ?? check.steps)}\n`);
    tellCheck(run, test, check, report.verdict, (failure) => testMessages(failure, grading.uri, lines));
  }
  if (report.output !== '') append(run, item, `The program printed:\n${report.output}\n`);
  append(run, item, `${report.verdict}, ${report.points} of ${report.of} points, seed ${report.seed}\n`);
}

function tellCheck(run: vscode.TestRun, test: vscode.TestItem, check: CheckResult, verdict: Grading['report']['verdict'], messages: (failure: Failure) => vscode.TestMessage[]): void {
  if (check.outcome === 'passed') run.passed(test, check.durationMs);
  else if (check.outcome === 'skipped' || !check.failure) run.skipped(test);
  else if (verdict === 'failed') run.failed(test, messages(check.failure), check.durationMs);
  else run.errored(test, messages(check.failure), check.durationMs);
}

/**
 * The sentence, with expected and actual where there are both, at the line of the learner's file; and the hint as a message
 * of its own, since VS Code shows only the first line of a message that has a diff.
 */
function testMessages(failure: Failure, uri: vscode.Uri, lines: readonly string[]): vscode.TestMessage[] {
  const { message, expected, actual, hint, stack } = failure;
  const text = stack === undefined ? message : `${message}\n\n${stack}`;
  const told = expected !== undefined && actual !== undefined ? vscode.TestMessage.diff(text, expected, actual) : new vscode.TestMessage(text);
  told.location = new vscode.Location(uri, rangeIn(lines, failure.location));
  return hint ? [told, new vscode.TestMessage(`Hint: ${hint.text}`)] : [told];
}

function append(run: vscode.TestRun, test: vscode.TestItem, text: string): void {
  run.appendOutput(text.replace(/\r?\n/g, '\r\n'), undefined, test);
}
