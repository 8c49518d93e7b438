import * as vscode from 'vscode';
import { COMMANDS, CONTEXTS } from './ids.ts';
import { setContext } from './contextKeys.ts';

interface Entry {
  text: string;
  readonly cancel: () => void;
}

/** Something under way, as long as it is not disposed. */
export interface Shown {
  say(text: string): void;
  dispose(): void;
}

/** What is under way, as a status bar item that cancels it: the newest is shown, the others follow. */
export class Activity implements vscode.Disposable {
  private readonly entries: Entry[] = [];
  private readonly item = vscode.window.createStatusBarItem('backendLabs.activity', vscode.StatusBarAlignment.Left, 10);

  constructor() {
    this.item.name = 'Backend Labs';
    this.item.command = COMMANDS.cancel;
  }

  /** Shows `text` until the handle is disposed. */
  begin(text: string, cancel: () => void): Shown {
    const entry: Entry = { text, cancel };
    this.entries.push(entry);
    this.show();
    return {
      say: (next) => {
        entry.text = next;
        this.show();
      },
      dispose: () => {
        const at = this.entries.indexOf(entry);
        if (at >= 0) this.entries.splice(at, 1);
        this.show();
      },
    };
  }

  cancelAll(): void {
    for (const { cancel } of [...this.entries]) cancel();
  }

  dispose(): void {
    this.cancelAll();
    this.item.dispose();
  }

  private show(): void {
    setContext(CONTEXTS.busy, this.entries.length > 0);
    const newest = this.entries.at(-1);
    if (!newest) return this.item.hide();
    this.item.text = `$(sync~spin) ${newest.text}`;
    this.item.tooltip = 'Backend Labs: click to cancel';
    this.item.accessibilityInformation = { label: `Backend Labs: ${newest.text}. Press to cancel.`, role: 'button' };
    this.item.show();
  }
}
