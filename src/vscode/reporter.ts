import * as vscode from 'vscode';
import { messageOf } from '../shared/errors.ts';
import { actionOf, isHuman, type MessageAction } from './actionableError.ts';
import { COMMANDS } from './ids.ts';

const SHOW_LOG: MessageAction = { title: 'Show Log', command: COMMANDS.showLog };

/** Tells errors to people: a HumanError as its sentence, a bug as one sentence with the log, a cancellation not at all. */
export class Reporter {
  constructor(readonly log: vscode.LogOutputChannel) {}

  /** One sentence for a person. A bug is logged with its stack; `doing` says what failed. */
  sentence(error: unknown, doing: string): string {
    if (isHuman(error)) return error.message;
    this.log.error(`${doing}: ${error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}`);
    return `${doing} failed because of a fault in Backend Labs itself; the log has the details.`;
  }

  /** Shows the error without waiting for the message to be closed. */
  show(error: unknown, doing: string): void {
    if (isCancellation(error)) return;
    const sentence = this.sentence(error, doing);
    const action = isHuman(error) ? actionOf(error) : SHOW_LOG;
    offer(vscode.window.showErrorMessage, sentence, action ? [action] : []);
  }

  /** Runs `work`; what it throws is shown, and undefined returned. */
  async guard<T>(doing: string, work: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.show(error, doing);
      return undefined;
    }
  }
}

/** True for what an AbortSignal or a CancellationToken throws. */
export function isCancellation(error: unknown): boolean {
  return error instanceof vscode.CancellationError || (error instanceof Error && error.name === 'AbortError');
}

type Show = (message: string, ...items: string[]) => Thenable<string | undefined>;

/** Shows a message with buttons and returns at once; the button chosen runs its command. */
export function offer(show: Show, message: string, actions: readonly MessageAction[]): void {
  void show(message, ...actions.map((action) => action.title)).then((chosen) => {
    const action = actions.find((candidate) => candidate.title === chosen);
    return action && vscode.commands.executeCommand(action.command, ...(action.args ?? []));
  });
}
