import { HumanError } from '../shared/errors.ts';
import type { CommandId } from './ids.ts';

/** A button beside a message. Commands are ours or VS Code's own. */
export interface MessageAction {
  readonly title: string;
  readonly command: CommandId | `workbench.${string}`;
  readonly args?: readonly unknown[];
}

/** A HumanError with a button that does what its sentence says. */
export class ActionableError extends HumanError {
  constructor(
    message: string,
    readonly action: MessageAction,
  ) {
    super(message);
  }
}
