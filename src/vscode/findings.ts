import * as vscode from 'vscode';
import type { Location } from '../shared/report.ts';
import { failures, failureText } from './failureText.ts';
import type { Grading } from './grading.ts';
import { openDocument } from './learnerDocument.ts';

/** What grading found, at its lines of the learner's file, until the next edit. The end of the line is the Test Explorer's. */
export class Findings implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('backendLabs');
  private readonly listener = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
    if (contentChanges.length > 0) this.collection.delete(document.uri);
  });

  /** Replaces what was shown for the file. Text that was edited while it was graded gets nothing: its lines have moved. */
  show({ exercise, uri, text, report }: Grading): void {
    const document = openDocument(uri);
    if (document && document.getText() !== text) return this.collection.delete(uri);
    const lines = text.split('\n');
    const found = failures(report).map(({ check, failure }) => {
      const range = rangeIn(lines, failure.location);
      const diagnostic = new vscode.Diagnostic(range, failureText(failure), severityOf(report.verdict));
      diagnostic.source = 'Backend Labs';
      diagnostic.code = `${exercise.exercise.id}/${check.id}`;
      const related = (failure.related ?? []).map((one) => new vscode.DiagnosticRelatedInformation(new vscode.Location(uri, rangeIn(lines, one.location)), one.message));
      const hint = failure.hint ? [new vscode.DiagnosticRelatedInformation(new vscode.Location(uri, range), `Hint: ${failure.hint.text}`)] : [];
      diagnostic.relatedInformation = [...related, ...hint];
      return diagnostic;
    });
    this.collection.set(uri, found);
  }

  dispose(): void {
    this.listener.dispose();
    this.collection.dispose();
  }
}

function severityOf(verdict: Grading['report']['verdict']): vscode.DiagnosticSeverity {
  return verdict === 'failed' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning;
}

/** A report's range inside these lines; without one, the first line with code on it. */
export function rangeIn(lines: readonly string[], location: Location | undefined): vscode.Range {
  const first = Math.max(0, lines.findIndex((line) => /\S/.test(line) && !/^\s*(\/\/|\/?\*)/.test(line)));
  const { line, column, endLine, endColumn } = location ?? { line: first, column: 0, endLine: first, endColumn: (lines[first] ?? '').trimEnd().length };
  const last = Math.max(0, lines.length - 1);
  return new vscode.Range(Math.min(line, last), column, Math.min(endLine, last), endColumn);
}
