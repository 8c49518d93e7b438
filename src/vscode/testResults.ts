import * as vscode from 'vscode';
import type { CheckResult, Failure } from '../shared/report.ts';
import { failureText, stepsText } from './failureText.ts';
import { rangeIn } from './findings.ts';
import type { Grading } from './grading.ts';

/** Tells a test run what a grading came to: each check's outcome, how it came to it, and what the program printed. */
export function tellRun(run: vscode.TestRun, item: vscode.TestItem, grading: Grading): void {
  const { report } = grading;
  const lines = grading.text.split('\n');
  for (const check of report.checks) {
    const test = item.children.get(`${item.id}/${check.id}`) ?? item;
    // Where there is a diff, VS Code shows of the message only its first line: the hint stands here, too.
    const failure = check.failure ? `${failureText(check.failure)}\n${placeText(check.failure, grading.uri)}${check.failure.hint ? `Hint: ${check.failure.hint.text}\n` : ''}` : '';
    append(run, test, `${check.outcome}: ${check.title}\n${stepsText(check.failure?.steps ?? check.steps)}\n${failure}`);
    tellCheck(run, test, check, report.verdict, (failure) => testMessage(failure, grading.uri, lines));
  }
  if (report.output !== '') append(run, undefined, `The program printed:\n${report.output}\n`);
  append(run, undefined, `${report.verdict}, ${report.points} of ${report.of} points, seed ${report.seed}\n`);
}

function tellCheck(run: vscode.TestRun, test: vscode.TestItem, check: CheckResult, verdict: Grading['report']['verdict'], message: (failure: Failure) => vscode.TestMessage): void {
  if (check.outcome === 'passed') run.passed(test, check.durationMs);
  else if (check.outcome === 'skipped' || !check.failure) run.skipped(test);
  else if (verdict === 'failed') run.failed(test, message(check.failure), check.durationMs);
  else run.errored(test, message(check.failure), check.durationMs);
}

/** The sentence and its hint, with expected and actual where there are both, at the line of the learner's file. */
function testMessage(failure: Failure, uri: vscode.Uri, lines: readonly string[]): vscode.TestMessage {
  const { message, expected, actual, hint, stack } = failure;
  const text = [message, ...(hint ? [`Hint: ${hint.text}`] : [])].join('\n\n');
  const told = expected !== undefined && actual !== undefined ? vscode.TestMessage.diff(text, expected, actual) : new vscode.TestMessage(text);
  told.location = new vscode.Location(uri, rangeIn(lines, failure.location));
  if (stack !== undefined) told.stackTrace = framesOf(stack, uri);
  return told;
}

/** The frames of a stack, which are all of the learner's file, as links into it. */
function framesOf(stack: string, uri: vscode.Uri): vscode.TestMessageStackFrame[] {
  return stack.split('\n').flatMap((text) => {
    const [, name = 'at the top level', line, column] = /^\s+at (?:async )?(?:([^(]+) \()?[^()]*:(\d+):(\d+)\)?$/.exec(text) ?? [];
    return line === undefined ? [] : [new vscode.TestMessageStackFrame(name, uri, new vscode.Position(Number(line) - 1, Number(column) - 1))];
  });
}

/** Where it is, as the output makes a link of it. */
function placeText({ location }: Failure, uri: vscode.Uri): string {
  return location ? `at ${uri.fsPath}:${location.line + 1}:${location.column + 1}\n` : '';
}

function append(run: vscode.TestRun, test: vscode.TestItem | undefined, text: string): void {
  run.appendOutput(text.replace(/\r?\n/g, '\r\n'), undefined, test);
}
