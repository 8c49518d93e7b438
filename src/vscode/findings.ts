import * as vscode from 'vscode';
import type { Location } from '../shared/report.ts';
import { failures, failureText, shortText } from './failureText.ts';
import type { Grading } from './grading.ts';
import { SETTINGS } from './ids.ts';
import { openDocument } from './learnerDocument.ts';
import { onSettingChange, setting } from './settings.ts';

interface Inline {
  readonly line: number;
  readonly text: string;
}

/** What grading found, at its lines of the learner's file: in Problems and at the end of the line, until the next edit. */
export class Findings implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('backendLabs');
  private readonly decoration = vscode.window.createTextEditorDecorationType({
    after: { margin: '0 0 0 2em', color: new vscode.ThemeColor('editorError.foreground'), fontStyle: 'italic' },
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedOpen,
  });
  private readonly inline = new Map<string, readonly Inline[]>();
  private readonly listeners = [
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) this.clear(document.uri);
    }),
    vscode.window.onDidChangeVisibleTextEditors(() => this.decorate()),
    onSettingChange(SETTINGS.inlineMessages, () => this.decorate()),
  ];

  /** Replaces what was shown for the file. Text that was edited while it was graded gets nothing: its lines have moved. */
  show({ exercise, uri, text, report }: Grading): void {
    const document = openDocument(uri);
    if (document && document.getText() !== text) return this.clear(uri);
    const lines = text.split('\n');
    const found = failures(report).map(({ check, failure }) => {
      const range = rangeIn(lines, failure.location);
      const diagnostic = new vscode.Diagnostic(range, failureText(failure), severityOf(report.verdict));
      diagnostic.source = 'Backend Labs';
      diagnostic.code = `${exercise.exercise.id}/${check.id}`;
      const related = (failure.related ?? []).map((one) => new vscode.DiagnosticRelatedInformation(new vscode.Location(uri, rangeIn(lines, one.location)), one.message));
      const hint = failure.hint ? [new vscode.DiagnosticRelatedInformation(new vscode.Location(uri, range), `Hint: ${failure.hint.text}`)] : [];
      diagnostic.relatedInformation = [...related, ...hint];
      return { diagnostic, inline: { line: range.start.line, text: shortText(failure) } };
    });
    this.collection.set(uri, found.map(({ diagnostic }) => diagnostic));
    this.inline.set(uri.toString(), found.map(({ inline }) => inline));
    this.decorate();
  }

  clear(uri: vscode.Uri): void {
    if (!this.inline.delete(uri.toString())) return;
    this.collection.delete(uri);
    this.decorate();
  }

  dispose(): void {
    for (const listener of this.listeners) listener.dispose();
    this.decoration.dispose();
    this.collection.dispose();
  }

  private decorate(): void {
    const shown = setting(SETTINGS.inlineMessages);
    for (const editor of vscode.window.visibleTextEditors) {
      const messages = (shown && this.inline.get(editor.document.uri.toString())) || [];
      editor.setDecorations(this.decoration, messages.filter(firstAtItsLine).flatMap((message) => decorationAt(editor.document, message)));
    }
  }
}

function firstAtItsLine(message: Inline, i: number, all: readonly Inline[]): boolean {
  return all.findIndex(({ line }) => line === message.line) === i;
}

function decorationAt(document: vscode.TextDocument, { line, text }: Inline): vscode.DecorationOptions[] {
  if (line >= document.lineCount) return [];
  const { end } = document.lineAt(line).range;
  return [{ range: new vscode.Range(end, end), renderOptions: { after: { contentText: text } } }];
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
