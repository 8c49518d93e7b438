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

/** True for a HumanError, also of another bundle: each has a class of its own. */
export function isHuman(error: unknown): error is HumanError {
  return error instanceof Error && error.name === 'HumanError';
}

/** The button that an error brings along, if any. */
export function actionOf(error: HumanError): MessageAction | undefined {
  return (error as Partial<ActionableError>).action;
}
